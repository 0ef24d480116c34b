"""What a row of the list shows, fetched for the few ids of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.chip import Chip, Notice, due_chip, notice_chip
from engine.inbox.notices import next_notices
from engine.inbox.ports import Days, People
from engine.inbox.viewer import Viewer
from engine.people import Person
from engine.storage.tables import case, comment, definition_version, task


@dataclass(frozen=True, slots=True)
class TaskRow:
    id: UUID
    name: str  # what to do, verb first
    element: str
    role: str
    case_id: UUID
    case_number: str
    case_title: str
    process: str
    process_title: str
    requester: str | None  # sort_name
    due_at: datetime | None
    chip: Chip
    opened_at: datetime
    priority: int
    snoozed_until: datetime | None
    assignee: Person | None
    is_mine: bool
    comments: int
    has_draft: bool
    can_do: bool  # the viewer may claim and complete it


_COLUMNS = (
    task.c.id,
    task.c.name,
    task.c.element,
    task.c.role,
    task.c.case_id,
    task.c.due_at,
    task.c.paused,
    task.c.opened_at,
    task.c.priority,
    task.c.snoozed_until,
    task.c.assignee_id,
    task.c.draft_at,
    case.c.number,
    case.c.title,
    case.c.process,
    case.c.requester_id,
    definition_version.c.title.label("process_title"),
)
_SOURCE = task.join(case, case.c.id == task.c.case_id).join(
    definition_version, definition_version.c.id == case.c.version_id
)


def fetch_rows(
    conn: Connection, viewer: Viewer, ids: Sequence[UUID], *, now: datetime, people: People, days: Days
) -> list[TaskRow]:
    """In the order of ``ids``; what is no longer there is left out."""
    if not ids:
        return []
    found = conn.execute(sa.select(*_COLUMNS).select_from(_SOURCE).where(task.c.id.in_(ids))).all()
    talk = count_comments(conn, [row.case_id for row in found])
    wanted = {row.requester_id for row in found} | {row.assignee_id for row in found}
    known = people.get_people(conn, wanted - {None})
    told = next_notices(conn, [(row.case_id, row.id) for row in found if row.due_at is None and not row.paused], now)
    rows = {row.id: _row(row, viewer, now, days, known, talk.get(row.case_id, 0), told.get(row.id)) for row in found}
    return [rows[task_id] for task_id in ids if task_id in rows]


def _row(
    row: Any,
    viewer: Viewer,
    now: datetime,
    days: Days,
    known: dict[UUID, Person],
    comments: int,
    notice: Notice | None,
) -> TaskRow:
    requester = known.get(row.requester_id)
    return TaskRow(
        id=row.id,
        name=row.name,
        element=row.element,
        role=row.role,
        case_id=row.case_id,
        case_number=row.number,
        case_title=row.title,
        process=row.process,
        process_title=row.process_title,
        requester=requester.sort_name if requester else None,
        due_at=row.due_at,
        chip=notice_chip(notice, now, days) if notice else due_chip(row.due_at, row.paused, now, days),
        opened_at=row.opened_at,
        priority=row.priority,
        snoozed_until=row.snoozed_until if row.snoozed_until and row.snoozed_until > now else None,
        assignee=known.get(row.assignee_id),
        is_mine=row.assignee_id == viewer.person_id,
        comments=comments,
        has_draft=row.draft_at is not None,
        can_do=viewer.may_do(row),
    )


def count_comments(conn: Connection, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    query = sa.select(comment.c.case_id, sa.func.count()).where(comment.c.case_id.in_(list(case_ids)))
    return dict(conn.execute(query.group_by(comment.c.case_id)).all())
