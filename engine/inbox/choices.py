"""What the inbox's own menus offer: the processes to filter by, and whom a task may be handed to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.inbox.ports import People
from engine.inbox.viewer import REQUESTER, Viewer
from engine.people import Person
from engine.storage.search import fold
from engine.storage.tables import case, definition_version, task


@dataclass(frozen=True, slots=True)
class ProcessChoice:
    process: str
    title: str


def list_processes(conn: Connection) -> list[ProcessChoice]:
    """Every process that was ever published, under its latest title, by title."""
    v = definition_version.c
    titles = dict(conn.execute(sa.select(v.process, v.title).order_by(v.process, v.number)).all())
    return [ProcessChoice(process, title) for process, title in sorted(titles.items(), key=lambda pair: fold(pair[1]))]


def list_assignable(conn: Connection, viewer: Viewer, task_id: UUID, text: str, *, people: People) -> list[Person]:
    """Who may be given the task today, whose names have every word typed. Raises NotFound."""
    columns = (task.c.role, task.c.assignee_id, case.c.process, case.c.requester_id)
    source = task.join(case, case.c.id == task.c.case_id)
    row = conn.execute(sa.select(*columns).select_from(source).where(task.c.id == task_id)).one_or_none()
    if row is None or not viewer.may_see(row):
        raise NotFound()
    if row.role == REQUESTER:
        return []
    typed = fold(text).split()
    able = people.people_with_role(conn, row.role, viewer.on, row.process)
    return [person for person in able if all(word in fold(person.full_name) for word in typed)]
