"""Drops finished history from a workflow's tree, so that its state stays as large as what is still open (rule 4).

Everything above the lowest common ancestor of the live tasks goes; all below it stays, because joins and
multi-instance tasks look at their finished siblings. Each subprocess is pruned by itself. Keeping only the live tasks
would stall an open join. ``tests/unit/spiff`` proves pruned = unpruned on random diagrams and orders.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def prune(workflow: Any) -> int:
    """Prune the case's workflow and its subprocesses in place; the number of tasks that went."""
    _drop_orphans(workflow)
    gone = 0
    for one in (workflow, *list(workflow.subprocesses.values())):
        if one is workflow or workflow.subprocesses.get(one.parent_task_id) is one:  # not gone with its caller
            gone += _prune_one(one, workflow)
    return gone


def _drop_orphans(top: Any) -> None:
    """Subprocesses whose task the library removed with a branch that was not taken."""
    while True:
        there = _all_tasks(top)  # once for all of them: there may be hundreds
        lost = [task_id for task_id in top.subprocesses if task_id not in there]
        if not lost:
            return
        for task_id in lost:
            _forget_subprocess(task_id, top)


def _all_tasks(workflow: Any) -> set[Any]:
    return {task_id for one in (workflow, *workflow.subprocesses.values()) for task_id in one.tasks}


def _prune_one(one: Any, top: Any) -> int:
    live = _live(one)
    if not live:
        return 0
    keep_from = _common_ancestor(one, live)
    root = one.task_tree
    if keep_from is root or keep_from._parent == root.id:
        return 0
    keep = _subtree(one, keep_from)
    before = len(one.tasks)
    for task_id in [t for t in one.tasks if t not in keep and t != root.id]:
        _forget(task_id, one, top)
    keep_from._parent = root.id
    root._children = [keep_from.id]
    if one.last_task is not None and one.last_task.id not in one.tasks:
        one.last_task = None
    return before - len(one.tasks)


def _live(one: Any) -> list[Any]:
    """The live tasks, and the tokens that an open join already holds: the library marks those cancelled."""
    live = [task for task in one.tasks.values() if task._state & LIVE]
    joins = {t.task_spec for t in live if t._state == TaskState.WAITING and isinstance(t.task_spec, UnstructuredJoin)}
    if joins:
        live += [t for t in one.tasks.values() if t._state == TaskState.CANCELLED and t.task_spec in joins]
    return live


def _common_ancestor(one: Any, live: list[Any]) -> Any:
    """The lowest task above (or equal to) all live ones; with a single live task, its parent, whose data it inherits
    from."""
    tasks = one.tasks
    if len(live) == 1:
        return tasks.get(live[0]._parent) or live[0]
    path: list[Any] = []
    task = live[0]
    while task is not None:
        path.append(task)
        task = tasks.get(task._parent)
    depth = {task.id: index for index, task in enumerate(path)}
    lowest = 0
    for other in live[1:]:
        task = other
        while task is not None and task.id not in depth:
            task = tasks.get(task._parent)
        if task is None:
            return one.task_tree
        lowest = max(lowest, depth[task.id])
    return path[lowest]


def _subtree(one: Any, top: Any) -> set[Any]:
    keep, stack = set(), [top.id]
    while stack:
        task_id = stack.pop()
        keep.add(task_id)
        stack.extend(one.tasks[task_id]._children)
    return keep


def _forget(task_id: Any, one: Any, top: Any) -> None:
    task = one.tasks.pop(task_id)
    top.event_manager.tasks.pop(task_id, None)
    if task_id in top.subprocesses:
        _forget_subprocess(task_id, top)
    del task


def _forget_subprocess(task_id: Any, top: Any) -> None:
    inner = top.subprocesses.pop(task_id)
    for inner_id in list(inner.tasks):
        _forget(inner_id, inner, top)
