"""What a requester may know of their own cases: where each stands, who has it, what is theirs to answer, who looked.

Called by the portal and its API. ``find_own_case`` and the lists ask whose it is: somebody else's does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.history.case_file import HEAD, CaseHead, Comment, comments_of, head_of
from engine.history.events import read_events
from engine.history.timeline import Steps
from engine.storage.tables import case, definition_version, document, person, read_log, task

REQUESTER = "solicitante"
REQUESTER_READS = "requester"  # the audience of an answer
PAGE = 25


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A line of «Mis trámites»."""

    head: CaseHead
    to_answer: UUID | None  # the task that waits for the requester
    answer_until: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the case now: a person when one has taken it, else the role."""

    name: str | None
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OwnTask:
    id: UUID
    element: str
    name: str
    form: str | None
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the case or at one of its documents, by somebody who is not its requester."""

    who: str
    what: str
    purpose: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnDocument:
    id: UUID
    name: str
    title: str
    size: int
    code: str | None
    released_at: datetime
    case_number: str
    process_title: str


def find_own_case(
    conn: Connection, number: str, person_id: UUID, files_for_others: Callable[[str], bool] | None = None
) -> CaseHead:
    """By number, in any case of letters. ``files_for_others``: whether this person works at the desk today, for a
    process; then what they filed for somebody is found too. Raises NotFound, also for somebody else's."""
    row = conn.execute(HEAD.where(case.c.number == number.strip().upper())).one_or_none()
    if row is None:
        raise NotFound()
    head = head_of(row)
    filed = head.filed_by_id == person_id and files_for_others is not None and files_for_others(head.process)
    if head.requester_id != person_id and not filed:
        raise NotFound()
    return head


def list_own_cases(conn: Connection, person_id: UUID, *, page: int = 1, size: int = PAGE) -> tuple[list[OwnCase], int]:
    """One page, what waits for the person first, then the newest; and how many there are in all. What staff filed for
    somebody is in that person's list, not in theirs (``history.desk``)."""
    mine = case.c.requester_id == person_id
    total = conn.scalar(sa.select(sa.func.count()).select_from(case).where(mine)) or 0
    asked = (
        sa.select(task.c.case_id, sa.func.min(task.c.due_at).label("until"))
        .where(task.c.status == "open", task.c.role == REQUESTER)
        .group_by(task.c.case_id)
        .subquery()
    )
    query = (
        HEAD.add_columns(asked.c.case_id.label("asked"), asked.c.until)
        .outerjoin(asked, asked.c.case_id == case.c.id)
        .where(mine)
        .order_by(asked.c.case_id.is_(None), case.c.status != "open", case.c.opened_at.desc(), case.c.number.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    rows = conn.execute(query).all()
    waiting = _own_tasks(conn, [row.asked for row in rows if row.asked])
    return [OwnCase(head_of(row), waiting.get(row.id), row.until) for row in rows], total


def _own_tasks(conn: Connection, cases: list[UUID]) -> dict[UUID, UUID]:
    query = sa.select(task.c.case_id, task.c.id).where(
        task.c.case_id.in_(cases), task.c.status == "open", task.c.role == REQUESTER
    )
    return {row.case_id: row.id for row in conn.execute(query)} if cases else {}


def cases_to_answer(conn: Connection, person_id: UUID) -> list[OwnCase]:
    """Open cases that wait for this person, the most urgent first."""
    first, _total = list_own_cases(conn, person_id)
    return [one for one in first if one.to_answer is not None]


def holders_of(conn: Connection, case_id: UUID) -> list[Holder]:
    """Who has it now, the requester apart; oldest first. Empty while only the system works."""
    query = (
        sa.select(task.c.role, task.c.opened_at, task.c.claimed_at, person.c.given_names, person.c.family_names)
        .outerjoin(person, person.c.id == task.c.assignee_id)
        .where(task.c.case_id == case_id, task.c.status == "open", task.c.role != REQUESTER)
        .order_by(task.c.opened_at, task.c.id)
    )
    return [
        Holder(f"{r.given_names or ''} {r.family_names or ''}".strip() or None, r.role, r.claimed_at or r.opened_at)
        for r in conn.execute(query)
    ]


def own_tasks(conn: Connection, case_id: UUID) -> list[OwnTask]:
    """What the requester has to answer in one of their cases."""
    columns = [task.c[name] for name in OwnTask.__dataclass_fields__]
    query = sa.select(*columns).where(task.c.case_id == case_id, task.c.status == "open", task.c.role == REQUESTER)
    return [OwnTask(*row) for row in conn.execute(query.order_by(task.c.opened_at))]


def own_documents(conn: Connection, person_id: UUID) -> list[OwnDocument]:
    """Everything issued to the person and released, the newest first."""
    query = (
        sa.select(document, case.c.number.label("case_number"), definition_version.c.title.label("process_title"))
        .join_from(document, case, case.c.id == document.c.case_id)
        .join(definition_version, definition_version.c.id == case.c.version_id)
        .where(case.c.requester_id == person_id, document.c.released_at.is_not(None))
        .order_by(document.c.released_at.desc(), document.c.id)
    )
    return [
        OwnDocument(**{n: getattr(row, n) for n in OwnDocument.__dataclass_fields__}) for row in conn.execute(query)
    ]


def readings_of(conn: Connection, case_id: UUID, requester_id: UUID) -> list[Reading]:
    """Who looked at it, the newest first; the requester's own readings are not told back to them."""
    query = (
        sa.select(read_log.c.what, read_log.c.purpose, read_log.c.at, person.c.given_names, person.c.family_names)
        .join_from(read_log, person, person.c.id == read_log.c.person_id)
        .where(read_log.c.case_id == case_id, read_log.c.person_id != requester_id)
        .order_by(read_log.c.at.desc(), read_log.c.id)
    )
    return [
        Reading(", ".join(n for n in (r.family_names, r.given_names) if n), r.what, r.purpose, r.at)
        for r in conn.execute(query)
    ]


def ending_of(conn: Connection, case_id: UUID, steps: Steps) -> tuple[str, str] | None:
    """What the owner says of the end that the case reached: (``estado``, ``estadoDetalle``)."""
    happened = read_events(conn, case_id)
    passed = happened[-1].data.get("passed") if happened else None
    for element in reversed(passed if isinstance(passed, list) else []):
        step = steps.get(str(element))
        if step is not None and step.properties.get("estado") and step.properties.get("desenlace"):
            return step.properties["estado"], step.properties.get("estadoDetalle", "")
    return None


def messages_of(conn: Connection, case_id: UUID, person_id: UUID) -> list[Comment]:
    """What the person wrote to whoever has the case, and what they were answered, oldest first; nothing of what the
    staff say to each other."""
    return [one for one in comments_of(conn, case_id) if one.author_id == person_id or one.audience == REQUESTER_READS]
