"""Fire what is due. Every worker looks about once a second; the case's row lock lets only one fire a timer, and the
others then find nothing due."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import Engine, FireTimers, ReportStuckTimers, fire_timers, report_stuck_timers
from engine.clock import Clock
from engine.errors import CartularioError, Unavailable
from engine.inbound.attempt import Done, Failed, Outcome, again
from engine.jobs import Job
from engine.storage.tables import wait
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

POLL = 1.0  # seconds
BATCH = 100  # cases in one look
REST = timedelta(minutes=1)  # before a case whose timers failed is tried again


class Office(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...


def due_cases(conn: Connection, at: datetime, limit: int = BATCH, besides: Collection[UUID] = ()) -> list[UUID]:
    """Cases with a timer due, the longest due first."""
    rows = conn.execute(
        sa.select(wait.c.case_id)
        .where(wait.c.kind == "timer", wait.c.due_at <= at, wait.c.case_id.not_in(besides))
        .group_by(wait.c.case_id)
        .order_by(sa.func.min(wait.c.due_at))
        .limit(limit)
    )
    return list(rows.scalars())


def next_due(conn: Connection, case_id: UUID | None = None) -> datetime | None:
    """When the next timer of this case, or of any, comes due."""
    timers = sa.select(sa.func.min(wait.c.due_at)).where(wait.c.kind == "timer")
    due: datetime | None = conn.scalar(timers.where(wait.c.case_id == case_id) if case_id is not None else timers)
    return due


def tick(app: Office, at: datetime | None = None, besides: Collection[UUID] = ()) -> tuple[int, list[UUID]]:
    """Fire the due timers of up to ``BATCH`` cases: how many cases moved, and those that could not."""
    now = at or app.clock.now()
    with app.database.read() as conn:
        due = due_cases(conn, now, besides=besides)
    failed = []
    for case_id in due:
        try:
            fire_timers(FireTimers(case_id, now), app.engine)
        except Exception as failure:
            log.exception("the timers of case %s could not fire; the others go on", case_id)
            failed.append(case_id)
            _report(app, case_id, failure)
    return len(due) - len(failed), failed


def _report(app: Office, case_id: UUID, failure: Exception) -> None:
    """What will not pass by itself becomes an incident; it is tried again all the same."""
    if isinstance(failure, Unavailable):
        return
    why = failure.message if isinstance(failure, CartularioError) else type(failure).__name__
    try:
        report_stuck_timers(
            ReportStuckTimers(case_id, f"Un plazo venció y el trámite no pudo seguir: {why}"), app.engine
        )
    except Unavailable:
        log.warning("the incident of case %s could not be written; the next look will", case_id)


def fire_again(job: Job, engine: Engine, at: datetime, most: int) -> Outcome:
    """A person retries the timers of a case."""
    try:
        fire_timers(FireTimers(job.case_id, at), engine)
    except Unavailable as failure:
        return again(failure.message, job.attempts + 1, most)
    except CartularioError as failure:
        return Failed(failure.message, True, job.attempts + 1)
    return Done({})


def run_timers(app: Office, stop: Event) -> None:
    """Until ``stop``: look, fire, wait. A case that failed rests for a minute, so that it holds up no other."""
    resting: dict[UUID, datetime] = {}
    while not stop.is_set():
        now = app.clock.now()
        resting = {case_id: until for case_id, until in resting.items() if until > now}
        fired = 0
        try:
            fired, failed = tick(app, now, besides=resting)
            resting.update(dict.fromkeys(failed, now + REST))
        except Exception:
            log.warning("due timers could not be read; trying again", exc_info=True)
        stop.wait(POLL if fired < BATCH else 0)
