"""A docente states the grades of an acta in the web's grid, and their task is done (R-37, R-38).

The statement is kept first, whole and for ever (``acta_carga``), then the task is completed with its id as ``carga``;
repeated, both answer the same. What says something else is another statement, though it comes from the same page. When
a mail was first, what was typed is kept all the same, beside the one that counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Day
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import (
    ANNULLED,
    LOCKED,
    Incomplete,
    Load,
    check_load,
    get_acta,
    get_mesa,
    loads_of,
    record_load,
    stated_as,
)
from engine.cases import CompleteTask, Engine, Receipt, TaskInView, complete_task, document_id, task_in_view
from engine.clock import Clock
from engine.errors import NotFound, TaskNotOpen
from engine.storage.tables import event
from engine.storage.unit_of_work import Database

SHEET = "planilla"  # property of a task: the variable that holds its acta
BACKING = "respaldo"  # and the one that holds the file in which the docente stated it
DOCENTE = "docente"
MOST_KEPT = 50  # statements of one acta that come after the one that counts
OVER: Final = "Las calificaciones de esta acta ya no se cargan aquí: lo que escribió no se guardó."
SENT: Final = "Ya había enviado estas calificaciones. Lo que escribió ahora quedó guardado al lado, y no las cambia."


class Desk(Protocol):
    """What grading needs of the application (``engine.app.Cartulario``)."""

    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...


@dataclass(frozen=True, slots=True)
class StateGrades:
    """``rows``: n, nota, letras, ausente, fecha, as they were typed."""

    task_id: UUID
    acta_id: UUID  # whose grid was shown
    actor: UUID
    rows: Sequence[Mapping[str, Any]]
    fecha: Day | None
    inscriptos: int | None
    examinados: int | None
    answers: Mapping[str, Any] = field(default_factory=dict)
    request_id: UUID = field(kw_only=True)


def acta_in_task(view: TaskInView) -> UUID:
    """The acta of a task that has a grid. Raises NotFound."""
    variable = view.definition.spec.elements[view.element].properties.get(SHEET)
    found = document_id(view.data.get(variable)) if variable else None
    if found is None:
        raise NotFound("Esta tarea no tiene una planilla de calificaciones.")
    return UUID(found)


def state_grades(command: StateGrades, desk: Desk) -> Receipt:
    """Raises ``Incomplete`` (nothing is kept), what ``complete_task`` raises, and ``TaskNotOpen`` when another way was
    first, or this page said something else before: a docente's statement is kept then too."""
    complete = CompleteTask(command.task_id, command.actor, command.answers, command.request_id)
    try:
        view = task_in_view(command.task_id, command.actor, None, desk.engine)
    except TaskNotOpen:
        with desk.database.write() as conn:
            counts = _counts(conn, command.request_id)
            late = _keep_late(conn, command, desk)
            again = counts is not None and counts == stated_as(conn, _key(command))
        stated = {"carga": str(counts)} if counts else {}
        complete = replace(complete, answers={**command.answers, **stated})
        receipt = complete_task(complete, desk.engine)  # perhaps by this very request, sent twice
        if not again:
            raise TaskNotOpen(SENT if late else OVER) from None
        return receipt
    if acta_in_task(view) != command.acta_id:
        raise NotFound("La planilla es de otra acta.")
    source = "web" if view.role.partition(":")[0] == DOCENTE else "mano"
    with desk.database.write() as conn:
        load = _record(conn, command, desk, source, _backing(view))
        if faults := check_load(conn, load, desk.engine.zone):
            raise Incomplete(faults)
    return complete_task(replace(complete, answers={**command.answers, "carga": str(load.id)}), desk.engine)


def _backing(view: TaskInView) -> UUID | None:
    """The file that backs what is loaded here by who did not examine."""
    variable = view.definition.spec.elements[view.element].properties.get(BACKING)
    told = view.data.get(variable) if variable else None
    found = document_id(told[0] if isinstance(told, list) and told else told)
    return UUID(found) if found else None


def _counts(conn: Connection, request_id: UUID) -> UUID | None:
    """The statement with which this request completed its task."""
    done = conn.scalar(sa.select(event.c.data).where(event.c.request_id == request_id))
    found = document_id(json.loads(done).get("answers", {}).get("carga")) if done else None
    return UUID(found) if found else None


def _keep_late(conn: Connection, command: StateGrades, desk: Desk) -> bool:
    """Whether it is kept: a docente's own, of an acta that may still change, and not without end."""
    acta = get_acta(conn, command.acta_id)
    if acta.state in (*LOCKED, ANNULLED) or get_mesa(conn, acta.mesa_id).docente_id != command.actor:
        return False
    if stated_as(conn, _key(command)) is None and len(loads_of(conn, acta.id)) >= MOST_KEPT:
        return False
    _record(conn, command, desk, "web")
    return True


def _record(conn: Connection, command: StateGrades, desk: Desk, source: str, document_id: UUID | None = None) -> Load:
    return record_load(
        conn,
        command.acta_id,
        source=source,
        rows=command.rows,
        by=command.actor,
        at=desk.clock.now(),
        fecha=command.fecha,
        inscriptos=command.inscriptos,
        examinados=command.examinados,
        document_id=document_id,
        job_key=_key(command),
    )


def _key(command: StateGrades) -> str:
    """Of the request and of what it says: a grade put right and sent again from the same page is another statement."""
    said = [list(map(dict, command.rows)), command.fecha, command.inscriptos, command.examinados]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    return f"planilla:{command.request_id}:{digest[:16]}"
