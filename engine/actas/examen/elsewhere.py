"""Students of a list who are in another acta of the same course already: for a person to look at, never a refusal; and
the mesas that a complementary list ties together, of which nobody is in two.

Called when a list is compared before its actas are numbered, when a mesa is opened, and by an acta's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Day
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.acta import Enrolment, students_of_all
from engine.actas.examen.lineage import REBUILT
from engine.actas.examen.state import ANNULLED, LOCKED
from engine.actas.examen.student import identity_of, numbers_of
from engine.errors import NotFound
from engine.storage.tables import acta, inscripcion, mesa_examen

_AT_A_TIME = 300  # students; each may be written in several ways


class Identified(Protocol):
    @property
    def tipo(self) -> str: ...
    @property
    def documento(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A student's row of another acta."""

    identity: str
    base: str
    state: str
    codigo: str
    fecha: Day  # of its mesa
    mesa_id: UUID

    @property
    def open(self) -> bool:
        return self.state not in LOCKED


@dataclass(frozen=True, slots=True)
class Companion:
    """A mesa of the same exam: the first one, or one that a complementary list opened."""

    mesa_id: UUID
    first: bool
    bases: tuple[str, ...]


def enrolled_elsewhere(
    conn: Connection,
    students: Sequence[Identified],
    codigo: str,
    fecha: Day,
    *,
    but: Iterable[UUID] = (),
    seen: ColumnElement[bool] | None = None,
) -> dict[str, list[Elsewhere]]:
    """By identity: who is in another mesa of that course on that day, or in an acta of it that is not locked yet.
    Annulled actas are nobody's. ``but``: mesas that do not count; ``seen``: those that the reader may see."""
    wanted = codigo.strip().casefold()
    condition = mesa_examen.c.id.not_in(list(but))
    found: dict[str, list[Elsewhere]] = {}
    for one in _rows(conn, students, condition if seen is None else condition & seen):
        if one.codigo.strip().casefold() == wanted and (one.fecha == fecha or one.open):
            found.setdefault(one.identity, []).append(one)
    return found


def already_enrolled(conn: Connection, first: UUID, students: Sequence[Identified]) -> dict[str, str]:
    """By identity: in which acta of that exam they are, as a rectificativa has put their data right."""
    held = {student.identity: base for base, student in enrolled_now(conn, first).values()}
    wanted = {identity_of(one.tipo, one.documento) for one in students}
    return {identity: base for identity, base in held.items() if identity in wanted}


def enrolled_now(conn: Connection, mesa_id: UUID) -> dict[tuple[UUID, int], tuple[str, Enrolment]]:
    """By mesa and number in it, everybody of an exam and the acta that says who he is; annulled actas say nothing."""
    first, of = first_mesa(conn, mesa_id), mesa_examen.c
    query = (
        sa.select(acta.c.id, acta.c.mesa_id, acta.c.base)
        .join_from(acta, mesa_examen, acta.c.mesa_id == of.id)
        .where(sa.or_(of.id == first, of.completes_id == first), acta.c.state != ANNULLED, acta.c.kind != REBUILT)
        .order_by(acta.c.mesa_id, acta.c.n)  # what is rectified later holds; a rebuilt acta only repeats
    )
    said = conn.execute(query).all()
    rows = students_of_all(conn, [one.id for one in said])
    return {(one.mesa_id, student.n): (one.base, student) for one in said for student in rows[one.id]}


def first_mesa(conn: Connection, mesa_id: UUID) -> UUID:
    """Itself, or the one that it completes. Raises NotFound."""
    query = sa.select(sa.func.coalesce(mesa_examen.c.completes_id, mesa_examen.c.id))
    found = conn.scalar(query.where(mesa_examen.c.id == mesa_id))
    if found is None:
        raise NotFound("Esa mesa de examen no existe.")
    return UUID(str(found))


def companions_of(conn: Connection, mesa_id: UUID) -> list[Companion]:
    """The other mesas of the same exam, the first one first."""
    first, of = first_mesa(conn, mesa_id), mesa_examen.c
    query = (
        sa.select(of.id, acta.c.base)
        .join_from(mesa_examen, acta, acta.c.mesa_id == of.id)
        .where(sa.or_(of.id == first, of.completes_id == first), of.id != mesa_id, acta.c.kind == "normal")
        .order_by(of.created_at, acta.c.n)
    )
    found: dict[UUID, list[str]] = {}
    for kin, base in conn.execute(query):
        found.setdefault(kin, []).append(base)
    return [Companion(kin, kin == first, tuple(bases)) for kin, bases in found.items()]


def _rows(conn: Connection, students: Sequence[Identified], condition: ColumnElement[bool]) -> Iterator[Elsewhere]:
    columns = (inscripcion.c.tipo, inscripcion.c.documento, acta.c.base, acta.c.state)
    query = (
        sa.select(*columns, mesa_examen.c.codigo, mesa_examen.c.fecha, mesa_examen.c.id)
        .join_from(inscripcion, acta, inscripcion.c.acta_id == acta.c.id)
        .join(mesa_examen, inscripcion.c.mesa_id == mesa_examen.c.id)
        .where(acta.c.state != ANNULLED, condition)
        .order_by(acta.c.base)
    )
    for start in range(0, len(students), _AT_A_TIME):
        some = students[start : start + _AT_A_TIME]
        wanted = {identity_of(one.tipo, one.documento) for one in some}
        numbers = {number for one in some for number in numbers_of(one.tipo, one.documento)}
        for tipo, documento, *rest in conn.execute(query.where(inscripcion.c.documento.in_(sorted(numbers)))):
            if (identity := identity_of(tipo, documento)) in wanted:
                yield Elsewhere(identity, *rest)
