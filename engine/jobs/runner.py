"""DBOS, and everything that knows it: who runs which job, with how many threads, and who inherits from the dead.

DBOS keeps its own tables beside ours (schema ``dbos`` on PostgreSQL, the same file on SQLite), made by the first
worker that starts. On SQLite its bookkeeping is not fsynced: what a power cut takes from it is done again, and the
``job`` row, which is fsynced, tells whether there was anything left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from sqlalchemy import Connection, Engine, event

from engine.jobs.record import Turn
from engine.storage.unit_of_work import Database

QUEUE = "jobs"
WORKFLOW = "job"
VERSION = "1"  # of what is handed over, a job's key: a new release of Cartulario runs the jobs of the old one
POLL = 0.4  # seconds
PREFETCH = 6  # jobs claimed per thread, so that threads do not idle between two polls
PATIENCE = 20  # seconds that a stopping worker gives to jobs that run
LIVING = ("ENQUEUED", "PENDING", "DELAYED")
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Runner:
    """A context: inside it, jobs that were handed over run."""

    def __init__(self, database: Database, run: Callable[[str], None], executor_id: str, concurrency: int) -> None:
        self._executor_id = executor_id
        self._concurrency = concurrency
        self._run = run
        self._engine = _engine(database, concurrency)
        self._url = database.url.render_as_string(hide_password=False)

    def __enter__(self) -> Runner:
        config: DBOSConfig = {
            "name": "cartulario",
            "system_database_url": self._url,
            "system_database_engine": self._engine,
            "executor_id": self._executor_id,
            "application_version": VERSION,
            "log_level": "WARNING",
            "use_listen_notify": False,
            "max_executor_threads": self._concurrency,
        }
        DBOS(config=config)
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=1_000)(self._run)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._concurrency * PREFETCH,
            polling_interval_sec=POLL,
            on_conflict="always_update",
        )
        self._client = DBOSClient(system_database_engine=self._engine)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=PATIENCE)
        self.inherit(self._executor_id)  # what did not finish in time is left to the others
        self._client.destroy()
        self._engine.dispose()

    def hand_over(self, conn: Connection, turns: Iterable[Turn]) -> None:
        """In the caller's transaction: handed over and marked so, or neither."""
        for turn in turns:
            options: EnqueueOptions = {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "app_version": VERSION,
                "workflow_id": turn.workflow_id,
            }
            self._client.enqueue_in_transaction(conn, options, turn.key)

    def running(self, executor_id: str) -> list[str]:
        """What an executor claimed and has not finished."""
        return [
            status.workflow_id
            for status in self._client.list_workflows(
                status="PENDING", executor_id=executor_id, load_input=False, load_output=False
            )
        ]

    def inherit(self, executor_id: str) -> int:
        """Put a dead executor's jobs back in the queue; how many."""
        orphans = self.running(executor_id)
        for workflow_id in orphans:
            self._client.resume_workflow(workflow_id, queue_name=QUEUE)
        return len(orphans)

    def lost(self, turns: Sequence[Turn]) -> list[Turn]:
        """Those that DBOS does not know, or holds as finished."""
        if not turns:
            return []
        alive = {
            status.workflow_id
            for status in self._client.list_workflows(
                workflow_ids=[turn.workflow_id for turn in turns],
                status=list(LIVING),
                load_input=False,
                load_output=False,
            )
        }
        return [turn for turn in turns if turn.workflow_id not in alive]

    def clean(self, before: datetime, limit: int) -> int:
        """Delete DBOS's rows of jobs that ended before; how many."""
        ended = self._client.list_workflows(
            status=FINISHED, end_time=before.isoformat(), limit=limit, load_input=False, load_output=False
        )
        if ended:
            self._client.delete_workflows([status.workflow_id for status in ended])
        return len(ended)


def _engine(database: Database, concurrency: int) -> Engine:
    if not database.is_sqlite:
        return sa.create_engine(database.url, pool_size=concurrency + 4, max_overflow=4, pool_pre_ping=True)
    engine = sa.create_engine(database.url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
