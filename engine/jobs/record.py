"""The ``job`` table: the record of what is to be done, and the message that asks for it.

A row with status ``queued`` and no ``handed_at`` is waiting: it becomes visible when the transaction that wrote it
commits, and vanishes with it when it rolls back. No other message is written, so enqueuing costs a command nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case, job

_WAITING = (job.c.status == "queued", job.c.handed_at.is_(None))


@dataclass(frozen=True, slots=True)
class Job:
    key: str
    task_id: UUID  # the case's own id when no task waits for it
    case_id: UUID
    case_number: str
    process: str
    version_id: UUID
    requester_id: UUID | None
    element: str
    operation: str
    parameters: dict[str, Any]
    status: str
    attempts: int
    round: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One handing over of a job to the queue."""

    key: str
    n: int

    @property
    def workflow_id(self) -> str:
        return f"{self.key}#{self.n}"


_LOAD = (
    sa.select(
        job.c.key,
        job.c.task_id,
        job.c.case_id,
        case.c.number.label("case_number"),
        case.c.process,
        case.c.version_id,
        case.c.requester_id,
        job.c.element,
        job.c.operation,
        job.c.parameters,
        job.c.status,
        job.c.attempts,
        job.c.round,
        job.c.created_at,
    )
    .join(case, case.c.id == job.c.case_id)
    .where(job.c.key == sa.bindparam("job_key"))
)


def load_job(conn: Connection, key: str) -> Job | None:
    row = conn.execute(_LOAD, {"job_key": key}).one_or_none()
    return Job(**row._mapping) if row else None


def queued_jobs(conn: Connection) -> list[str]:
    """The keys of those that nobody has done."""
    return list(conn.scalars(sa.select(job.c.key).where(job.c.status == "queued").order_by(job.c.key)))


def put_off(conn: Connection, key: str, *, attempts: int, error: str, ready_at: datetime) -> None:
    """After a failure that may pass: let the job wait until ``ready_at``. Nothing when it is no longer queued."""
    conn.execute(
        job.update()
        .where(job.c.key == key, job.c.status == "queued")
        .values(attempts=attempts, error=error, ready_at=ready_at, handed_at=None)
    )


def wait_again(conn: Connection, key: str, ready_at: datetime | None) -> None:
    conn.execute(job.update().where(job.c.key == key).values(ready_at=ready_at, handed_at=None))


def any_waiting(conn: Connection, now: datetime) -> bool:
    return conn.execute(sa.select(job.c.key).where(*_WAITING, _ready(now)).limit(1)).first() is not None


def take_waiting(conn: Connection, now: datetime, limit: int) -> list[Turn]:
    """Mark the oldest waiting jobs as handed over. On PostgreSQL each relay skips what another holds."""
    keys = conn.scalars(
        sa.select(job.c.key)
        .where(*_WAITING, _ready(now))
        .order_by(job.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not keys:
        return []
    rows = conn.execute(
        job.update()
        .where(job.c.key.in_(keys))
        .values(handed_at=now, turn=job.c.turn + 1)
        .returning(job.c.key, job.c.turn)
    ).all()
    order = {key: place for place, key in enumerate(keys)}
    return sorted((Turn(row.key, row.turn) for row in rows), key=lambda turn: order[turn.key])


def handed_before(conn: Connection, instant: datetime, limit: int) -> list[Turn]:
    """Jobs that the queue took before ``instant`` and that have no result yet."""
    rows = conn.execute(
        sa.select(job.c.key, job.c.turn)
        .where(job.c.status == "queued", job.c.handed_at < instant)
        .order_by(job.c.handed_at)
        .limit(limit)
    )
    return [Turn(row.key, row.turn) for row in rows]


def give_back(conn: Connection, turns: Sequence[Turn]) -> None:
    """The queue lost these: let them be taken again, unless they were meanwhile."""
    for turn in turns:
        conn.execute(
            job.update()
            .where(job.c.key == turn.key, job.c.turn == turn.n, job.c.status == "queued")
            .values(handed_at=None)
        )


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(job.c.ready_at.is_(None), job.c.ready_at <= now)
