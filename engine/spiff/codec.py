"""Saved state ⇄ running workflow. The specs are not in it: they come from the definition version that the case pins.

One JSON text, canonical for a given history, so that its SHA-256 is the state's fingerprint in the event. A task is
one row; its id is its number within the case; its data is what differs from its parent's, nested values copied so that
nothing is shared.

Format 2: ``{"v", "n": counter, "top": W, "subs": [[task, spec, W], …]}`` with ``W = {"data", "correlations",
"success", "completed", "root", "last", "tasks": [[id, parent, children, state, spec, triggered, changed,
internal_data, updates, deletions], …]}``, parents before children, and a subprocess after the one that calls it. The
first task of a subprocess has as its parent's data those of the task that called it: a hundred children of a
multi-instance task do not each keep the whole case, as in format 1. ``deletions`` is null where nothing is inherited. A
case stays in the format that it began in, so that its events still give the states that they recorded.
"""

from __future__ import annotations

import hashlib
import json
import marshal
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

FORMAT = 2
_READ = (1, FORMAT)
_MASK = (1 << COUNTER_BITS) - 1
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dump(workflow: Any, counter: int, version: int = FORMAT) -> str:
    """The state as text. Raises ``EngineFault`` when case data is not plain JSON."""
    subs = sorted(workflow.subprocesses.items(), key=lambda item: (item[1].depth, item[0].int))
    callers = [workflow.get_task_from_id(task_id).data if version > 1 else {} for task_id, _ in subs]
    state = {
        "v": version,
        "n": counter,
        "top": _dump_one(workflow, {}, version),
        "subs": [
            [task_id.int & _MASK, sub.spec.name, _dump_one(sub, caller, version)]
            for (task_id, sub), caller in zip(subs, callers, strict=True)
        ],
    }
    try:
        return _ENCODER.encode(state)
    except (TypeError, ValueError) as error:
        raise EngineFault(f"Un dato del trámite no se puede guardar: {error}") from error


def canonical(value: Any) -> str:
    return _ENCODER.encode(value)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _deletions(inherited: dict[str, Any], data: dict[str, Any], version: int) -> list[str] | None:
    """What of the parent's data it has not; null: nothing of them at all, as in all that is yet to come."""
    if version > 1 and len(inherited) > 1 and not data:
        return None
    return sorted(inherited.keys() - data.keys())


def version_of(text: str) -> int:
    """The format of a saved state; of one that is damaged, today's."""
    try:
        return int(json.loads(text)["v"])
    except (LookupError, TypeError, ValueError):
        return FORMAT


def _dump_one(one: Any, above: dict[str, Any], version: int) -> dict[str, Any]:
    """``above``: the data that its first task started with."""
    return {
        "data": one.data,
        "correlations": one.correlations,
        "success": one.success,
        "completed": one.completed,
        "root": one.task_tree.id.int & _MASK,
        "last": None if one.last_task is None else one.last_task.id.int & _MASK,
        "tasks": [_dump_task(task, one, above, version) for task in _in_tree_order(one)],
    }


def _in_tree_order(one: Any) -> Iterator[Any]:
    stack = [one.task_tree]
    while stack:
        task = stack.pop()
        yield task
        stack.extend(one.tasks[child] for child in reversed(task._children))


def _dump_task(task: Any, one: Any, above: dict[str, Any], version: int) -> list[Any]:
    parent = one.tasks.get(task._parent)
    inherited = parent.data if parent is not None else above
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
        _deletions(inherited, data, version),
    ]


def load(process: ProcessSpec, case_id: UUID, text: str) -> tuple[Any, int, int]:
    """(workflow, counter, format). Raises ``EngineFault`` for a newer release's format, or a state that is damaged."""
    try:
        return _load(process, case_id, json.loads(text))
    except (LookupError, TypeError, ValueError) as error:
        raise EngineFault("El estado guardado del trámite está dañado, o no es de este diagrama.") from error


def _load(process: ProcessSpec, case_id: UUID, state: Any) -> tuple[Any, int, int]:
    if state["v"] not in _READ:
        raise EngineFault(f"El estado guardado es de un formato {state['v']} que esta versión no lee.")
    base = case_id.int & ~_MASK
    workflow = BpmnWorkflow(process.spec, process.subprocesses, script_engine=SCRIPT_ENGINE, deserializing=True)
    _load_one(workflow, state["top"], base, {})
    for number, spec_name, saved in state["subs"]:
        task_id = UUID(int=base | number)
        task = workflow.get_task_from_id(task_id)
        sub = BpmnSubWorkflow(process.subprocesses[spec_name], task_id, workflow, deserializing=True)
        _load_one(sub, saved, base, task.data if state["v"] > 1 else {})
        workflow.subprocesses[task_id] = sub
        sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow, state["n"], state["v"]


def _load_one(one: Any, saved: dict[str, Any], base: int, caller: dict[str, Any]) -> None:
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
        inherited = caller if above is None else above.data
        task.data = updates if deletions is None or not inherited else _inherited(inherited, updates, deletions)
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
    """Of what JSON held: at the speed of C, for a hundred children of a multi-instance task inherit the same list."""
    return marshal.loads(marshal.dumps(value)) if isinstance(value, dict | list) else value  # noqa: S302 - made here
