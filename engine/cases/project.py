"""Projects an advance to rows: tasks for the inbox, waits for timers and messages, jobs for the queue, facts for lists.

Everything here can be rebuilt from the events; it exists so that nobody has to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.cases.step import Step
from engine.errors import EngineFault
from engine.spiff import Advance, HumanTask, Thrown, Wait
from engine.storage.search import search_text
from engine.storage.tables import incident, job, task, wait

REQUESTER = "solicitante"
DELIVER_MESSAGE = "deliver_message"
_BOOKKEEPING = frozenset({"tramite", "hecho"})

_OPEN_TASKS, _NEW_WAITS, _NEW_JOBS = task.insert(), wait.insert(), job.insert()
_CLOSE_TASK = task.update().where(task.c.id == sa.bindparam("the_task"))
_CANCEL_JOBS = job.update().where(job.c.key.in_(sa.bindparam("keys", expanding=True)), job.c.status != "done")
_OBSOLETE = incident.update().where(
    incident.c.job_key.in_(sa.bindparam("keys", expanding=True)), incident.c.status == "open"
)
_END_INCIDENTS = incident.update().where(incident.c.case_id == sa.bindparam("the_case"), incident.c.status == "open")
_DROP_WAIT = wait.delete().where(
    wait.c.case_id == sa.bindparam("the_case"),
    wait.c.task_id == sa.bindparam("the_task"),
    wait.c.n == sa.bindparam("the_n"),
)


def event_data(advance: Advance, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the event says: what came in, whole, and all that followed, without its empty parts."""
    followed: dict[str, Any] = {
        "flows": advance.flows,
        "passed": advance.passed,
        "opened": [{"task": str(t.id), "element": t.element} for t in advance.opened],
        "closed": [{"task": str(i), "element": e, "completed": done} for i, e, done in advance.closed],
        "jobs": [{"key": str(c.id), "element": c.element, "operation": c.operation} for c in advance.calls],
        "cancelled": [str(i) for i in advance.calls_gone],
        "changes": {k: v for k, v in advance.changes.items() if k not in _BOOKKEEPING},
        "reads": advance.reads,
        "rescheduled": [{"element": r.element, "old": r.old, "new": r.new} for r in advance.rescheduled],
        "thrown": [{"message": t.message, "correlation": t.correlation} for t in advance.thrown],
        "outcome": advance.outcome if advance.completed else None,
    }
    kept = {key: value for key, value in followed.items() if value not in ([], {}, None)}
    return {**given, **kept, "state": advance.fingerprint}


def case_values(step: Step, advance: Advance) -> dict[str, Any]:
    """The case's title, facts and search words, when a variable that they show has changed."""
    shown = step.definition.manifest.data
    names = {*shown.search, *(name for name in (shown.title, shown.products) if name)}
    fresh = {name: change[1] for name, change in advance.changes.items() if name in names}
    if not fresh:
        return {}
    facts = {**step.row.facts, **fresh}
    title = str(facts.get(shown.title) or step.row.title)[:300] if shown.title else step.row.title
    requester = step.person(step.row.requester_id) if step.row.requester_id else None
    return {"facts": facts, "title": title, "search": words_of(step.row.number, title, requester, facts)}


def words_of(number: str, title: str, requester: Any, facts: Mapping[str, Any]) -> str:
    parts = [number, title]
    if requester is not None:
        parts += [requester.sort_name, requester.identity_number or "", requester.email]
    return search_text([*parts, *_texts(facts)])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def project(step: Step, advance: Advance, due_at: datetime | None, actor: UUID | None, event_n: int) -> None:
    _close_tasks(step, advance, actor)
    _open_tasks(step, advance, due_at)
    if step.office.touched:
        _move_dues(step, due_at)
    _move_own_dates(step, advance)
    _waits(step, advance)
    _jobs(step, advance, event_n)


def _close_tasks(step: Step, advance: Advance, actor: UUID | None) -> None:
    for task_id, _element, done in advance.closed:
        values: dict[str, Any] = {"status": "completed" if done else "cancelled", "closed_at": step.now}
        if done:
            values |= {"closed_by": actor, "assignee_id": actor, "draft": None}
        step.conn.execute(_CLOSE_TASK, {"the_task": task_id, **values})


def _open_tasks(step: Step, advance: Advance, due_at: datetime | None) -> None:
    rows = [_task_row(step, one, advance, due_at) for one in advance.opened]
    if rows:
        step.conn.execute(_OPEN_TASKS, rows)


def _task_row(step: Step, one: HumanTask, advance: Advance, due_at: datetime | None) -> dict[str, Any]:
    role = role_of(step, one)
    own = _own_timer(step, one, advance.waits_new)
    return {
        "id": one.id,
        "case_id": step.row.id,
        "element": one.element,
        "name": one.name[:200],
        "role": role,
        "form": one.form,
        "instance": one.instance,
        "status": "open",
        "assignee_id": step.row.requester_id if role == REQUESTER else None,
        "opened_at": step.now,
        "due_at": own or (step.office.due_of(one.product) if one.product else None) or due_at,
        "paused": one.pauses_term,
        "product": one.product,
    }


