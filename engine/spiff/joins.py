"""Joins that lose nothing: each branch brings what *it* changed.

The library merges the whole data of each branch, so a branch that finishes last also brings its stale copy of what
another one wrote: in a second round of parallel review the first round's «approved» could win. Here the data at the
fork is the base, and a branch contributes only its differences from it, in the order in which branches finished
(``docs/decisions``).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState


def merge_changes(base: dict[str, Any], branch: dict[str, Any], into: dict[str, Any]) -> None:
    """Apply to ``into`` what ``branch`` changed since ``base``; dicts are merged key by key, all else is replaced."""
    for key, value in branch.items():
        old = base.get(key)
        if key in base and old == value:
            continue
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            target = dict(into[key])
            merge_changes(old if isinstance(old, dict) else {}, value, target)
            into[key] = target
        else:
            into[key] = value


def _ancestors(task: Any) -> list[Any]:
    path = []
    above = task.workflow.tasks.get(task._parent)
    while above is not None:
        path.append(above)
        above = task.workflow.tasks.get(above._parent)
    return path


def _fork(tasks: list[Any]) -> Any:
    """The lowest task above all of them."""
    common = _ancestors(tasks[0])
    for task in tasks[1:]:
        ids = {above.id for above in _ancestors(task)}
        common = [above for above in common if above.id in ids]
    return common[0] if common else None


def _arrived(spec: Any, task: Any) -> list[Any]:
    """The other tokens of this very round, in the order in which they arrived. In a loop, those of earlier rounds hang
    from before the last time that the join fired."""
    fired = task.find_ancestor(spec.name)
    others = [
        other
        for other in task.workflow.tasks.values()
        if other.task_spec == spec
        and other is not task
        and other.has_state(TaskState.FINISHED_MASK)
        and other.parent is not None
        and not task.is_descendant_of(other)
        and (fired is None or other.is_descendant_of(fired))
    ]
    return sorted(others, key=lambda other: other.last_state_change)


def _run_hook(spec: Any, task: Any) -> bool:
    others = _arrived(spec, task)
    branches = [*(o.parent.data for o in others), task.parent.data]
    if others:
        fork = _fork([task, *others])
        base = fork.data if fork is not None else {}
        data = dict(base)
        for branch in branches:
            merge_changes(base, branch, data)
        task.data = data
    else:
        task.data = dict(task.parent.data)
    for other in others:
        if other.has_state(TaskState.COMPLETED) and other.id in task.workflow.tasks:
            other._drop_children(force=True)
    return True


UnstructuredJoin._run_hook = _run_hook
