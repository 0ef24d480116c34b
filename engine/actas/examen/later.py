"""Rectificativas and reconstruidas: new, numbered actas that are about a locked one, which itself never changes (R-7,
R-48, R-51, R-55). Called by the operations of their processes; from there they run the same circuit as any acta.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Acta, Enrolment, actas_about, get_acta, students_of
from engine.actas.examen.elsewhere import enrolled_now, first_mesa
from engine.actas.examen.libro import allocate
from engine.actas.examen.lineage import REBUILT, line_of, rebuilt_as
from engine.actas.examen.mesa import acta_search, plain
from engine.actas.examen.state import ANNULLED, LOCKED, write_step
from engine.actas.examen.student import LONGEST_NAME, Student, read_student
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import acta, acta_renglon, inscripcion, mesa_examen

CORRECTABLE = ("expediente", "apellidos", "nombres", "tipo", "documento")
_SOUND = {"expediente": "1", "apellidos": "A", "nombres": "A", "tipo": "DNI", "documento": "10000000"}


def open_rectification(
    conn: Connection,
    acta_id: UUID,
    *,
    reason: str,
    capacity: int,
    job_key: str,
    by: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    case_id: UUID | None = None,
    filas: Sequence[int] | None = None,
    corrected: Mapping[int, Mapping[str, str]] | None = None,
    country: str = "AR",
) -> UUID:
    """The new acta's id. ``filas``: whom of the locked one it is about, none: all; ``corrected``: by row, what of the
    student's data was wrong; ``country``: whose rules a cédula follows. Grades come as for any acta. Raises Conflict,
    InvalidAnswers, NotFound."""
    about = (reason, capacity, job_key, by, at, zone, case_id, filas, corrected, country)
    return _open(conn, acta_id, "rectificativa", *about)


def open_reconstruction(
    conn: Connection,
    acta_id: UUID,
    *,
    reason: str,
    capacity: int,
    job_key: str,
    by: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    case_id: UUID | None = None,
) -> UUID:
    """The acta that takes the place of one that is missing (art. 105, Decreto 1759/72): the same students, as it had
    them, a new folio. What was rectified of it stays rectified. Raises Conflict, InvalidAnswers, NotFound."""
    return _open(conn, acta_id, REBUILT, reason, capacity, job_key, by, at, zone, case_id, None, None, "")


def _open(
    conn: Connection,
    about_id: UUID,
    kind: str,
    reason: str,
    capacity: int,
    job_key: str,
    by: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    case_id: UUID | None,
    filas: Sequence[int] | None,
    corrected: Mapping[int, Mapping[str, str]] | None,
    country: str,
) -> UUID:
    about = get_acta(conn, about_id)
    for mesa_id in dict.fromkeys((first_mesa(conn, about.mesa_id), about.mesa_id)):  # one at a time, of the whole exam
        conn.execute(sa.select(mesa_examen.c.id).where(mesa_examen.c.id == mesa_id).with_for_update())
    if (done := conn.scalar(sa.select(acta.c.id).where(acta.c.job_key == job_key))) is not None:
        return UUID(str(done))
    if about.state not in LOCKED:
        raise Conflict(f"El acta {about.base} no está bloqueada: todavía se corrige en su propio trámite.")
    if not reason.strip():
        raise InvalidAnswers({"motivo": "Diga por qué se hace esta acta: queda en ella para siempre."})
    for other in actas_about(conn, about_id):
        if other.kind == kind and other.state not in (*LOCKED, ANNULLED):
            raise Conflict(f"El acta {about.base} ya tiene una {kind} en trámite: la {other.base}.")
    rows = _chosen(students_of(conn, about_id), filas)
    if kind == REBUILT:
        _not_rebuilt(conn, about)
    else:
        _still_hold(conn, about, rows)
    mended = _mended(rows, corrected or {}, country)
    _nobody_twice(conn, about.mesa_id, rows, mended)
    folios = allocate(conn, at.astimezone(zone).year, 1, capacity, at)
    (base,) = folios.bases()
    made, last = uuid4(), conn.scalar(sa.select(sa.func.max(acta.c.n)).where(acta.c.mesa_id == about.mesa_id)) or 0
    named = [_whole(one, mended[one.fila]) for one in rows]
    values: dict[str, Any] = {
        "id": made, "mesa_id": about.mesa_id, "n": last + 1, "libro_id": folios.libro_id, "folio": folios.first,
        "base": base, "kind": kind, "about_id": about_id, "reason": reason.strip(), "case_id": case_id,
        "job_key": job_key, "created_at": at, "state": "generada", "state_at": at,
        "search": acta_search(conn, about.mesa_id, base, named),
    }  # fmt: skip
    conn.execute(acta.insert().values(values))
    enrolled = _originals(conn, about.mesa_id)
    for fila, one in enumerate(rows, 1):
        row = {"acta_id": made, "fila": fila, "mesa_id": about.mesa_id, "n": one.n}
        conn.execute(acta_renglon.insert().values(row | {"corrected": _kept(enrolled[one.n], one, mended[one.fila])}))
    write_step(conn, made, None, "generada", job_key=f"{base} generada", by=by, at=at, note=reason.strip())
    return made


def _chosen(rows: Sequence[Enrolment], filas: Sequence[int] | None) -> list[Enrolment]:
    if filas is None:
        return list(rows)
    wanted, known = set(filas), {one.fila for one in rows}
    if not wanted or not wanted <= known:
        raise InvalidAnswers({"filas": f"Elija filas del acta, de 1 a {len(rows)}."})
    return [one for one in rows if one.fila in wanted]


def _not_rebuilt(conn: Connection, about: Acta) -> None:
    if (taken := rebuilt_as(conn, about.id)) is not None:
        raise Conflict(
            f"El acta {about.base} ya fue reconstruida y la {taken.base} tiene su lugar: si falta también esa, "
            f"reconstruya la {taken.base}."
        )


def _still_hold(conn: Connection, about: Acta, rows: Sequence[Enrolment]) -> None:
    """A row is put right by one rectificativa only, and then that one is what a later one is about: nothing is undone
    unseen, nor by way of an acta that was rebuilt."""
    line = line_of(conn, about.id)
    if (last := line[-1]).id != about.id:
        raise Conflict(f"La reconstruida {last.base} tiene el lugar del acta {about.base}: rectifique la {last.base}.")
    wanted = {one.n: one.fila for one in rows}
    for other in (later for said in line for later in actas_about(conn, said.id)):
        if other.state == ANNULLED or other.kind == REBUILT:
            continue
        filas = sorted(wanted[one.n] for one in students_of(conn, other.id) if one.n in wanted)
        if filas:
            which = ("la fila " if len(filas) == 1 else "las filas ") + ", ".join(str(fila) for fila in filas)
            holds = line_of(conn, other.id)[-1]
            raise Conflict(
                f"La {other.kind} {other.base} ya trata de {which} del acta {about.base}: rectifique aquella, la "
                f"{holds.base}, para no deshacer lo que dice."
            )


def _mended(
    rows: Sequence[Enrolment], corrected: Mapping[int, Mapping[str, str]], country: str
) -> dict[int, dict[str, str]]:
    """By row of the first acta, what of the student's data is put right, judged as a row of an enrolled list is."""
    if not set(corrected) <= {one.fila for one in rows}:
        raise InvalidAnswers({"filas": "Se corrigen datos de filas que esta acta no lleva."})
    made: dict[int, dict[str, str]] = {}
    for one in rows:
        changes = {name: plain(text) for name, text in corrected.get(one.fila, {}).items()}
        if not set(changes) <= set(CORRECTABLE):
            raise InvalidAnswers({"filas": f"De un alumno se corrigen: {', '.join(CORRECTABLE)}."})
        made[one.fila] = changes
        if changes:
            made[one.fila] = _judged(one, changes, country)
    return made