def role_of(step: Step, one: HumanTask) -> str:
    role = step.definition.manifest.lanes.get(one.lane or "")
    if role is None:
        raise EngineFault(f"El carril «{one.lane}» de «{one.name}» no tiene función en proceso.toml.")
    if "ambito" not in step.definition.spec.elements[one.element].properties:
        return str(role)
    try:
        return step.engine.people.narrowed(str(role), one.scope or "")
    except ValueError as error:
        raise EngineFault(
            f"«{one.name}» es de una parte de su función, y su «ambito» no dice cuál («{one.scope or ''}»)."
        ) from error


def _own_timer(step: Step, one: HumanTask, waits: list[Wait]) -> datetime | None:
    """When an interrupting timer on the task itself will end it: that is its own due date."""
    own = [w.due_at for w in waits if w.due_at and _ends(step, w) == one.element]
    return min(own, default=None) if one.pauses_term else None


def _ends(step: Step, one: Wait) -> str | None:
    """The element that a timer ends when it fires."""
    element = step.definition.spec.elements[one.element]
    return element.attached_to if element.interrupts else None


def _move_dues(step: Step, due_at: datetime | None) -> None:
    """Open tasks follow the case's term, or that of the product which they make."""
    mine = (task.c.case_id == step.row.id) & (task.c.status == "open") & task.c.paused.is_(False)
    for product in step.conn.scalars(sa.select(task.c.product).where(mine).distinct()).all():
        due = step.office.due_of(product) or due_at if product else due_at
        step.conn.execute(task.update().where(mine, task.c.product.is_not_distinct_from(product)).values(due_at=due))


def _move_own_dates(step: Step, advance: Advance) -> None:
    """A task that its own timer will end is due when that timer is, also after the calendar moved it."""
    before = {(w.task_id, w.n) for w in advance.waits_gone}
    for moved in advance.waits_new:
        element = _ends(step, moved)
        if moved.due_at and element and (moved.task_id, moved.n) in before:
            mine = (task.c.case_id == step.row.id) & (task.c.element == element) & (task.c.status == "open")
            step.conn.execute(task.update().where(mine, task.c.paused).values(due_at=moved.due_at))


def _waits(step: Step, advance: Advance) -> None:
    for gone in advance.waits_gone:
        step.conn.execute(_DROP_WAIT, {"the_case": step.row.id, "the_task": gone.task_id, "the_n": gone.n})
    rows = [
        {
            "case_id": step.row.id,
            "task_id": w.task_id,
            "n": w.n,
            "element": w.element,
            "kind": w.kind,
            "due_at": w.due_at,
            "message": w.message,
            "correlation": (w.correlation or step.row.number) if w.kind == "message" else None,
            "watches": w.watches,
            "notice": w.notice,
        }
        for w in advance.waits_new
    ]
    if not rows:
        return
    try:
        step.conn.execute(_NEW_WAITS, rows)
    except IntegrityError as error:
        raise EngineFault("Ya hay un trámite que espera ese mensaje con la misma clave.") from error


def _jobs(step: Step, advance: Advance, event_n: int) -> None:
    if advance.calls_gone:
        keys = [str(i) for i in advance.calls_gone]
        step.conn.execute(_CANCEL_JOBS, {"keys": keys, "status": "cancelled", "finished_at": step.now})
        step.conn.execute(_OBSOLETE, {"keys": keys, "status": "obsolete", "closed_at": step.now})
    if advance.completed:  # nobody can attend to an incident of a case that ended
        step.conn.execute(_END_INCIDENTS, {"the_case": step.row.id, "status": "obsolete", "closed_at": step.now})
    rows = [
        _job_row(step, str(call.id), call.id, call.element, call.operation, call.parameters) for call in advance.calls
    ]
    rows += [_message_row(step, thrown, f"{step.row.id.hex}-{event_n}-{i}") for i, thrown in enumerate(advance.thrown)]
    if not rows:
        return
    step.conn.execute(_NEW_JOBS, rows)
    for row in rows:
        step.engine.queue.enqueue(step.conn, row["key"])


def notify(step: Step, name: str, operation: str, parameters: dict[str, Any]) -> None:
    """A job that no task of the diagram waits for: something that somebody must know."""
    key = f"{step.row.id.hex}-{name}"
    step.conn.execute(job.insert(), _job_row(step, key, step.row.id, name, operation, parameters))
    step.engine.queue.enqueue(step.conn, key)


def _message_row(step: Step, thrown: Thrown, key: str) -> dict[str, Any]:
    parameters = {"message": thrown.message, "correlation": thrown.correlation, "payload": thrown.payload}
    return _job_row(step, key, step.row.id, thrown.message, DELIVER_MESSAGE, parameters)


def _job_row(
    step: Step, key: str, task_id: UUID, element: str, operation: str, parameters: dict[str, Any]
) -> dict[str, Any]:
    return {
        "key": key,
        "case_id": step.row.id,
        "task_id": task_id,
        "element": element,
        "operation": operation,
        "parameters": parameters,
        "status": "queued",
        "created_at": step.now,
    }
