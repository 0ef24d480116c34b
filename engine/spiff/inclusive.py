"""When an inclusive join may fire, by the words of BPMN 2.0 (13.4.3).

The library overlooks tokens that wait for a job or stand inside a subprocess, and counts arrivals of earlier rounds of
a loop, so that the join could fire while a branch was still at work. Here: with at least one token arrived in this
round, it fires unless some live token can reach an empty incoming flow and none that is already filled
(``docs/decisions``).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.util.task import TaskState

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def _check_threshold(join: Any, task: Any) -> bool:
    fired = task.find_ancestor(join.name)
    filled, live = set(), set()
    for other in task.workflow.tasks.values():
        if other.task_spec is join:
            parent = other.parent
            this_round = fired is None or other.is_descendant_of(fired)
            if parent is not None and parent._state == TaskState.COMPLETED and this_round and not _passed(other, task):
                filled.add(parent.task_spec)
        elif other._state & _LIVE:
            live.add(other.task_spec)
    empty = {spec for spec in join.inputs if spec not in filled}
    return not any(_reaches(spec, empty, join) and not _reaches(spec, filled, join) for spec in live)


def _passed(other: Any, task: Any) -> bool:
    """An earlier firing on our own branch, whose token was used up."""
    return other is not task and task.is_descendant_of(other)


def _reaches(source: Any, targets: set[Any], join: Any) -> bool:
    """Whether a token at ``source`` can come to one of ``targets`` without going through the join."""
    seen, stack = {join}, [source]
    while stack:
        spec = stack.pop()
        if spec in targets:
            return True
        if spec not in seen:
            seen.add(spec)
            stack.extend(spec.outputs)
    return False


InclusiveGateway._check_threshold_unstructured = _check_threshold