def _judged(one: Enrolment, changes: Mapping[str, str], country: str) -> dict[str, str]:
    """As it is kept. What is not changed was judged when it came; a kind and its document go together."""
    whole = asdict(_whole(one, changes))
    looked_at = {*changes, *(("tipo", "documento") if {"tipo", "documento"} & set(changes) else ())}
    student, faults = read_student(_SOUND | {name: whole[name] for name in looked_at}, country)
    if student is not None and len(_whole(one, changes).name) > LONGEST_NAME:
        faults = [f"El apellido y el nombre pasan de {LONGEST_NAME} letras: consulte cómo abreviarlos."]
    if student is None or faults:
        raise InvalidAnswers({"filas": f"Fila {one.fila}: {' '.join(faults)}"})
    return {name: getattr(student, name) for name in changes}


def _whole(one: Enrolment, changes: Mapping[str, str]) -> Student:
    return Student(**{name: getattr(one, name) for name in CORRECTABLE} | dict(changes))


def _nobody_twice(
    conn: Connection, mesa_id: UUID, rows: Sequence[Enrolment], mended: Mapping[int, Mapping[str, str]]
) -> None:
    """Put right, a student is not another one of the exam: he would have two grades of it, the other none."""
    held = {place: _whole(student, {}) for place, (_, student) in enrolled_now(conn, mesa_id).items()}
    held |= {(mesa_id, one.n): _whole(one, mended[one.fila]) for one in rows}
    for one in rows:
        own = (mesa_id, one.n)
        same = [place for place, student in held.items() if place != own and student.identity == held[own].identity]
        if mended[one.fila] and same:
            other = held[same[0]]
            raise InvalidAnswers(
                {"filas": f"Fila {one.fila}: {other.tipo} {other.documento} es de {other.name}, de esta misma mesa."}
            )


def _originals(conn: Connection, mesa_id: UUID) -> dict[int, Any]:
    """The students as they were enrolled, by number."""
    return {row.n: row for row in conn.execute(sa.select(inscripcion).where(inscripcion.c.mesa_id == mesa_id))}


def _kept(enrolled: Any, one: Enrolment, changes: Mapping[str, str]) -> dict[str, str] | None:
    """What differs from the enrolment: corrections of an earlier rectificativa hold on in those about it."""
    now = {name: changes.get(name, getattr(one, name)) for name in CORRECTABLE}
    return {name: text for name, text in now.items() if text != getattr(enrolled, name)} or None
