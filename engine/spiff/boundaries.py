"""What a cycle timer on a task's border has already started goes on when the task completes.

Each firing of a non-interrupting boundary event is a token of its own (BPMN 2.0, 13.5.3). The library cancels a cycle
timer together with every branch that it started, open tasks included; here only the timer stops.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition
from SpiffWorkflow.util.task import TaskState

_stock = BoundaryEventJoin._check_threshold_structured


def _check_threshold(join: Any, task: Any) -> tuple[bool, list[Any]]:
    finished, cancel = _stock(join, task)
    started = [one for one in cancel if _is_cycle(one) and one._children]
    for one in started:
        one._set_state(TaskState.CANCELLED)
        one.workflow.top_workflow.event_manager.remove_task(one)
    return finished, [one for one in cancel if one not in started]


def _is_cycle(task: Any) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), CycleTimerEventDefinition)


BoundaryEventJoin._check_threshold_structured = _check_threshold
