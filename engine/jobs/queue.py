"""The durable queue: what a command asks for runs after its commit, once or again, by some worker, also after a crash.

``cases`` enqueues inside its transaction; ``inbound`` works. A job may run twice (a worker that was thought dead), so
its effects carry its key. See docs/decisions/0006-jobs.md.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.config import Config
from engine.errors import CartularioError
from engine.jobs import heartbeat, record
from engine.jobs.runner import Runner
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

RELAY = 0.2  # seconds between two looks at the waiting jobs
BATCH = 50  # jobs handed over in one transaction
SWEEP = 60.0  # seconds between two searches for lost jobs
LOST = timedelta(seconds=60)
KEPT = timedelta(hours=1)  # DBOS's rows of finished jobs; ours stay
STUBBORN = (1, 2, 4, 8, 15)  # seconds between tries when even the outcome of a job could not be recorded


class Queue:
    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._concurrency = config.worker_concurrency

    def enqueue(self, conn: Connection, key: str, *, round: int = 0, delay_seconds: float = 0) -> None:
        """Let the job run once the caller's transaction commits. Its new row is itself the message: only a repetition
        (``round``) or a delay is written."""
        if round or delay_seconds:
            ready_at = _now() + timedelta(seconds=delay_seconds) if delay_seconds else None
            record.wait_again(conn, key, ready_at)

    def put_off(self, conn: Connection, key: str, *, attempts: int, error: str, delay_seconds: float) -> None:
        """After a failure that may pass: let the job run again after a while. Nothing when it is no longer queued."""
        ready_at = _now() + timedelta(seconds=delay_seconds)
        record.put_off(conn, key, attempts=attempts, error=error, ready_at=ready_at)

    def work(
        self,
        run: Callable[[str], None],
        *,
        stop: Event,
        executor_id: str | None = None,
        concurrency: int | None = None,
    ) -> None:
        """Run jobs until ``stop`` is set; then finish those that run and return. One call per process at a time."""
        name = executor_id or f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        runner = Runner(self._database, _insist(run, stop), name[-80:], concurrency or self._concurrency)
        with runner:
            self._loop(runner, name[-80:], stop)
        with self._database.write() as conn:
            heartbeat.say_goodbye(conn, name[-80:], _now())

    def _loop(self, runner: Runner, name: str, stop: Event) -> None:
        beat_at = sweep_at = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() >= beat_at:
                    self._beat(runner, name)
                    beat_at = time.monotonic() + heartbeat.BEAT
                if time.monotonic() >= sweep_at:
                    self._sweep(runner)
                    sweep_at = time.monotonic() + SWEEP
                more = self._relay(runner)
            except (SQLAlchemyError, CartularioError):
                log.warning("the database is away; the worker goes on trying", exc_info=True)
                more = False
                stop.wait(1)
            if not more:
                stop.wait(RELAY)

    def _relay(self, runner: Runner) -> bool:
        """Hand waiting jobs over to DBOS; whether there may be more."""
        now = _now()
        with self._database.read() as conn:
            if not record.any_waiting(conn, now):
                return False
        with self._database.write() as conn:
            turns = record.take_waiting(conn, now, BATCH)
            runner.hand_over(conn, turns)
        return len(turns) == BATCH

    def _beat(self, runner: Runner, name: str) -> None:
        now = _now()
        with self._database.write() as conn:
            heartbeat.beat(conn, name, now)
            inherited = [
                dead
                for dead, seen_at in heartbeat.silent(conn, now)
                if heartbeat.claim_silent(conn, dead, seen_at, now)
            ]
        for dead in inherited:
            log.warning("worker %s is silent: %d jobs taken over", dead, runner.inherit(dead))
            with self._database.write() as conn:
                heartbeat.say_goodbye(conn, dead, _now())

    def _sweep(self, runner: Runner) -> None:
        """Find jobs that DBOS lost or gave up, and let them be handed over again; tidy up."""
        now = _now()
        with self._database.read() as conn:
            waiting = record.handed_before(conn, now - LOST, limit=500)
        lost = runner.lost(waiting)
        with self._database.write() as conn:
            record.give_back(conn, lost)
            heartbeat.forget_stopped(conn, now - timedelta(days=7))
        runner.clean(now - KEPT, limit=1_000)


def _insist(run: Callable[[str], None], stop: Event) -> Callable[[str], None]:
    """``run`` records every outcome itself; when even that fails (the database is away) try again a few times, and
    leave the rest to the sweep."""

    def job(key: str) -> None:
        for pause in STUBBORN:
            try:
                run(key)
                return
            except Exception:
                log.exception("job %s could not be recorded", key)
            if stop.wait(pause):
                return

    return job


def _now() -> datetime:
    return datetime.now(UTC)
