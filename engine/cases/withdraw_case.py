"""The requester takes the request back. Possible until the element named in ``retiro_hasta`` completes (a signature:
until it signs, a return is none), and again while the request is back with its requester and nothing else goes on; and
while anything is owed: a request whose every product is ready is over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import project
from engine.cases.access import require_requester
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import REQUESTER
from engine.cases.record import record
from engine.cases.step import open_step
from engine.definitions import Definition
from engine.errors import InvalidAnswers, NotWithdrawable
from engine.storage.tables import event, job, task, term, wait

MAX_REASON = 1_000  # characters
NOTICE = "retiro.txt"  # the mail that tells the requester, in the process's words or in the house's


@dataclass(frozen=True, slots=True)
class WithdrawCase:
    case_id: UUID
    actor: UUID
    reason: str
    request_id: UUID


def withdraw_case(command: WithdrawCase, engine: Engine) -> Receipt:
    """Raises ``NotFound``, ``CaseClosed``, ``NotWithdrawable``, ``InvalidAnswers`` (no reason, or too long)."""
    return once(
        engine,
        command.request_id,
        "case_withdrawn",
        lambda: _withdraw(command, engine),
        same=lambda earlier: earlier.actor == command.actor and earlier.id == command.case_id,
    )


def _withdraw(command: WithdrawCase, engine: Engine) -> Receipt:
    reason = command.reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidAnswers({"reason": f"Diga por qué retira la solicitud, en {MAX_REASON} letras o menos."})
    now = engine.clock.now()
    with engine.database.write() as conn:
        step = open_step(conn, engine, command.case_id, now)
        require_requester(step, command.actor)
        if not may_withdraw(conn, command.case_id, step.definition):
            raise NotWithdrawable()
        advance = step.execution.withdraw(now, step.office)
        receipt = record(
            step, "case_withdrawn", advance, {"reason": reason}, actor=command.actor, request_id=command.request_id
        )
        if (template := step.definition.bundle.words(NOTICE)) is not None:
            data = {"template": template, "to": REQUESTER, "data": {"motivo": reason}}
            project.notify(step, "retiro", "send_mail", data)
        return receipt


def may_withdraw(conn: Connection, case_id: UUID, definition: Definition) -> bool:
    """Of an open case."""
    limit = definition.manifest.data.withdraw_until
    over = limit is not None and _passed(conn, case_id, limit) and not _is_back(conn, case_id)
    return not over and not _all_ready(conn, case_id)


def _is_back(conn: Connection, case_id: UUID) -> bool:
    """Whether all that the case waits for is its requester's own answer: it was returned, whoever decided it."""
    mine = (task.c.case_id == case_id) & (task.c.status == "open")
    found = dict(conn.execute(sa.select(task.c.id, task.c.role).where(mine)).all())
    if not found or set(found.values()) != {REQUESTER}:
        return False
    others = (wait.c.case_id == case_id) & sa.or_(wait.c.watches.is_(None), wait.c.watches.not_in(found))
    working = (job.c.case_id == case_id) & (job.c.task_id != case_id) & job.c.status.in_(("queued", "failed"))
    return not conn.scalar(sa.select(sa.or_(sa.exists().where(others), sa.exists().where(working))))


def _passed(conn: Connection, case_id: UUID, element: str) -> bool:
    """Whether a person completed that element; one that asks for a signature, whether they signed."""
    query = sa.select(event.c.data).where(
        event.c.case_id == case_id, event.c.kind == "task_completed", event.c.element == element
    )
    return any(json.loads(data).get("signed", True) for data in conn.scalars(query))


def _all_ready(conn: Connection, case_id: UUID) -> bool:
    ready = conn.scalars(sa.select(term.c.met_at.is_not(None)).where(term.c.case_id == case_id)).all()
    return bool(ready) and all(ready)
