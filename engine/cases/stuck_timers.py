"""Timers that are due and cannot fire, because the diagram fails after them, are shown to a person as an incident.

Called by the worker's clock. The incident hangs from a job of its own, so that retrying it is retrying the timers.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.errors import NotFound
from engine.storage.events import append_event
from engine.storage.tables import case, incident, job, wait

FIRE_TIMERS = "fire_timers"


_SETTLED = incident.update().where(incident.c.job_key == sa.bindparam("the_key"), incident.c.status == "open")
_DONE = job.update().where(job.c.key == sa.bindparam("the_key"), job.c.status == "failed")


def key_of(case_id: UUID) -> str:
    return f"{case_id.hex}-timers"


@dataclass(frozen=True, slots=True)
class ReportStuckTimers:
    case_id: UUID
    cause: str


def report_stuck_timers(command: ReportStuckTimers, engine: Engine) -> None:
    """Once, until somebody attends to it or they fire. The case's state is not loaded: that may be what is broken."""
    now, cause = engine.clock.now(), command.cause[:4000]
    with engine.database.write() as conn:
        locked = sa.select(case.c.status).where(case.c.id == command.case_id).with_for_update()
        status = conn.scalar(locked)
        if status is None:
            raise NotFound()
        due = (wait.c.case_id == command.case_id) & (wait.c.kind == "timer") & (wait.c.due_at <= now)
        element = conn.scalar(sa.select(wait.c.element).where(due).order_by(wait.c.due_at).limit(1))
        key = key_of(command.case_id)
        before = conn.scalar(sa.select(job.c.status).where(job.c.key == key))
        if status != "open" or element is None or before in ("failed", "queued"):
            return
        failed = {"status": "failed", "error": cause, "finished_at": now, "element": element}
        if before is None:
            row = {"key": key, "case_id": command.case_id, "task_id": command.case_id, "parameters": {}}
            conn.execute(job.insert().values(**row, **failed, operation=FIRE_TIMERS, created_at=now))
        else:
            conn.execute(job.update().where(job.c.key == key).values(failed))
        opened = {"id": uuid.uuid4(), "case_id": command.case_id, "job_key": key, "element": element, "cause": cause}
        conn.execute(incident.insert().values(**opened, permanent=True, status="open", opened_at=now))
        data = {"job": key, "cause": cause, "permanent": True}
        append_event(conn, command.case_id, "job_failed", at=now, data=data, element=element)


def settle_timers(conn: Connection, case_id: UUID, at: datetime) -> None:
    """They fired after all: nobody need attend to them."""
    done = {"the_key": key_of(case_id), "status": "done", "error": None}
    if conn.execute(_DONE, done).rowcount:
        conn.execute(_SETTLED, {"the_key": key_of(case_id), "status": "obsolete", "closed_at": at})
