"""Count a case's terms and dates again, because the calendar changed (N-1). Old and new stay on record, and
who asked is told when the promise moved.

``reschedule_open_cases`` goes over every open case, one short transaction each, and may be interrupted and repeated:
what was counted already does not move again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases import project
from engine.cases.engine import Engine, Receipt
from engine.cases.record import record
from engine.cases.step import Step, nothing, open_step
from engine.errors import CartularioError, CaseClosed, Unavailable
from engine.storage.search import place_key
from engine.storage.tables import case, person

log = logging.getLogger(__name__)

NOTICE = "plazo_movido.txt"


@dataclass(frozen=True, slots=True)
class RescheduleTerms:
    case_id: UUID
    actor: UUID | None
    reason: str


def reschedule_terms(command: RescheduleTerms, engine: Engine) -> Receipt:
    now = engine.clock.now()
    with engine.database.write() as conn:
        step = open_step(conn, engine, command.case_id, now)
        terms = step.office.recompute()
        advance = step.execution.reschedule(now, step.office)
        if not terms and not advance.rescheduled:
            step.office.save()  # a pause that grew shorter moves no date
            return nothing(step.row)
        receipt = record(
            step, "terms_rescheduled", advance, {"terms": terms, "reason": command.reason}, actor=command.actor
        )
        if receipt.due_at != step.row.due_at:
            _tell(step, receipt, command.reason)
        return receipt


def _tell(step: Step, receipt: Receipt, reason: str) -> None:
    """By mail, in the process's words or in the house's; the status page says it in any case."""
    bundle, decided = step.definition.bundle, step.definition.manifest.service
    template = bundle.words(NOTICE)
    if step.row.requester_id is None or template is None or not decided.tells_moves:
        return
    dates = {"antes": _iso(step.row.due_at), "ahora": _iso(receipt.due_at), "motivo": reason}
    parameters = {"template": template, "to": project.REQUESTER, "data": dates}
    project.notify(step, f"plazo_movido-{receipt.event}", "send_mail", parameters)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")


def reschedule_open_cases(
    engine: Engine, actor: UUID | None, reason: str, places: Collection[str] | None = None
) -> int:
    """How many cases moved. ``places``: only those of people there, when no other can move. A case that cannot be
    counted again keeps no other waiting: its failure is raised when all were looked at."""
    query = sa.select(case.c.id, person.c.place).outerjoin(person, person.c.id == case.c.requester_id)
    with engine.database.read() as conn:
        rows = conn.execute(query.where(case.c.status == "open").order_by(case.c.opened_at, case.c.id)).all()
    wanted = None if places is None else {place_key(place) for place in places}
    open_cases = [row.id for row in rows if wanted is None or place_key(row.place) in wanted]
    moved = 0
    failed: CartularioError | None = None
    for case_id in open_cases:
        try:
            moved += reschedule_terms(RescheduleTerms(case_id, actor, reason), engine).event is not None
        except CaseClosed:
            continue
        except Unavailable:  # for one, for all
            raise
        except CartularioError as failure:
            log.exception("case %s could not be counted again", case_id)
            failed = failure
    if failed is not None:
        raise failed
    return moved
