"""Take a task that is free. Who was first keeps it; the other is told who that was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.inbox.commands.lock import lock_task
from engine.inbox.ports import People
from engine.inbox.viewer import Viewer


def claim(conn: Connection, viewer: Viewer, task_id: UUID, *, people: People, at: datetime) -> None:
    """Taking one's own task again changes nothing. Raises NotFound, NotAllowed, TaskNotOpen, TaskTaken."""
    found = lock_task(conn, viewer, task_id, people)
    found.require_open()
    found.require_doer()
    found.require_free_or_mine()
    if found.row.assignee_id is None:
        found.update(assignee_id=viewer.person_id, claimed_at=at)
        found.record("task_claimed", at)
