"""Hand a task to somebody: by a superior, or by who has it, within its role (I-1, I-12)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotAllowed
from engine.inbox.commands.lock import lock_task
from engine.inbox.ports import People
from engine.inbox.viewer import REQUESTER, Viewer


def assign(
    conn: Connection, viewer: Viewer, task_id: UUID, to: UUID, *, people: People, at: datetime, note: str = ""
) -> None:
    """Raises NotFound, NotAllowed, TaskNotOpen; InvalidAnswers when ``to`` does not act in the task's role today."""
    found = lock_task(conn, viewer, task_id, people)
    found.require_open()
    holder = found.row.assignee_id
    if found.row.role == REQUESTER:
        raise NotAllowed("Esta tarea es de quien solicita y no se asigna.")
    if not viewer.sees_all and holder != viewer.person_id:
        raise NotAllowed("Solo la jefatura, o quien tiene la tarea, puede asignarla.")
    able = people.people_with_role(conn, found.row.role, viewer.on, found.row.process)
    if to not in {person.id for person in able}:
        raise InvalidAnswers({"to": "Elija a una persona que hoy tenga la función de esta tarea."})
    if to == holder:
        return
    found.update(assignee_id=to, claimed_at=at, snoozed_until=None)
    data = {"from": str(holder) if holder else None, "to": str(to)}
    if note.strip():
        data["note"] = note.strip()[:500]
    found.record("task_assigned", at, **data)
