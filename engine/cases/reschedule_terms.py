"""Count a case's terms and dates again, because the calendar changed (N-1). Old and new stay on record.

``reschedule_open_cases`` goes over every open case, one short transaction each, and may be interrupted and repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.cases.engine import Engine, Receipt
from engine.cases.step import nothing, open_step
from engine.errors import CaseClosed
from engine.storage.tables import case


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
            return nothing(step.row)
        return step.record(
            "terms_rescheduled", advance, {"terms": terms, "reason": command.reason}, actor=command.actor
        )


def reschedule_open_cases(engine: Engine, actor: UUID | None, reason: str) -> int:
    """How many cases moved."""
    with engine.database.read() as conn:
        open_cases = conn.scalars(sa.select(case.c.id).where(case.c.status == "open").order_by(case.c.opened_at)).all()
    moved = 0
    for case_id in open_cases:
        try:
            moved += reschedule_terms(RescheduleTerms(case_id, actor, reason), engine).event is not None
        except CaseClosed:
            continue
    return moved
