"""What a case waits for, and moving its dates when the calendar or its term moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition, TimerEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.errors import EngineFault
from engine.spiff.advance import Rescheduled, Wait
from engine.spiff.expressions import evaluate
from engine.spiff.functions import OF_THE_CALENDAR
from engine.spiff.moment import current, current_or_none, iso
from engine.spiff.tasks import correlation_of
from engine.spiff.watching import told_of


def _definitions(task: Any) -> list[Any]:
    definition = task.task_spec.event_definition
    return definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]


def _waiting(workflow: Any) -> list[Any]:
    return [task for task in workflow.event_manager.tasks.values() if task._state == TaskState.WAITING]


def _instant(value: Any) -> datetime:
    """A timer's ``event_value``: an ISO text, or a cycle's dict."""
    text = value["next"] if isinstance(value, dict) else value
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        moment = current_or_none()
        if moment is None:
            raise EngineFault(f"La fecha «{text}» no tiene zona horaria.")
        parsed = parsed.replace(tzinfo=moment.zone)
    return parsed.astimezone(UTC)


def waits_of(workflow: Any) -> Iterator[Wait]:
    for task in _waiting(workflow):
        element = task.task_spec.bpmn_id
        for n, definition in enumerate(_definitions(task)):
            if isinstance(definition, TimerEventDefinition):
                value = task.internal_data.get("event_value")
                if value is None or (isinstance(value, dict) and value["cycles"] == 0):
                    continue
                _remember_base(task, definition)
                yield Wait(task.id, n, element, "timer", _instant(value), None, None, *told_of(task))
            elif isinstance(definition, MessageEventDefinition):
                if "clave" not in task.internal_data:
                    task.internal_data["clave"] = correlation_of(task)
                yield Wait(task.id, n, element, "message", None, definition.name, task.internal_data["clave"])
            elif isinstance(definition, SignalEventDefinition):
                yield Wait(task.id, n, element, "signal", None, definition.name, None)


def _moves(definition: Any) -> bool:
    return isinstance(definition, TimeDateEventDefinition) and any(f in definition.expression for f in OF_THE_CALENDAR)


def _remember_base(task: Any, definition: Any) -> None:
    """Since when a date of the calendar is counted: it is counted from there again when the calendar changes."""
    moment = current_or_none()
    if moment is not None and "desde" not in task.internal_data and _moves(definition):
        task.internal_data["desde"] = iso(moment.now)


def reschedule(workflow: Any) -> list[Rescheduled]:
    """Compute again every waiting date that asks the calendar or the term. → those that moved, old and new."""
    moment, moved = current(), []
    for task in _waiting(workflow):
        for definition in _definitions(task):
            old = task.internal_data.get("event_value")
            if old is None or not _moves(definition):
                continue
            now, moment.now = moment.now, datetime.fromisoformat(task.internal_data["desde"])
            try:
                new = evaluate(definition.expression, task.data)
            finally:
                moment.now = now
            if new != old:
                task.internal_data["event_value"] = new
                moved.append(Rescheduled(task.task_spec.bpmn_id, old, new))
    return moved
