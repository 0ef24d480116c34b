"""Redirects the library's clock, ids and state changes to the current ``Moment``.

Three names are replaced, once, at import: ``uuid4`` and ``time`` of ``SpiffWorkflow.task`` and ``datetime`` of its
timers. A fourth, ``Task._set_state``, loses the logging of every change (half of its cost) and records which elements
are entered and completed. ``last_state_change`` becomes a count instead of a time: joins sort by it, and a count is
the same in a replay.
"""

from __future__ import annotations

import datetime as stdlib
from importlib.metadata import version
from typing import Any
from uuid import UUID, uuid4

import SpiffWorkflow.bpmn.specs.event_definitions.timer as timer_module
import SpiffWorkflow.task as task_module
from SpiffWorkflow.util.task import TaskState

from engine.spiff.moment import current_or_none

LIBRARY_VERSION = version("SpiffWorkflow")

_ENTERED = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.COMPLETED


def _next_id() -> UUID:
    moment = current_or_none()
    return moment.next_id() if moment else uuid4()


class _Counter:
    @staticmethod
    def time() -> float:
        moment = current_or_none()
        return moment.tick() if moment else 0


class _Instant(stdlib.datetime):
    """``datetime`` whose now is the command's, and whose naive texts are in the institution's timezone."""

    @classmethod
    def now(cls, tz: stdlib.tzinfo | None = None) -> _Instant:
        moment = current_or_none()
        instant = moment.now if moment else stdlib.datetime.now(stdlib.UTC)
        return cls.fromtimestamp(instant.timestamp(), tz or stdlib.UTC)

    @classmethod
    def fromisoformat(cls, text: str) -> _Instant:
        parsed = super().fromisoformat(text)
        moment = current_or_none()
        return parsed.replace(tzinfo=moment.zone) if parsed.tzinfo is None and moment else parsed


def _set_state(task: Any, value: int) -> None:
    if value == task._state:
        return
    moment = current_or_none()
    if moment is not None:
        task.last_state_change = moment.tick()
        if value & _ENTERED and task._state < TaskState.WAITING:
            moment.enter(task)
        if value == TaskState.COMPLETED:
            moment.complete(task)
    task._state = value


task_module.uuid4 = _next_id
task_module.time = _Counter
task_module.Task._set_state = _set_state
timer_module.datetime = _Instant
