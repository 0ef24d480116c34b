"""Take one task for changing: its case's row first, then its own, as every command does, so that none waits for another
in a circle. On SQLite the write transaction itself is the lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotAllowed, NotFound, TaskNotOpen, TaskTaken
from engine.inbox.ports import People
from engine.inbox.viewer import Viewer
from engine.storage.events import append_event
from engine.storage.tables import case, task


@dataclass(frozen=True, slots=True)
class LockedTask:
    """A task that the viewer may see, with its case locked until the transaction ends."""

    conn: Connection
    viewer: Viewer
    people: People
    row: Any  # the task's columns, with process and requester_id of its case

    def require_open(self) -> None:
        """Raises TaskNotOpen."""
        if self.row.status != "open":
            raise TaskNotOpen()

    def require_doer(self) -> None:
        """Raises NotAllowed unless the task is the viewer's to do."""
        if not self.viewer.may_do(self.row):
            raise NotAllowed()

    def require_free_or_mine(self) -> None:
        """Raises TaskTaken, naming who has it."""
        holder = self.row.assignee_id
        if holder is None or holder == self.viewer.person_id:
            return
        name = self.name_of(holder)
        raise TaskTaken(f"{name} tomó esta tarea antes.", by=str(holder), name=name)

    def name_of(self, person_id: UUID) -> str:
        found = self.people.get_people(self.conn, [person_id]).get(person_id)
        return found.full_name if found else "Otra persona"

    def update(self, **values: Any) -> None:
        self.conn.execute(task.update().where(task.c.id == self.row.id).values(**values))

    def record(self, kind: str, at: datetime, **data: Any) -> None:
        """Append to the case's chain."""
        append_event(
            self.conn,
            self.row.case_id,
            kind,
            at=at,
            element=self.row.element,
            actor=self.viewer.person_id,
            data={"task": str(self.row.id), **data},
        )


def lock_task(conn: Connection, viewer: Viewer, task_id: UUID, people: People) -> LockedTask:
    """Raises NotFound, also for a task that is not the viewer's to see."""
    case_id = conn.scalar(sa.select(task.c.case_id).where(task.c.id == task_id))
    if case_id is None:
        raise NotFound()
    facts = sa.select(case.c.process, case.c.requester_id).where(case.c.id == case_id).with_for_update()
    owner = conn.execute(facts).one()
    here = (sa.literal(owner.process).label("process"), sa.literal(owner.requester_id, sa.Uuid).label("requester_id"))
    row = conn.execute(sa.select(task, *here).where(task.c.id == task_id).with_for_update(of=task)).one()
    if not viewer.may_see(row):
        raise NotFound()
    return LockedTask(conn, viewer, people, row)
