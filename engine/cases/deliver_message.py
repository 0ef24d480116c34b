"""Hand a message to the one case that waits for it, by name and correlation.

Called by the API, the mail reader and by a case that sends to another. A message that nobody waits for is an error for
whoever sent it: it is never kept for later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.record import record
from engine.cases.step import open_step
from engine.errors import CaseClosed, NobodyWaits
from engine.storage.tables import wait


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    message: str
    correlation: str
    payload: Any
    request_id: UUID
    actor: UUID | None = None


def deliver_message(command: DeliverMessage, engine: Engine) -> Receipt:
    """Raises ``NobodyWaits``."""
    return once(
        engine,
        command.request_id,
        "message_delivered",
        lambda: _deliver(command, engine),
        same=lambda earlier: earlier.actor == command.actor and _is_same(command, json.loads(earlier.data)),
    )


def _is_same(command: DeliverMessage, earlier: dict[str, Any]) -> bool:
    return bool(earlier["message"] == command.message and earlier["payload"] == command.payload)


def _deliver(command: DeliverMessage, engine: Engine) -> Receipt:
    now = engine.clock.now()
    mine = (
        (wait.c.kind == "message") & (wait.c.message == command.message) & (wait.c.correlation == command.correlation)
    )
    with engine.database.write() as conn:
        case_id = conn.scalar(sa.select(wait.c.case_id).where(mine))
        if case_id is None:
            raise NobodyWaits()
        try:
            step = open_step(conn, engine, case_id, now)
        except CaseClosed as error:
            raise NobodyWaits() from error
        found = conn.execute(sa.select(wait.c.task_id, wait.c.n, wait.c.element).where(mine)).one_or_none()
        if found is None:
            raise NobodyWaits()
        advance = step.execution.deliver(found.task_id, found.n, command.payload, now, step.office)
        given = {"message": command.message, "task": str(found.task_id), "n": found.n, "payload": command.payload}
        return record(
            step,
            "message_delivered",
            advance,
            given,
            element=found.element,
            actor=command.actor,
            request_id=command.request_id,
        )
