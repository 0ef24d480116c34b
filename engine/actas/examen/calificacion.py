"""The grades in the system: loaded by SGPyEC from a signed acta whose signature was found valid (R-7, R-47).

Called by the operation after validation, and read by pages and exports. A grade is written once and never rewritten:
the database refuses it too. What a docente stated before that is in ``carga``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import get_mesa, students_of
from engine.actas.examen.carga import Row, get_load
from engine.actas.examen.escala import ABSENT, Escala, NotAGrade, escala
from engine.actas.examen.state import lock_row, repeated, require_signed, step
from engine.errors import Conflict
from engine.storage.tables import calificacion


@dataclass(frozen=True, slots=True)
class Grade:
    fila: int
    nota: str | None  # "8.5"; none: absent
    letras: str
    ausente: bool
    fecha: Day
    condicion: str  # aprobado | desaprobado | ausente


def load_grades(conn: Connection, acta_id: UUID, *, job_key: str, by: UUID | None, at: datetime) -> int:
    """How many; the acta is then «con notas». What was accepted and signed is loaded, whatever is asked of a statement
    since. Raises Conflict when it is not signed, not valid or has no statement of these students."""
    row = lock_row(conn, acta_id)
    if repeated(conn, acta_id, "con_notas", job_key):
        return len(grades_of(conn, acta_id))
    if row.state != "validada":
        raise Conflict(f"El acta {row.base} no está validada: las notas se cargan después de validar su firma (R-47).")
    require_signed(conn, row.base, row.final_document_id)
    if row.carga_id is None:
        raise Conflict(f"El acta {row.base} no tiene una carga aceptada.")
    load, mesa = get_load(conn, row.carga_id), get_mesa(conn, row.mesa_id)
    said: dict[int, Row] = {one.n: one for one in load.rows}
    scale, grades, students = escala(mesa.escala), [], students_of(conn, acta_id)
    if {one.fila for one in students} != set(said) or any(not _is_one(one, scale) for one in said.values()):
        raise Conflict(f"La carga aceptada del acta {row.base} ya no corresponde a sus inscriptos: devuélvala.")
    for student in students:
        stated = said[student.fila]
        stored = None if stated.ausente or stated.nota is None else scale.stored(scale.read(stated.nota))
        grades.append(
            {
                "acta_id": acta_id,
                "fila": student.fila,
                "nota": stored,
                "letras": ABSENT if stored is None else scale.letters(scale.read(stored)),
                "ausente": stored is None,
                "fecha": stated.fecha or load.fecha or mesa.fecha,
                "condicion": scale.condition(stored),
            }
        )
    conn.execute(calificacion.insert(), grades)
    step(conn, row, "con_notas", job_key=job_key, by=by, at=at, document_id=row.final_document_id)
    return len(grades)


def _is_one(row: Row, scale: Escala) -> bool:
    """A grade of the scale, or «ausente»."""
    try:
        return row.ausente is (row.nota is None) and (row.nota is None or bool(scale.read(row.nota).is_finite()))
    except NotAGrade:
        return False


def grades_of(conn: Connection, acta_id: UUID) -> Sequence[Grade]:
    """The loaded grades of an acta, by row; none before it was signed and found valid."""
    columns = [calificacion.c[name] for name in Grade.__dataclass_fields__]
    query = sa.select(*columns).where(calificacion.c.acta_id == acta_id).order_by(calificacion.c.fila)
    return [Grade(*row) for row in conn.execute(query)]
