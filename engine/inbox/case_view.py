"""The one door by which anybody opens a case: as its requester, as staff of its lanes, or as auditor.

What a requester reads of their own cases, and their list, is ``history.requester``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.calendar import ProductPromise
from engine.errors import NotFound
from engine.inbox.case_access import Relation, relation_to
from engine.inbox.chip import Chip, done_chip, due_chip
from engine.inbox.comments import Comment, list_comments
from engine.inbox.documents import DocumentLine, list_document_lines
from engine.inbox.ports import Days, LanesOf, People
from engine.inbox.reads import Read, list_reads
from engine.inbox.terms import list_terms
from engine.inbox.viewer import Viewer
from engine.people import Person
from engine.storage.tables import case, definition_version, incident, task


@dataclass(frozen=True, slots=True)
class OpenTask:
    id: UUID
    name: str
    element: str
    role: str
    assignee: Person | None
    opened_at: datetime
    due_at: datetime | None
    paused: bool
    can_do: bool


@dataclass(frozen=True, slots=True)
class OpenIncident:
    id: UUID
    element: str
    cause: str
    permanent: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the viewer may see; comments and incidents are empty for the requester, their documents are the released."""

    relation: Relation
    id: UUID
    number: str
    title: str
    process: str
    process_title: str
    version_id: UUID
    revision: int
    status: str
    outcome: str | None
    facts: dict[str, Any]
    requester: Person | None
    filed_by: Person | None
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    chip: Chip
    terms: tuple[ProductPromise, ...]
    tasks: tuple[OpenTask, ...]
    documents: tuple[DocumentLine, ...]
    comments: tuple[Comment, ...]
    incidents: tuple[OpenIncident, ...]
    reads: tuple[Read, ...]


_HEAD = (
    case.c.id,
    case.c.number,
    case.c.title,
    case.c.process,
    case.c.version_id,
    case.c.revision,
    case.c.status,
    case.c.outcome,
    case.c.facts,
    case.c.requester_id,
    case.c.filed_by_id,
    case.c.opened_at,
    case.c.due_at,
    case.c.paused_at,
    case.c.closed_at,
    definition_version.c.title.label("process_title"),
)
_SOURCE = case.join(definition_version, definition_version.c.id == case.c.version_id)


def case_chip(row: Any, now: datetime, days: Days) -> Chip:
    if row.status != "open":
        return done_chip(row.closed_at or row.opened_at, row.due_at, days, now)
    return due_chip(None if row.paused_at else row.due_at, row.paused_at is not None, now, days)


def get_case_for(
    conn: Connection,
    viewer: Viewer,
    number: str,
    *,
    now: datetime,
    people: People,
    days: Days,
    lanes: LanesOf,
) -> CaseView:
    """The case as the requester, staff of its lanes, or an auditor may see it. Raises NotFound for everybody else."""
    query = sa.select(*_HEAD).select_from(_SOURCE).where(case.c.number == number.strip().upper())
    row = conn.execute(query).one_or_none()
    relation = relation_to(conn, viewer, row, lanes) if row else None
    if row is None or relation is None:
        raise NotFound()
    inside = relation != "requester"
    known = people.get_people(conn, {row.requester_id, row.filed_by_id} - {None})
    return CaseView(
        relation=relation,
        id=row.id,
        number=row.number,
        title=row.title,
        process=row.process,
        process_title=row.process_title,
        version_id=row.version_id,
        revision=row.revision,
        status=row.status,
        outcome=row.outcome,
        facts=dict(row.facts),
        requester=known.get(row.requester_id),
        filed_by=known.get(row.filed_by_id),
        opened_at=row.opened_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
        closed_at=row.closed_at,
        chip=case_chip(row, now, days),
        terms=list_terms(conn, row.id),
        tasks=_open_tasks(conn, viewer, row, people),
        documents=list_document_lines(conn, row.id, released_to=None if inside else viewer.person_id),
        comments=list_comments(conn, row.id, people) if inside else (),
        incidents=_open_incidents(conn, row.id) if inside else (),
        reads=list_reads(conn, row.id, people),
    )


def _open_tasks(conn: Connection, viewer: Viewer, found: Any, people: People) -> tuple[OpenTask, ...]:
    here = (sa.literal(found.process).label("process"), sa.literal(found.requester_id, sa.Uuid).label("requester_id"))
    query = sa.select(task, *here).where(task.c.case_id == found.id, task.c.status == sa.literal_column("'open'"))
    rows = conn.execute(query.order_by(task.c.opened_at, task.c.id)).all()
    known = people.get_people(conn, {row.assignee_id for row in rows} - {None})
    return tuple(
        OpenTask(
            row.id,
            row.name,
            row.element,
            row.role,
            known.get(row.assignee_id),
            row.opened_at,
            row.due_at,
            row.paused,
            viewer.may_do(row),
        )
        for row in rows
    )


def _open_incidents(conn: Connection, case_id: UUID) -> tuple[OpenIncident, ...]:
    columns = (incident.c[name] for name in OpenIncident.__dataclass_fields__)
    query = sa.select(*columns).where(incident.c.case_id == case_id, incident.c.status == "open")
    return tuple(OpenIncident(*row) for row in conn.execute(query.order_by(incident.c.opened_at)))
