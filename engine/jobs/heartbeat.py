"""Which workers live: a row each, refreshed every few seconds. The jobs of a silent one are taken over by another."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import worker

BEAT = 3.0  # seconds between heartbeats
SILENCE = timedelta(
    seconds=12
)  # after which a worker counts as dead: with the next beat, its jobs run again within 30 s


def beat(conn: Connection, executor_id: str, now: datetime) -> None:
    row = worker.c.executor_id == executor_id
    if conn.execute(worker.update().where(row).values(seen_at=now, stopped_at=None)).rowcount == 0:
        conn.execute(worker.insert().values(executor_id=executor_id, started_at=now, seen_at=now))


def say_goodbye(conn: Connection, executor_id: str, now: datetime) -> None:
    conn.execute(worker.update().where(worker.c.executor_id == executor_id).values(seen_at=now, stopped_at=now))


def silent(conn: Connection, now: datetime) -> list[tuple[str, datetime]]:
    rows = conn.execute(
        sa.select(worker.c.executor_id, worker.c.seen_at).where(
            worker.c.stopped_at.is_(None), worker.c.seen_at < now - SILENCE
        )
    )
    return [(row.executor_id, row.seen_at) for row in rows]


def claim_silent(conn: Connection, executor_id: str, seen_at: datetime, now: datetime) -> bool:
    """Only one of several survivors inherits; should it die too, the row falls silent again and the next one does."""
    taken = conn.execute(
        worker.update()
        .where(worker.c.executor_id == executor_id, worker.c.seen_at == seen_at, worker.c.stopped_at.is_(None))
        .values(seen_at=now)
    )
    return taken.rowcount == 1


def forget_stopped(conn: Connection, before: datetime) -> None:
    conn.execute(worker.delete().where(worker.c.stopped_at < before))
