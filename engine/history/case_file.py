"""One case, with everything that stands on its file: open and closed tasks, incidents, waits, mails, comments.

Called by the staff's case page, the audit and the API, after ``access``. It only reads. Documents are the capability's
(``documents.list_documents``), events are ``timeline``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.storage.tables import case, comment, definition_version, incident, job, mail, person, task, wait


@dataclass(frozen=True, slots=True)
class CaseHead:
    id: UUID
    number: str
    title: str
    process: str
    process_title: str
    version_id: UUID
    version: int
    status: str  # open | completed | withdrawn
    outcome: str | None
    requester_id: UUID | None
    requester: str | None  # "Ñáñez de la Cruz, María José"
    filed_by_id: UUID | None
    facts: Mapping[str, Any]
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    channel: str = "portal"  # portal | mostrador | lote | sistema | api
    origin: str | None = None  # the organism that asks (C-10)
    about_id: UUID | None = None  # the case that this one is about


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: UUID
    element: str
    name: str
    role: str
    status: str  # open | completed | cancelled
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    id: UUID
    element: str
    operation: str
    cause: str
    permanent: bool
    status: str  # open | retried | resolved | obsolete
    attempts: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WaitLine:
    element: str
    kind: str  # timer | message | signal
    due_at: datetime | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Mail:
    id: UUID
    subject: str
    body: str
    recipients: tuple[str, ...]
    status: str  # prepared | sending | sent | doubtful | refused
    error: str | None
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class PutOff:
    """A step of the office's own that waits for what it needs."""

    element: str
    operation: str
    error: str


@dataclass(frozen=True, slots=True)
class Comment:
    id: UUID
    author_id: UUID
    author: str
    text: str
    at: datetime
    audience: str  # office | requester: who else reads it


def _name(row: Any) -> str | None:
    """Family names first; a single name has no comma to follow."""
    return ", ".join(part for part in (row.family_names, row.given_names) if part) or None


HEAD = (
    sa.select(
        case.c.id,
        case.c.number,
        case.c.title,
        case.c.process,
        definition_version.c.title.label("process_title"),
        case.c.version_id,
        definition_version.c.number.label("version"),
        case.c.status,
        case.c.outcome,
        case.c.requester_id,
        person.c.family_names,
        person.c.given_names,
        case.c.filed_by_id,
        case.c.facts,
        case.c.opened_at,
        case.c.due_at,
        case.c.paused_at,
        case.c.closed_at,
        case.c.channel,
        case.c.origin,
        case.c.about_id,
    )
    .join_from(case, definition_version, definition_version.c.id == case.c.version_id)
    .outerjoin(person, person.c.id == case.c.requester_id)
)


def head_of(row: Any) -> CaseHead:
    values = {name: getattr(row, name) for name in CaseHead.__dataclass_fields__ if name != "requester"}
    return CaseHead(requester=_name(row), **values)


def find_case(conn: Connection, number: str) -> CaseHead:
    """By its number, in any case of letters. Raises NotFound."""
    row = conn.execute(HEAD.where(case.c.number == number.strip().upper())).one_or_none()
    if row is None:
        raise NotFound()
    return head_of(row)


def get_case(conn: Connection, case_id: UUID) -> CaseHead:
    """Raises NotFound."""
    row = conn.execute(HEAD.where(case.c.id == case_id)).one_or_none()
    if row is None:
        raise NotFound()
    return head_of(row)


def tasks_of(conn: Connection, case_id: UUID) -> list[TaskLine]:
    """Open ones first, then the closed, the latest first."""
    columns = [task.c[name] for name in TaskLine.__dataclass_fields__ if name != "assignee"]
    query = (
        sa.select(*columns, person.c.family_names, person.c.given_names)
        .select_from(task.outerjoin(person, person.c.id == sa.func.coalesce(task.c.closed_by, task.c.assignee_id)))
        .where(task.c.case_id == case_id)
        .order_by(task.c.status != "open", task.c.opened_at.desc(), task.c.id)
    )
    return [_task(row) for row in conn.execute(query)]


def _task(row: Any) -> TaskLine:
    values = {name: getattr(row, name) for name in TaskLine.__dataclass_fields__ if name != "assignee"}
    return TaskLine(assignee=_name(row), **values)


def incidents_of(conn: Connection, case_id: UUID) -> list[Incident]:
    """Open ones first."""
    query = (
        sa.select(incident, job.c.operation, job.c.attempts, person.c.family_names, person.c.given_names)
        .join_from(incident, job, job.c.key == incident.c.job_key)
        .outerjoin(person, person.c.id == incident.c.closed_by)
        .where(incident.c.case_id == case_id)
        .order_by(incident.c.status != "open", incident.c.opened_at.desc())
    )
    own = [name for name in Incident.__dataclass_fields__ if name != "closed_by"]
    return [Incident(closed_by=_name(row), **{name: getattr(row, name) for name in own}) for row in conn.execute(query)]


def incident_case(conn: Connection, incident_id: UUID) -> CaseHead:
    """The case on whose file the incident stands. Raises NotFound."""
    found = conn.scalar(sa.select(incident.c.case_id).where(incident.c.id == incident_id))
    if found is None:
        raise NotFound()
    return get_case(conn, found)


def waits_of(conn: Connection, case_id: UUID) -> list[WaitLine]:
    query = sa.select(wait.c.element, wait.c.kind, wait.c.due_at, wait.c.message).where(wait.c.case_id == case_id)
    return [WaitLine(*row) for row in conn.execute(query.order_by(wait.c.due_at, wait.c.element))]


def put_off_of(conn: Connection, case_id: UUID) -> list[PutOff]:
    """What did not work now and is tried again by itself."""
    columns = [job.c[name] for name in PutOff.__dataclass_fields__]
    mine = sa.and_(job.c.case_id == case_id, job.c.status == "queued", job.c.error.is_not(None))
    return [PutOff(*row) for row in conn.execute(sa.select(*columns).where(mine).order_by(job.c.created_at))]


def mails_of(conn: Connection, case_id: UUID) -> list[Mail]:
    """The newest first."""
    query = sa.select(mail).where(mail.c.case_id == case_id).order_by(mail.c.created_at.desc(), mail.c.id)
    return [_mail(row) for row in conn.execute(query)]


def _mail(row: Any) -> Mail:
    to = tuple(str(address) for kind in ("to", "cc") for address in row.recipients.get(kind, ()))
    return Mail(row.id, row.subject, row.body, to, row.status, row.error, row.created_at, row.sent_at)


def comments_of(conn: Connection, case_id: UUID) -> list[Comment]:
    """Oldest first."""
    query = (
        sa.select(comment, person.c.family_names, person.c.given_names)
        .join_from(comment, person, person.c.id == comment.c.author_id)
        .where(comment.c.case_id == case_id)
        .order_by(comment.c.at, comment.c.id)
    )
    return [
        Comment(row.id, row.author_id, _name(row) or "", row.text, row.at, row.audience) for row in conn.execute(query)
    ]
