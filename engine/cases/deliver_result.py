"""The result of a job completes its service task. Called by the worker; a second result is refused quietly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine, Receipt
from engine.cases.record import record
from engine.cases.step import open_step
from engine.errors import TaskNotOpen
from engine.storage.tables import incident, job

_JOB = sa.select(
    job.c.key, job.c.case_id, job.c.task_id, job.c.element, job.c.operation, job.c.status, job.c.attempts
).where(job.c.key == sa.bindparam("the_key"))
_FINISH = job.update().where(job.c.key == sa.bindparam("the_key"))

_SETTLE = incident.update().where(incident.c.job_key == sa.bindparam("the_key"), incident.c.status == "open")


@dataclass(frozen=True, slots=True)
class DeliverResult:
    job_key: str
    result: Mapping[str, Any]


def deliver_result(command: DeliverResult, engine: Engine) -> Receipt:
    """Raises ``TaskNotOpen`` when the job is not waited for any more."""
    now = engine.clock.now()
    with engine.database.write() as conn:
        return finish_job(conn, engine, command.job_key, dict(command.result), "result_delivered", now, {}, None)


def finish_job(
    conn: Connection,
    engine: Engine,
    key: str,
    result: dict[str, Any],
    kind: str,
    now: Any,
    given: Mapping[str, Any],
    actor: UUID | None,
    request_id: UUID | None = None,
) -> Receipt:
    """Complete the job's service task with a result, from its operation or from who resolves its incident."""
    step = open_step(conn, engine, key, now, of="job")
    row = conn.execute(_JOB, {"the_key": key}).one()
    if row.status in ("done", "cancelled"):
        raise TaskNotOpen("Ese trabajo ya terminó.")
    if row.status == "failed":  # by a worker that was thought dead, after another gave up
        conn.execute(_SETTLE, {"the_key": key, "status": "obsolete", "closed_at": now})
    conn.execute(_FINISH, {"the_key": key, "status": "done", "result": result, "finished_at": now, "error": None})
    advance = step.execution.finish_call(row.task_id, result, now, step.office)
    return record(
        step,
        kind,
        advance,
        {"job": key, "task": str(row.task_id), "operation": row.operation, "result": result, **given},
        element=row.element,
        actor=actor,
        request_id=request_id,
    )


def finish_message(key: str, engine: Engine) -> None:
    """A job that no task waits for is done: a message was handed over, or a notice left."""
    with engine.database.write() as conn:
        conn.execute(_FINISH, {"the_key": key, "status": "done", "finished_at": engine.clock.now()})
