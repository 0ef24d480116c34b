"""Who carries a batch on: one process at a time. It takes the batch, shows after each item that it lives, and lets go.

Another tab, another process or another press of the button finds it taken; when the process dies, its beats stop and
the batch can be taken again. Beats are by the machine's clock: the office's may be moved in a drill.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.batches.batch import SILENCE
from engine.batches.errors import BatchOver, BatchRunning
from engine.storage.tables import batch


def take(conn: Connection, batch_id: UUID, at: datetime) -> UUID:
    """→ the runner's token. Raises BatchRunning or BatchOver."""
    now, runner = datetime.now(UTC), uuid4()
    silent = sa.or_(batch.c.beat_at.is_(None), batch.c.beat_at < now - SILENCE)
    free = sa.or_(batch.c.status.in_(["draft", "stopped"]), sa.and_(batch.c.status == "running", silent))
    values = {"status": "running", "runner": runner, "beat_at": now, "why": None}
    taken = batch.update().where(batch.c.id == batch_id, free)
    started = sa.func.coalesce(batch.c.started_at, sa.bindparam("started", at, type_=batch.c.started_at.type))
    if conn.execute(taken.values(**values, started_at=started)).rowcount:
        return runner
    status = conn.scalar(sa.select(batch.c.status).where(batch.c.id == batch_id))
    raise BatchOver() if status == "done" else BatchRunning()


def beat(conn: Connection, batch_id: UUID, runner: UUID) -> bool:
    """Still ours? False: stopped by its person, or taken by another who thought us dead."""
    return bool(conn.execute(_held(batch_id, runner).values(beat_at=datetime.now(UTC))).rowcount)


def let_go(conn: Connection, batch_id: UUID, runner: UUID, at: datetime, why: str | None = None) -> None:
    """Done; or stopped, when there is something to say. Nothing when it is not ours any more."""
    values = {"status": "stopped", "why": why} if why else {"status": "done", "finished_at": at}
    conn.execute(_held(batch_id, runner).values(**values, runner=None))


def stop(conn: Connection, batch_id: UUID, why: str) -> None:
    """By its person: the item at hand ends, no other begins."""
    conn.execute(
        batch.update()
        .where(batch.c.id == batch_id, batch.c.status == "running")
        .values(status="stopped", why=why, runner=None)
    )


def _held(batch_id: UUID, runner: UUID) -> sa.Update:
    return batch.update().where(batch.c.id == batch_id, batch.c.runner == runner, batch.c.status == "running")
