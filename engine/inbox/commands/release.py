"""Give a task back to its group. The draft stays with the task, for whoever takes it next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotAllowed
from engine.inbox.commands.lock import lock_task
from engine.inbox.ports import People
from engine.inbox.viewer import REQUESTER, Viewer


def release(conn: Connection, viewer: Viewer, task_id: UUID, *, people: People, at: datetime) -> None:
    """By who has it, or by who may assign tasks; a free one stays free. Raises NotFound, NotAllowed, TaskNotOpen."""
    found = lock_task(conn, viewer, task_id, people)
    found.require_open()
    holder = found.row.assignee_id
    if found.row.role == REQUESTER:
        raise NotAllowed("Esta tarea es de quien solicita.")
    if holder is None:
        return
    if holder != viewer.person_id and not viewer.sees_all:
        raise NotAllowed(f"La tarea la tiene {found.name_of(holder)}; solo esa persona o su jefatura la suelta.")
    found.update(assignee_id=None, claimed_at=None, snoozed_until=None)
    found.record("task_released", at, **{"from": str(holder)})
