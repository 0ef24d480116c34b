"""Which person's task a timer is about, and what it does to it: for the inbox, which tells the person when.

Called by ``waiting``. A timer on a task's border is about that task; one that runs beside it names it with ``vigila``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

CLOSES = "cierra"


def told_of(timer: Any) -> tuple[UUID, str] | tuple[None, None]:
    """The task, and what is done to it: recuerda | demora | cierra."""
    notice = _notice_of(timer)
    watched = _watched_by(timer) if notice else None
    return (watched, notice) if watched and notice else (None, None)


def _notice_of(timer: Any) -> str | None:
    """As its ``aviso`` says; one that ends its task says so by being drawn that way."""
    spec = timer.task_spec
    if isinstance(spec, BoundaryEvent) and spec.cancel_activity:
        return CLOSES
    return _properties(timer).get("aviso") or None


def _watched_by(timer: Any) -> UUID | None:
    """The open task, when there is exactly one: of several like it nothing is told."""
    if isinstance(timer.task_spec, BoundaryEvent):
        found = _open(timer.parent.children if timer.parent else ())
    else:
        named = _properties(timer).get("vigila")
        found = [one for one in _open(timer.workflow.tasks.values()) if one.task_spec.bpmn_id == named]
    identifier: UUID | None = found[0].id if len(found) == 1 else None
    return identifier


def _open(tasks: Iterable[Any]) -> list[Any]:
    return [one for one in tasks if one and one._state == TaskState.READY and one.task_spec.manual]


def _properties(timer: Any) -> dict[str, str]:
    return (timer.task_spec.extensions or {}).get("properties") or {}
