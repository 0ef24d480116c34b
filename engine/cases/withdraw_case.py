"""The requester takes the request back. Possible until the element named in ``retiro_hasta`` (the signature)
completes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.cases import project
from engine.cases.access import require_requester
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import REQUESTER
from engine.cases.step import Step, open_step
from engine.errors import InvalidAnswers, NotWithdrawable
from engine.storage.tables import event

MAX_REASON = 1_000  # characters
NOTICE = "retiro.txt"  # the mail that tells the requester, when the process has one


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
        if not may_withdraw(step):
            raise NotWithdrawable()
        advance = step.execution.withdraw(now, step.office)
        receipt = step.record(
            "case_withdrawn", advance, {"reason": reason}, actor=command.actor, request_id=command.request_id
        )
        if step.definition.bundle.has(NOTICE):
            data = {"template": NOTICE, "to": REQUESTER, "data": {"motivo": reason}}
            project.notify(step, "retiro", "send_mail", data)
        return receipt


def may_withdraw(step: Step) -> bool:
    limit = step.definition.manifest.data.withdraw_until
    return limit is None or not has_completed(step.conn, step.row.id, limit)


def has_completed(conn: Any, case_id: UUID, element: str) -> bool:
    """Whether a person completed that element in this case."""
    query = sa.select(event.c.n).where(
        event.c.case_id == case_id, event.c.kind == "task_completed", event.c.element == element
    )
    return conn.execute(query.limit(1)).first() is not None
