"""What was found of a missing acta against what the system holds of it (art. 105, Decreto 1759/72).

Called by the operation ``compare_grades`` before a reconstruida goes to its signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen.acta import Enrolment, get_acta, get_mesa, students_of
from engine.actas.examen.calificacion import Grade, grades_of
from engine.actas.examen.carga import Load, Row
from engine.actas.examen.escala import Escala, NotAGrade, escala


def compare_with_loaded(conn: Connection, load: Load, about_id: UUID) -> list[str]:
    """One sentence for each student whose grade differs from the one that was loaded from the first acta; students are
    matched by their place in the mesa, not by their row. Nothing: all agree. Raises NotFound."""
    about, of = get_acta(conn, about_id), get_acta(conn, load.acta_id)
    scale = escala(get_mesa(conn, about.mesa_id).escala)
    rows = {row.n: row for row in load.rows}
    stated = {one.n: rows.get(one.fila) for one in students_of(conn, of.id)}
    loaded = {grade.fila: grade for grade in grades_of(conn, about_id)}
    return list(_differences(students_of(conn, about_id), stated, loaded, scale)) if loaded else []


def _differences(
    students: Sequence[Enrolment], stated: dict[int, Row | None], loaded: dict[int, Grade], scale: Escala
) -> list[str]:
    found = []
    for one in students:
        was, now = _loaded(loaded.get(one.fila), scale), _stated(stated.get(one.n), scale)
        if now is not None and was != now:
            found.append(f"{one.name}: se transcribió «{now}» y en el sistema consta «{was}».")
    return found


def _loaded(grade: Grade | None, scale: Escala) -> str:
    if grade is None:
        return "sin nota"
    return "ausente" if grade.nota is None else scale.printed(grade.nota)


def _stated(row: Row | None, scale: Escala) -> str | None:
    if row is None:
        return None
    if row.ausente or row.nota is None:
        return "ausente" if row.ausente else "sin nota"
    try:
        return scale.printed(scale.stored(scale.read(row.nota)))
    except NotAGrade:
        return row.nota
