"""Runs the engine's own tasks, in the library's order and at less cost.

The library walks the whole tree with a slow iterator, for every round and every completed task, also when nothing is
ready. Here the tasks are first asked whether anything is; only then is the tree walked, in the same order
(``tests/unit/spiff/test_stepping.py`` runs both side by side).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow


def is_ready(task: Any) -> bool:
    """It can run without a person."""
    return task._state == TaskState.READY and not task.task_spec.manual


def any_ready(workflow: Any) -> bool:
    return any(is_ready(task) for one in _open(workflow) for task in one.tasks.values())


def run_ready(workflow: Any, ran: Callable[[], None]) -> bool:
    """One round: the deepest subprocesses first, each until nothing of it is ready. Whether anything moved.
    ``ran`` is called after each task."""
    subprocesses = [sub for sub in workflow.subprocesses.values() if not sub.completed]
    for sub in sorted(subprocesses, key=lambda sub: sub.depth, reverse=True):
        while _run_all(sub, ran):
            pass
        task = workflow.get_task_from_id(sub.parent_task_id)
        task.task_spec._update(task)
    moved = _run_all(workflow, ran)
    return moved or len(workflow.get_active_subprocesses()) > len(subprocesses)


def _run_all(one: Any, ran: Callable[[], None]) -> bool:
    ready = _ready_in_order(one)
    for task in ready:
        task.run()
        ran()
    return bool(ready)


def _ready_in_order(one: Any) -> list[Any]:
    """Those of the workflow and of the subprocesses below it, a subprocess before what follows it."""
    if not _some_ready(one):
        return []
    inner = one.top_workflow.subprocesses
    ready, stack = [], [one.task_tree]
    while stack:
        task = stack.pop()
        if is_ready(task):
            ready.append(task)
        if task._state >= TaskState.FUTURE:
            tasks = task.workflow.tasks
            stack += [tasks[child] for child in reversed(task._children)]
        if task.id in inner:
            stack.append(inner[task.id].task_tree)
    return ready


def _some_ready(one: Any) -> bool:
    """In it or below it: the subprocesses of others are not looked at, for there may be hundreds."""
    inner, stack = one.top_workflow.subprocesses, [one]
    while stack:
        for task in stack.pop().tasks.values():
            if is_ready(task):
                return True
            if task.id in inner:
                stack.append(inner[task.id])
    return False


def _open(workflow: Any) -> list[Any]:
    return [one for one in (workflow, *workflow.subprocesses.values()) if not one.completed]


_walk_and_update = Workflow.update_waiting_tasks


def _update_waiting_tasks(workflow: Any) -> None:
    """After every completed task; most often nothing waits."""
    if any(task._state == TaskState.WAITING for task in workflow.tasks.values()):
        _walk_and_update(workflow)


Workflow.update_waiting_tasks = _update_waiting_tasks
