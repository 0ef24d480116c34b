"""Complete one person's task.

Called by the inbox, the requester's page, the API, the signing desk and the mail reader. Of two who complete the same
task one wins and the other reads who was first; a repeated request_id changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import uploads
from engine.cases.access import require_task
from engine.cases.catalogue import catalogues_of
from engine.cases.engine import Engine, Receipt, SignatureEvidence
from engine.cases.idempotence import ASKED, digest_of, once, was_asked
from engine.cases.record import record
from engine.cases.step import Step, open_step
from engine.errors import CaseClosed, InvalidAnswers, NotFound, SignatureRefused, TaskNotOpen
from engine.spiff import evaluate
from engine.storage.tables import document, task

SHEET, STATEMENT = "planilla", "carga"  # the property of a task with a grid; the answer that holds what was stated

_TASK = sa.select(task.c.element, task.c.role, task.c.form, task.c.status, task.c.assignee_id, task.c.closed_by).where(
    task.c.id == sa.bindparam("the_task")
)


@dataclass(frozen=True, slots=True)
class CompleteTask:
    task_id: UUID
    actor: UUID
    answers: Mapping[str, Any]
    request_id: UUID
    signature: SignatureEvidence | None = None


def complete_task(command: CompleteTask, engine: Engine) -> Receipt:
    """Raises ``NotFound`` (not theirs), ``TaskTaken``, ``TaskNotOpen``, ``InvalidAnswers``, ``SignatureRefused``."""
    return once(
        engine,
        command.request_id,
        "task_completed",
        lambda: _complete(command, engine),
        same=lambda earlier: (
            earlier.actor == command.actor
            and str(command.task_id) in earlier.data
            and was_asked(engine, earlier, command.answers)
        ),
    )


def _complete(command: CompleteTask, engine: Engine) -> Receipt:
    now = engine.clock.now()
    with engine.database.write() as conn:
        step, row = open_task(conn, engine, command.task_id, now)
        require_task(step, row, command.actor)
        if row.status != "open":
            raise TaskNotOpen(_who_was_first(step, row))
        data = step.execution.task_data(command.task_id)
        answers, form = _clean(step, row, command, data)
        _require_statement(step, row.element, command, answers, data)
        given: dict[str, Any] = {"answers": answers, ASKED: digest_of(conn, command.answers)}
        signed = _signed(step, row.element, command, {**data, **answers})
        if signed is not None:
            answers |= signed
            given |= {"signed": signed, "signature": command.signature.summary if command.signature else None}
        done = {
            "por": step.person(command.actor).full_name,
            "quien": str(command.actor),
            "el": now.isoformat(timespec="seconds"),
        }
        given["hecho"] = done
        advance = step.execution.complete(
            command.task_id, answers | {"hecho": {**data.get("hecho", {}), row.element: done}}, now, step.office
        )
        if form is not None:
            uploads.attach(conn, form, answers, step.row.id)
            given |= uploads.told(conn, form, answers)
        if signed and command.signature is not None:
            _issue(step, command.signature.signed)
        return record(
            step,
            "task_completed",
            advance,
            given | {"task": str(command.task_id)},
            element=row.element,
            actor=command.actor,
            request_id=command.request_id,
        )


def open_task(conn: Connection, engine: Engine, task_id: UUID, now: datetime, *, lock: bool = True) -> tuple[Step, Any]:
    """The task's case, locked, and the task's row as it stands under that lock."""
    try:
        step = open_step(conn, engine, task_id, now, of="task", lock=lock)
    except CaseClosed as error:
        raise TaskNotOpen("Este trámite ya terminó: la tarea se cerró con él.") from error
    row = conn.execute(_TASK, {"the_task": task_id}).one_or_none()
    if row is None:
        raise NotFound()
    return step, row


def _who_was_first(step: Step, row: Any) -> str:
    if row.status == "completed" and row.closed_by is not None:
        return f"Esta tarea ya la completó {step.person(row.closed_by).full_name}."
    return "Esta tarea ya no hace falta: el trámite siguió otro camino."


def _clean(step: Step, row: Any, command: CompleteTask, data: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    if row.form is None:
        uploads.refuse_all(command.answers)
        return {}, None
    form = step.definition.forms[row.form]
    allowed = uploads.offered(step.conn, form, command.answers, command.actor, step.row.id)
    today = step.now.astimezone(step.engine.zone).date().isoformat()
    offered = catalogues_of(step.conn, step.engine, form, command.actor, step.row.process, step.now)
    return form.clean(dict(command.answers), {**data, **offered, "uploads": allowed, "hoy": today}), form


def _require_statement(
    step: Step, element: str, command: CompleteTask, answers: Mapping[str, Any], data: Mapping[str, Any]
) -> None:
    """Grades are stated first (``inbound.grade_task``): a task with a grid completes only with what its own doer stated
    of its acta. Anything else would stop the acta for good."""
    variable = step.definition.spec.elements[element].properties.get(SHEET)
    if variable is None:
        return
    if not step.engine.stated(step.conn, document_id(data.get(variable)), answers.get(STATEMENT), command.actor):
        raise InvalidAnswers({STATEMENT: "Cargue las calificaciones en la planilla del acta y envíelas desde allí."})


def _signed(step: Step, element: str, command: CompleteTask, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """N-4: a task that asks for a signature completes only with one made by the person who completes it, over the
    document that the task shows. An answer that leaves by another way than signing (a return) brings no evidence."""
    variable = step.definition.spec.elements[element].properties.get("firma")
    if variable is None:
        return None
    if not wants_signature(step.definition.spec.elements[element].properties, data):
        return {}
    evidence, value = command.signature, data.get(variable)
    if evidence is None or evidence.signer != command.actor or str(evidence.unsigned) != document_id(value):
        raise SignatureRefused("Esta tarea se completa firmando el documento que muestra, con su propio certificado.")
    if isinstance(value, dict):
        return {variable: {**value, "id": str(evidence.signed), "firmado": True}}
    return {variable: str(evidence.signed)}


def _issue(step: Step, signed: UUID) -> None:
    """From now on the signed document is one of ours: had the case been withdrawn meanwhile, it would never be."""
    mine = (document.c.id == signed) & (document.c.case_id == step.row.id)
    step.conn.execute(document.update().where(mine).values(kind="issued"))


def wants_signature(properties: Mapping[str, str], data: Mapping[str, Any]) -> bool:
    """``firmaSi``, an expression over the case data with the answers, limits the signature; without it, it is always
    asked for. Raises ``EngineFault`` when it cannot be computed."""
    condition = properties.get("firmaSi")
    return not condition or bool(evaluate(condition, data))


def document_id(value: Any) -> str | None:
    """The id held by a document variable: the id itself, or the whole result of the operation that made it."""
    if isinstance(value, dict):
        value = value.get("id")
    return None if value is None else str(value)
