"""Run one job and tell its case how it ended. Called by the queue in a worker's thread, by the scenarios and by tests.

Safe to repeat: a job that is no longer queued is left alone, an operation records its effects once, and the engine
refuses a second result quietly.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any, Protocol

from engine import cases
from engine.archive import Archive
from engine.cases import (
    DELIVER_MESSAGE,
    DeliverResult,
    Engine,
    FailJob,
    deliver_result,
    fail_job,
    finish_message,
)
from engine.clock import Clock
from engine.config import Config
from engine.errors import CartularioError, CaseClosed, Conflict, Unavailable
from engine.inbound.attempt import Done, Failed, Later, Outcome, attempt
from engine.inbound.calendar_changes import run_calendar
from engine.inbound.mails import run_mail
from engine.inbound.message import hand_over
from engine.inbound.schedules import run_schedules
from engine.inbound.sums import run_sums
from engine.inbound.timers import fire_again, run_timers
from engine.jobs import Job, Queue, load_job, queued_jobs
from engine.jobs.worker import work as work_jobs
from engine.mail import Mailer
from engine.operations import Operation, Tools
from engine.signing import Signing
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)


class Office(Protocol):
    """What a worker needs of the application (``engine.app.Cartulario``)."""

    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def operations(self) -> Mapping[str, Operation[Any]]: ...
    @property
    def tools(self) -> Tools: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def signing(self) -> Signing: ...
    @property
    def mailer(self) -> Mailer: ...


def run_job(app: Office, key: str) -> None:
    with app.database.read() as conn:
        job = load_job(conn, key)
    if job is None or job.status != "queued":
        return
    outcome = _outcome(app, job)
    match outcome:
        case Done(result):
            if job.operation != DELIVER_MESSAGE:
                _deliver(app, job, result)
        case Failed(cause, permanent, attempts):
            _fail(app, FailJob(key, cause, permanent, attempts))
        case Later(cause, attempts, delay):
            log.warning("job %s, attempt %d: %s", key, attempts, cause)
            with app.database.write() as conn:
                app.queue.put_off(conn, key, attempts=attempts, error=cause, delay_seconds=delay)


def run_queued(app: Office) -> int:
    """Every queued job, here and now, with those that come of them; how many ran. For a past that is played: where a
    worker runs, this is its work."""
    tried: set[str] = set()
    while True:
        with app.database.read() as conn:
            found = set(queued_jobs(conn)) - tried
        if not found:
            return len(tried)
        for key in sorted(found):
            run_job(app, key)
        tried |= found


def _outcome(app: Office, job: Job) -> Outcome:
    most = app.config.job_attempts
    match job.operation:
        case cases.DELIVER_MESSAGE:
            return hand_over(job, app.engine, most)
        case cases.FIRE_TIMERS:
            return fire_again(job, app.engine, app.clock.now(), most)
        case _:
            return attempt(job, app.operations, app.tools)


def _deliver(app: Office, job: Job, result: dict[str, Any]) -> None:
    """The operation did its part; if the diagram cannot go on with what it gave, a person must see it."""
    if job.task_id == job.case_id:  # a notice: no task waits for it
        finish_message(job.key, app.engine)
        return
    try:
        deliver_result(DeliverResult(job.key, result), app.engine)
    except Unavailable:
        raise
    except Conflict:
        log.info("the result of job %s came second", job.key)
    except CartularioError as fault:
        cause = f"El trámite no pudo seguir con el resultado: {fault.message}"
        _fail(app, FailJob(job.key, cause, True, job.attempts + 1))


def _fail(app: Office, failure: FailJob) -> None:
    try:
        fail_job(failure, app.engine)
    except CaseClosed:  # it sent a message and ended: there is nobody to show an incident to
        log.error("job %s of a closed case failed: %s", failure.job_key, failure.cause)
        finish_message(failure.job_key, app.engine)


def work(app: Office, stop: Event, *, executor_id: str | None = None, concurrency: int | None = None) -> None:
    """A worker process: jobs, timers, scheduled starts, sums, the calendar and mail that comes in, until ``stop`` is
    set (the command line does so on SIGTERM)."""
    loops: dict[str, Callable[[Any, Event], None]] = {
        "timers": run_timers,
        "sums": run_sums,
        "schedules": run_schedules,
        "calendar": run_calendar,
        "mail": run_mail,
    }
    threads = [Thread(target=loop, args=(app, stop), name=name, daemon=True) for name, loop in loops.items()]
    for thread in threads:
        thread.start()
    work_jobs(app.queue, lambda key: run_job(app, key), stop=stop, executor_id=executor_id, concurrency=concurrency)
    for thread in threads:
        thread.join(timeout=10)
