"""A job that cannot go on becomes an incident on its case; a person retries it, or gives the result by hand."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.access import require_no_interest, require_office, require_staff
from engine.cases.deliver_result import finish_job
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import DELIVER_MESSAGE
from engine.cases.step import Step, nothing, open_step
from engine.cases.stuck_timers import FIRE_TIMERS
from engine.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from engine.storage.events import append_event
from engine.storage.tables import incident, job

_OPEN = sa.select(incident.c.id, incident.c.case_id, incident.c.job_key, incident.c.element, incident.c.status)


class IncidentClosed(Conflict):
    code = "incident_closed"
    message = "Este incidente ya no está abierto: alguien lo atendió antes o el trámite siguió otro camino."


class OnlyRetried(NotAllowed):
    message = (
        "El resultado de este paso no se da a mano, porque otros confían en que se hizo: corrija la causa y reintente."
    )


@dataclass(frozen=True, slots=True)
class FailJob:
    job_key: str
    cause: str
    permanent: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class RetryIncident:
    incident_id: UUID
    actor: UUID
    reason: str
    request_id: UUID


@dataclass(frozen=True, slots=True)
class ResolveIncident:
    """Give the operation's result by hand, when it is one that a person may say. A message that nobody takes has none:
    it is set aside."""

    incident_id: UUID
    actor: UUID
    result: Mapping[str, Any]
    reason: str
    request_id: UUID


def fail_job(command: FailJob, engine: Engine) -> None:
    """Raise the incident. A job that nobody waits for any more is left alone."""
    now = engine.clock.now()
    with engine.database.write() as conn:
        row = conn.execute(sa.select(job.c.case_id, job.c.element).where(job.c.key == command.job_key)).one_or_none()
        if row is None:
            raise NotFound()
        step = open_step(conn, engine, row.case_id, now)
        mine = (job.c.key == command.job_key) & (job.c.status == "queued")
        values = {"status": "failed", "error": command.cause, "attempts": command.attempts, "finished_at": now}
        if conn.execute(job.update().where(mine).values(values)).rowcount != 1:
            return
        incident_id = uuid.uuid4()
        conn.execute(
            incident.insert().values(
                id=incident_id,
                case_id=row.case_id,
                job_key=command.job_key,
                element=row.element,
                cause=command.cause[:4000],
                permanent=command.permanent,
                status="open",
                opened_at=now,
            )
        )
        data = {"job": command.job_key, "cause": command.cause[:4000], "permanent": command.permanent}
        append_event(conn, step.row.id, "job_failed", at=now, data=data, element=row.element)


def retry_incident(command: RetryIncident, engine: Engine) -> Receipt:
    """Put the job back in the queue."""
    return once(
        engine,
        command.request_id,
        "incident_retried",
        lambda: _retry(command, engine),
        same=lambda earlier: earlier.actor == command.actor and _is_of(command, earlier),
    )


def _retry(command: RetryIncident, engine: Engine) -> Receipt:
    now, reason = engine.clock.now(), _reason(command.reason)
    with engine.database.write() as conn:
        step, row = _open_incident(conn, engine, command.incident_id, command.actor, now)
        _close(conn, row.id, "retried", command.actor, reason, now)
        again = job.update().where(job.c.key == row.job_key).returning(job.c.round)
        values = {"status": "queued", "attempts": 0, "error": None, "finished_at": None, "round": job.c.round + 1}
        round_ = conn.execute(again.values(values)).scalar_one()
        engine.queue.enqueue(conn, row.job_key, round=round_)
        event = append_event(
            conn,
            step.row.id,
            "incident_retried",
            at=now,
            data={"job": row.job_key, "reason": reason, "incident": str(row.id)},
            element=row.element,
            actor=command.actor,
            request_id=command.request_id,
        )
        return replace(nothing(step.row), event=event.n)


def resolve_incident(command: ResolveIncident, engine: Engine) -> Receipt:
    return once(
        engine,
        command.request_id,
        "incident_resolved",
        lambda: _resolve(command, engine),
        same=lambda earlier: earlier.actor == command.actor and _is_of(command, earlier),
    )


def _resolve(command: ResolveIncident, engine: Engine) -> Receipt:
    now, reason = engine.clock.now(), _reason(command.reason)
    with engine.database.write() as conn:
        step, row = _open_incident(conn, engine, command.incident_id, command.actor, now)
        require_office(step, command.actor)
        operation = conn.scalar(sa.select(job.c.operation).where(job.c.key == row.job_key))
        if operation in (DELIVER_MESSAGE, FIRE_TIMERS):
            _close(conn, row.id, "resolved", command.actor, reason, now)
            return _set_aside(step, row, command, reason, operation)
        judge = engine.by_hand.get(str(operation))
        if judge is None:
            raise OnlyRetried()
        said = judge(command.result)
        _close(conn, row.id, "resolved", command.actor, reason, now)
        return finish_job(
            conn,
            engine,
            row.job_key,
            said,
            "incident_resolved",
            now,
            {"reason": reason, "incident": str(row.id)},
            command.actor,
            command.request_id,
        )


def _set_aside(step: Step, row: Any, command: ResolveIncident, reason: str, operation: str) -> Receipt:
    """The case went on when it sent: its state does not move."""
    done = {"status": "done", "finished_at": step.now, "error": None}
    step.conn.execute(job.update().where(job.c.key == row.job_key).values(done))
    event = append_event(
        step.conn,
        step.row.id,
        "incident_resolved",
        at=step.now,
        data={"job": row.job_key, "operation": operation, "reason": reason, "incident": str(row.id)},
        element=row.element,
        actor=command.actor,
        request_id=command.request_id,
    )
    return replace(nothing(step.row), event=event.n)


def _is_of(command: RetryIncident | ResolveIncident, earlier: Any) -> bool:
    """Of this very incident; events from before it was kept do not say of which."""
    return json.loads(earlier.data).get("incident") in (None, str(command.incident_id))


def _open_incident(conn: Connection, engine: Engine, incident_id: UUID, actor: UUID, now: datetime) -> tuple[Step, Any]:
    case_id = conn.execute(sa.select(incident.c.case_id).where(incident.c.id == incident_id)).scalar_one_or_none()
    step = open_step(conn, engine, case_id, now)
    require_staff(step, actor)
    require_no_interest(step, actor)
    row = conn.execute(_OPEN.where(incident.c.id == incident_id)).one()
    if row.status != "open":
        raise IncidentClosed()
    return step, row


def _close(conn: Connection, incident_id: UUID, status: str, actor: UUID, reason: str, now: datetime) -> None:
    values = {"status": status, "closed_at": now, "closed_by": actor, "reason": reason}
    conn.execute(incident.update().where(incident.c.id == incident_id).values(values))


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason or len(reason) > 1_000:
        raise InvalidAnswers({"reason": "Diga por qué, en 1000 letras o menos: queda en la historia del trámite."})
    return reason
