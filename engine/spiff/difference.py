"""Two looks at a running workflow, before a command and after it, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.advance import Advance, HumanTask, ServiceCall, Wait
from engine.spiff.expressions import evaluate
from engine.spiff.moment import Moment
from engine.spiff.parsing import Element, ProcessSpec
from engine.spiff.tasks import WaitingServiceTask
from engine.spiff.waiting import waits_of


@dataclass(frozen=True)
class Look:
    """What waits for somebody or something outside."""

    humans: Mapping[UUID, Any] = field(default_factory=dict)  # library tasks
    calls: Mapping[UUID, Any] = field(default_factory=dict)
    waits: Mapping[tuple[UUID, int], Wait] = field(default_factory=dict)


def every_workflow(workflow: Any) -> list[Any]:
    return [workflow, *workflow.subprocesses.values()]


def look(workflow: Any) -> Look:
    if workflow is None:
        return Look()
    humans, calls = {}, {}
    for one in every_workflow(workflow):
        for task in one.tasks.values():
            if task._state == TaskState.READY and task.task_spec.manual:
                humans[task.id] = task
            elif task._state == TaskState.STARTED and isinstance(task.task_spec, WaitingServiceTask):
                calls[task.id] = task
    return Look(humans, calls, {(w.task_id, w.n): w for w in waits_of(workflow)})


def describe(process: ProcessSpec, moment: Moment, before: Look, after: Look, advance: Advance) -> None:
    """Fill the advance: what opened and closed, the way that was taken, the variables that changed."""
    done = {task.id for task, _ in moment.passed}
    advance.opened = [_human(process, t) for i, t in after.humans.items() if i not in before.humans]
    advance.closed = [(i, t.task_spec.bpmn_id, i in done) for i, t in before.humans.items() if i not in after.humans]
    advance.calls = [_call(t) for i, t in after.calls.items() if i not in before.calls]
    advance.calls_gone = [i for i in before.calls if i not in after.calls and i not in done]
    advance.calls_done = [i for i in before.calls if i not in after.calls and i in done]
    advance.waits_new = [w for k, w in after.waits.items() if before.waits.get(k) != w]
    advance.waits_gone = [w for k, w in before.waits.items() if after.waits.get(k) != w]
    flows = (process.flow_between(source, target) for source, target in moment.entered)
    advance.flows = [flow for flow in flows if flow is not None]
    advance.reads = moment.reads
    for task, data in moment.passed:
        element = process.elements.get(task.task_spec.bpmn_id or "")
        if element is not None and not isinstance(task.task_spec, LoopTask):
            _passed(process, element, task, data, advance)


def _passed(process: ProcessSpec, element: Element, task: Any, before: Mapping[str, Any], advance: Advance) -> None:
    advance.passed.append(element.id)
    if element.kind == "endEvent" and element.parent is None and element.process == process.id:
        advance.outcome = element.properties.get("desenlace") or element.id
    if element.kind.endswith("Gateway"):
        return  # a join only brings together what its branches changed
    for key, value in task.data.items():
        old = before.get(key)
        if old != value:
            advance.changes[key] = [advance.changes.get(key, [old])[0], value]


def _human(process: ProcessSpec, task: Any) -> HumanTask:
    element = process.elements[task.task_spec.bpmn_id]
    label = _told(element, "rotulo", task)
    key = label or task.internal_data.get("key_or_index", task.internal_data.get("item"))
    return HumanTask(
        task.id,
        element.id,
        " · ".join(filter(None, (element.name or element.id, label))),
        element.lane,
        element.form,
        None if key is None else str(key)[:120],
        element.pauses_term,
        _told(element, "producto", task),
        _told(element, "ambito", task),
    )


def _told(element: Element, name: str, task: Any) -> str | None:
    """What a property that is an expression says here."""
    expression = element.properties.get(name)
    value = evaluate(expression, task.data) if expression else None
    return None if value is None else str(value)[:80]


def _call(task: Any) -> ServiceCall:
    work = task.internal_data["trabajo"]
    return ServiceCall(task.id, task.task_spec.bpmn_id, work["operacion"], work["parametros"])
