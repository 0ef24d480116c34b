"""The durable queue: what a command asks for runs after its commit, once or again, by some worker, also after a crash.

``cases`` enqueues inside its transaction. A job may run twice (by a worker that was thought dead), so its effects carry
its key. See docs/decisions/0006-jobs.md.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from engine.config import Config
from engine.jobs import record
from engine.storage.unit_of_work import Database


class Queue:
    def __init__(self, database: Database, config: Config) -> None:
        self.database = database
        self.concurrency = config.worker_concurrency

    def enqueue(self, conn: Connection, key: str, *, round: int = 0, delay_seconds: float = 0) -> None:
        """Let the job run once the caller's transaction commits. Its new row is itself the message: only a repetition
        (``round``) or a delay is written."""
        if round or delay_seconds:
            record.wait_again(conn, key, _in(delay_seconds) if delay_seconds else None)

    def put_off(self, conn: Connection, key: str, *, attempts: int, error: str, delay_seconds: float) -> None:
        """After a failure that may pass: let the job run again after a while. Nothing when it is no longer queued."""
        record.put_off(conn, key, attempts=attempts, error=error, ready_at=_in(delay_seconds))


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
