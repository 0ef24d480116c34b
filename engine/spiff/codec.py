"""Saved state ⇄ running workflow. The specs are not in it: they come from the definition version that the case pins.

One JSON text, canonical for a given history, so that its SHA-256 is the state's fingerprint in the event. A task is
one row; its id is its number within the case; its data is what differs from its parent's, nested values copied so that
nothing is shared.

Format 1: ``{"v", "n": counter, "top": W, "subs": [[task, spec, W], …]}`` with ``W = {"data", "correlations",
"success", "completed", "root", "last", "tasks": [[id, parent, children, state, spec, triggered, changed,
internal_data, updates, deletions], …]}``, parents before children.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import EngineFault
from engine.spiff.expressions import SCRIPT_ENGINE
from engine.spiff.moment import COUNTER_BITS
from engine.spiff.parsing import ProcessSpec

FORMAT = 1
_MASK = (1 << COUNTER_BITS) - 1
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dump(workflow: Any, counter: int) -> str:
    """The state as text. Raises ``EngineFault`` when case data is not plain JSON."""
    subs = sorted(workflow.subprocesses.items(), key=lambda item: (item[1].depth, item[0].int))
    state = {
        "v": FORMAT,
        "n": counter,
        "top": _dump_one(workflow),
        "subs": [[task_id.int & _MASK, sub.spec.name, _dump_one(sub)] for task_id, sub in subs],
    }
    try:
        return _ENCODER.encode(state)
    except (TypeError, ValueError) as error:
        raise EngineFault(f"Un dato del trámite no se puede guardar: {error}") from error


def canonical(value: Any) -> str:
    return _ENCODER.encode(value)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _dump_one(one: Any) -> dict[str, Any]:
    return {
        "data": one.data,
        "correlations": one.correlations,
        "success": one.success,
        "completed": one.completed,
        "root": one.task_tree.id.int & _MASK,
        "last": None if one.last_task is None else one.last_task.id.int & _MASK,
        "tasks": [_dump_task(task, one) for task in _in_tree_order(one)],
    }


def _in_tree_order(one: Any) -> Iterator[Any]:
    stack = [one.task_tree]
    while stack:
        task = stack.pop()
        yield task
        stack.extend(one.tasks[child] for child in reversed(task._children))


def _dump_task(task: Any, one: Any) -> list[Any]:
    parent = one.tasks.get(task._parent)
    inherited = parent.data if parent is not None else {}
    data = task.data
    return [
        task.id.int & _MASK,
        None if parent is None else parent.id.int & _MASK,
        [child.int & _MASK for child in task._children],
        task._state,
        task.task_spec.name,
        1 if task.triggered else 0,
        task.last_state_change,
        {key: value for key, value in task.internal_data.items() if key != "seen_events"},
        {k: v for k, v in data.items() if k not in inherited or inherited[k] != v},
        sorted(k for k in inherited if k not in data) if inherited else [],
    ]


def load(process: ProcessSpec, case_id: UUID, text: str) -> tuple[Any, int]:
    """(workflow, counter). Raises ``EngineFault`` for a format of a newer release, or a state that is damaged."""
    try:
        return _load(process, case_id, json.loads(text))
    except (LookupError, TypeError, ValueError) as error:
        raise EngineFault("El estado guardado del trámite está dañado, o no es de este diagrama.") from error


def _load(process: ProcessSpec, case_id: UUID, state: Any) -> tuple[Any, int]:
    if state["v"] != FORMAT:
        raise EngineFault(f"El estado guardado es de un formato {state['v']} que esta versión no lee.")
    base = case_id.int & ~_MASK
    workflow = BpmnWorkflow(process.spec, process.subprocesses, script_engine=SCRIPT_ENGINE, deserializing=True)
    _load_one(workflow, state["top"], base)
    for number, spec_name, saved in state["subs"]:
        task_id = UUID(int=base | number)
        task = workflow.get_task_from_id(task_id)
        sub = BpmnSubWorkflow(process.subprocesses[spec_name], task_id, workflow, deserializing=True)
        _load_one(sub, saved, base)
        workflow.subprocesses[task_id] = sub
        sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow, state["n"]


def _load_one(one: Any, saved: dict[str, Any], base: int) -> None:
    manager, specs, tasks = one.top_workflow.event_manager, one.spec.task_specs, one.tasks
    ids = {row[0]: UUID(int=base | row[0]) for row in saved["tasks"]}  # one object for each: dicts find it by identity
    for number, parent, children, state, spec, triggered, changed, internal, updates, deletions in saved["tasks"]:
        task = Task.__new__(Task)  # its constructor would do the same, slower
        tasks[ids[number]] = task
        above = None if parent is None else tasks[ids[parent]]
        task.id = ids[number]
        task.workflow = one
        task._parent = None if parent is None else ids[parent]
        task._children = [ids[child] for child in children]
        task._state = state
        task.triggered = bool(triggered)
        task.task_spec = specs[spec]
        task.thread_id = Task.thread_id_pool
        task.data = updates if above is None or not above.data else _inherited(above.data, updates, deletions)
        task.internal_data = internal
        task.last_state_change = changed
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            manager.add_task(task)
    one.task_tree = tasks[ids[saved["root"]]]
    one.last_task = None if saved["last"] is None else tasks.get(UUID(int=base | saved["last"]))
    one.data, one.correlations = saved["data"], saved["correlations"]
    one.success, one.completed = saved["success"], saved["completed"]


def _inherited(above: dict[str, Any], updates: dict[str, Any], deletions: list[str]) -> dict[str, Any]:
    own = {*updates, *deletions}
    return {k: _copy(v) for k, v in above.items() if k not in own} | updates


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_copy(v) for v in value]
    return value
