"""Put a task of one's own out of sight until a moment (I-16). Its term goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotAllowed
from engine.inbox.commands.lock import lock_task
from engine.inbox.ports import People
from engine.inbox.viewer import Viewer

LONGEST = timedelta(days=366)


def snooze(
    conn: Connection, viewer: Viewer, task_id: UUID, until: datetime | None, *, people: People, at: datetime
) -> None:
    """``until`` None wakes it now. Raises NotFound, NotAllowed, TaskNotOpen, InvalidAnswers."""
    found = lock_task(conn, viewer, task_id, people)
    found.require_open()
    if found.row.assignee_id != viewer.person_id:
        raise NotAllowed("Tome la tarea antes de posponerla.")
    if until is not None and not at < until <= at + LONGEST:
        raise InvalidAnswers({"until": "Elija una fecha futura, a menos de un año."})
    if found.row.snoozed_until == until:
        return
    found.update(snoozed_until=until)
    found.record("task_snoozed", at, until=until.isoformat() if until else None)
