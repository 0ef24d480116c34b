"""A worker's loop: hand waiting jobs over to DBOS, show that it lives, inherit from the dead, find what was lost.

Only this module and ``runner.py`` load DBOS; the web does not. Several workers, in several processes and machines, may
run beside each other.
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

from sqlalchemy.exc import SQLAlchemyError

from engine.errors import CartularioError
from engine.jobs import heartbeat, record
from engine.jobs.queue import Queue
from engine.jobs.runner import Runner
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

RELAY = 0.25  # seconds between two looks at the waiting jobs
BATCH = 50  # jobs handed over in one transaction
SWEEP = 60.0  # seconds between two searches for lost jobs
LOST = timedelta(seconds=60)
KEPT = timedelta(hours=1)  # DBOS's rows of finished jobs; ours stay
STUBBORN = (1, 2, 4, 8, 15)  # seconds between tries when even the outcome of a job could not be recorded


def work(
    queue: Queue,
    run: Callable[[str], None],
    *,
    stop: Event,
    executor_id: str | None = None,
    concurrency: int | None = None,
) -> None:
    """Run jobs until ``stop`` is set; then finish those that run, and return. Once per process at a time (DBOS)."""
    name = (executor_id or f"{socket.gethostname()[:50]}-{os.getpid()}-{secrets.token_hex(3)}")[:80]
    with Runner(queue.database, _insist(run, stop), name, concurrency or queue.concurrency) as runner:
        _Worker(queue.database, runner, name).loop(stop)
    with queue.database.write() as conn:
        heartbeat.say_goodbye(conn, name, _now())


class _Worker:
    def __init__(self, database: Database, runner: Runner, name: str) -> None:
        self._database = database
        self._runner = runner
        self._name = name

    def loop(self, stop: Event) -> None:
        beat_at = sweep_at = 0.0
        while not stop.is_set():
            more = False
            try:
                if time.monotonic() >= beat_at:
                    self._beat()
                    beat_at = time.monotonic() + heartbeat.BEAT
                if time.monotonic() >= sweep_at:
                    self._sweep()
                    sweep_at = time.monotonic() + SWEEP
                more = self._relay()
            except (SQLAlchemyError, CartularioError):
                log.warning("the database is away; the worker goes on trying", exc_info=True)
                stop.wait(1)
            if not more:
                stop.wait(RELAY)

    def _relay(self) -> bool:
        """Hand waiting jobs over to DBOS; whether there may be more."""
        now = _now()
        with self._database.read() as conn:
            if not record.any_waiting(conn, now):
                return False
        with self._database.write() as conn:
            turns = record.take_waiting(conn, now, BATCH)
            self._runner.hand_over(conn, turns)
        return len(turns) == BATCH

    def _beat(self) -> None:
        now = _now()
        with self._database.write() as conn:
            heartbeat.beat(conn, self._name, now)
            inherited = [
                dead
                for dead, seen_at in heartbeat.silent(conn, now)
                if heartbeat.claim_silent(conn, dead, seen_at, now)
            ]
        for dead in inherited:
            log.warning("worker %s is silent: %d jobs taken over", dead, self._runner.inherit(dead))
            with self._database.write() as conn:
                heartbeat.say_goodbye(conn, dead, _now())

    def _sweep(self) -> None:
        """Find jobs that DBOS lost or gave up, and let them be handed over again; tidy up."""
        now = _now()
        with self._database.read() as conn:
            waiting = record.handed_before(conn, now - LOST, limit=500)
        lost = self._runner.lost(waiting)
        with self._database.write() as conn:
            record.give_back(conn, lost)
            heartbeat.forget_stopped(conn, now - timedelta(days=7))
        self._runner.clean(now - KEPT, limit=1_000)


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
