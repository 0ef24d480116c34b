"""Everything that the detail pane of one task shows (but the history, which the history room tells)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotAllowed, NotFound
from engine.inbox.case_access import went_over, works_on
from engine.inbox.chip import Chip, done_chip, due_chip, notice_chip
from engine.inbox.comments import Comment, list_comments
from engine.inbox.documents import DocumentLine, list_document_lines
from engine.inbox.notices import next_notices
from engine.inbox.ports import Days, People
from engine.inbox.terms import TermDay, term_day
from engine.inbox.viewer import REQUESTER, Viewer
from engine.people import Person
from engine.storage.tables import case, definition_version, task


@dataclass(frozen=True, slots=True)
class TaskDetail:
    id: UUID
    name: str
    element: str
    instance: str | None
    role: str
    status: str  # open | completed | cancelled
    form: str | None  # file name in the bundle
    version_id: UUID
    case_id: UUID
    case_number: str
    case_title: str
    case_status: str
    process: str
    process_title: str
    requester: Person | None
    assignee: Person | None
    claimed_at: datetime | None
    opened_at: datetime
    due_at: datetime | None
    chip: Chip
    term: TermDay | None  # "día 2 de 3"
    snoozed_until: datetime | None
    draft: dict[str, Any] | None
    draft_at: datetime | None
    comments: tuple[Comment, ...]
    documents: tuple[DocumentLine, ...]
    can_complete: bool
    can_claim: bool
    can_release: bool
    can_assign: bool
    can_snooze: bool
    gone: bool = False  # somebody else has it now: nothing of the case is the viewer's to read
    ended: str | None = None  # why the viewer, who has it, may not do it any more


_SOURCE = task.join(case, case.c.id == task.c.case_id).join(
    definition_version, definition_version.c.id == case.c.version_id
)
_COLUMNS = (
    task,
    case.c.number,
    case.c.title,
    case.c.status.label("case_status"),
    case.c.process,
    case.c.version_id,
    case.c.requester_id,
    definition_version.c.title.label("process_title"),
)


def get_task(
    conn: Connection, viewer: Viewer, task_id: UUID, *, now: datetime, people: People, days: Days
) -> TaskDetail:
    """Open or closed. Raises NotFound, also for a task that is not the viewer's to see; NotAllowed for one that was
    theirs until lately."""
    row = conn.execute(sa.select(*_COLUMNS).select_from(_SOURCE).where(task.c.id == task_id)).one_or_none()
    if row is None:
        raise NotFound()
    if not (viewer.may_see(row) or _awaited(conn, viewer, row)):
        ended = people.why_no_longer(conn, viewer.person_id, row.role, viewer.on, row.process)
        raise NotAllowed(ended) if ended else NotFound()
    known = people.get_people(conn, {row.requester_id, row.assignee_id} - {None})
    is_open = row.status == "open"
    staff_task = row.role != REQUESTER
    mine = row.assignee_id == viewer.person_id
    doer = is_open and viewer.may_do(row)
    gone = went_over(conn, viewer, row)
    outsider = viewer.person_id == row.requester_id and not staff_task
    chip = due_chip(row.due_at, row.paused, now, days)
    waits = is_open and row.due_at is None and not row.paused
    if waits and (told := next_notices(conn, [(row.case_id, row.id)], now)):
        chip = notice_chip(told[row.id], now, days)
    place = known[row.requester_id].place if row.requester_id in known else None
    if not is_open:
        chip = done_chip(row.closed_at or row.opened_at, row.due_at, days, now)
    return TaskDetail(
        id=row.id,
        name=row.name,
        element=row.element,
        instance=row.instance,
        role=row.role,
        status=row.status,
        form=row.form,
        version_id=row.version_id,
        case_id=row.case_id,
        case_number=row.number,
        case_title=row.title,
        case_status=row.case_status,
        process=row.process,
        process_title=row.process_title,
        requester=known.get(row.requester_id),
        assignee=known.get(row.assignee_id),
        claimed_at=row.claimed_at,
        opened_at=row.opened_at,
        due_at=row.due_at,
        chip=chip,
        term=term_day(conn, row.case_id, days.local_day(now), days.at(place), row.product),
        snoozed_until=row.snoozed_until if row.snoozed_until and row.snoozed_until > now else None,
        draft=row.draft if doer or mine else None,
        draft_at=row.draft_at,
        comments=() if outsider or gone else list_comments(conn, row.case_id, people),
        documents=()
        if gone
        else list_document_lines(conn, row.case_id, released_to=viewer.person_id if outsider else None),
        can_complete=doer and (row.assignee_id is None or mine),
        can_claim=doer and staff_task and row.assignee_id is None,
        can_release=is_open and staff_task and row.assignee_id is not None and (mine or viewer.sees_all),
        can_assign=is_open and staff_task and (mine or viewer.sees_all),
        can_snooze=is_open and staff_task and mine,
        gone=gone,
        ended=people.why_no_longer(conn, viewer.person_id, row.role, viewer.on, row.process)
        if mine and not doer
        else None,
    )


def _awaited(conn: Connection, viewer: Viewer, row: Any) -> bool:
    """An answer of the requester's that the viewer's office waits for: to look at, not to do."""
    return bool(row.role == REQUESTER and row.paused and works_on(conn, viewer, row.case_id, row.process))
