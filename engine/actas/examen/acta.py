"""An acta de examen as a value: found by id, by base name or by mesa, with its mesa, its libro and its students.

Read by pages, operations and the mail reader; nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.student import identity_of
from engine.errors import NotFound
from engine.storage.tables import (
    acta,
    acta_paso,
    acta_renglon,
    departamento,
    inscripcion,
    libro,
    mesa_examen,
    person,
    tribunal,
)


@dataclass(frozen=True, slots=True)
class Mesa:
    id: UUID
    case_id: UUID | None
    curso: str
    codigo: str
    horas: int
    fecha: Day
    departamento: str
    departamento_name: str
    docente_id: UUID
    docente_name: str
    docente_email: str
    escala: str
    exchange_ref: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Acta:
    id: UUID
    mesa_id: UUID
    n: int
    year: int
    libro: int
    folio: int
    base: str
    kind: str  # normal | rectificativa | reconstruida
    about_id: UUID | None
    reason: str | None
    case_id: UUID | None  # the one that carries it: its own, or its mesa's
    state: str
    state_at: datetime
    carga_id: UUID | None
    fecha: Day | None
    final_document_id: UUID | None
    original_sha256: str | None
    locked_at: datetime | None
    published_at: datetime | None
    created_at: datetime

    @property
    def name(self) -> str:
        return f"Libro {self.libro}, folio {self.folio}"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A student's row of an acta."""

    fila: int
    n: int  # of the mesa
    expediente: str
    apellidos: str
    nombres: str
    tipo: str
    documento: str

    @property
    def name(self) -> str:
        return f"{self.apellidos}, {self.nombres}" if self.nombres else self.apellidos

    @property
    def identity(self) -> str:
        return identity_of(self.tipo, self.documento)


@dataclass(frozen=True, slots=True)
class Member:
    n: int
    person_id: UUID | None
    name: str
    email: str | None  # the registered address, now


@dataclass(frozen=True, slots=True)
class Step:
    n: int
    origin: str | None
    to: str
    at: datetime
    by: UUID | None
    note: str | None
    document_id: UUID | None


_STUDENT = ("expediente", "apellidos", "nombres", "tipo", "documento")
_OF_ACTA = {
    "year": libro.c.year,
    "libro": libro.c.number,
    "case_id": sa.func.coalesce(acta.c.case_id, mesa_examen.c.case_id),
}
ACTA_COLUMNS = [_OF_ACTA[name].label(name) if name in _OF_ACTA else acta.c[name] for name in Acta.__dataclass_fields__]
SELECT_ACTA = (
    sa.select(*ACTA_COLUMNS)
    .join_from(acta, libro, acta.c.libro_id == libro.c.id)
    .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
)
_OF_MESA = {
    "departamento_name": departamento.c.name,
    "docente_name": person.c.given_names + " " + person.c.family_names,
    "docente_email": person.c.email,
}
MESA_COLUMNS = [
    _OF_MESA[name].label(name) if name in _OF_MESA else mesa_examen.c[name] for name in Mesa.__dataclass_fields__
]
SELECT_MESA = (
    sa.select(*MESA_COLUMNS)
    .join_from(mesa_examen, departamento, mesa_examen.c.departamento == departamento.c.code)
    .join(person, mesa_examen.c.docente_id == person.c.id)
)


def get_acta(conn: Connection, acta_id: UUID) -> Acta:
    """Raises NotFound."""
    return _acta(conn.execute(SELECT_ACTA.where(acta.c.id == acta_id)).one_or_none())


def acta_by_base(conn: Connection, base: str) -> Acta:
    """By its base name, «2021-L0012-F0034», exactly (R-34). Raises NotFound."""
    found = conn.execute(SELECT_ACTA.where(acta.c.base == base)).one_or_none()
    return _acta(found, f"No hay un acta de examen «{base[:40]}».")


def get_mesa(conn: Connection, mesa_id: UUID) -> Mesa:
    """Raises NotFound."""
    row = conn.execute(SELECT_MESA.where(mesa_examen.c.id == mesa_id)).one_or_none()
    if row is None:
        raise NotFound("Esa mesa de examen no existe.")
    return Mesa(*row)


def actas_of_mesa(conn: Connection, mesa_id: UUID, *, every: bool = True) -> list[Acta]:
    """In order of folio; ``every``: rectificativas and reconstruidas too."""
    query = SELECT_ACTA.where(acta.c.mesa_id == mesa_id).order_by(acta.c.n)
    return [Acta(*row) for row in conn.execute(query if every else query.where(acta.c.kind == "normal"))]


def actas_about(conn: Connection, acta_id: UUID) -> list[Acta]:
    """The rectificativas and reconstruidas of an acta, the oldest first."""
    return [Acta(*row) for row in conn.execute(SELECT_ACTA.where(acta.c.about_id == acta_id).order_by(acta.c.n))]


def students_of(conn: Connection, acta_id: UUID) -> list[Enrolment]:
    """The rows of an acta, from 1. Those that a later kind took over come as it corrected them."""
    return students_of_all(conn, [acta_id])[acta_id]


def students_of_all(conn: Connection, acta_ids: Sequence[UUID]) -> dict[UUID, list[Enrolment]]:
    """The rows of several actas at once."""
    found: dict[UUID, list[Enrolment]] = {acta_id: [] for acta_id in acta_ids}
    held = [inscripcion.c[name] for name in _STUDENT]
    own = sa.select(inscripcion.c.acta_id, inscripcion.c.fila, inscripcion.c.n, *held)
    for acta_id, *row in conn.execute(own.where(inscripcion.c.acta_id.in_(acta_ids))):
        found[acta_id].append(Enrolment(*row))
    same = sa.and_(acta_renglon.c.mesa_id == inscripcion.c.mesa_id, acta_renglon.c.n == inscripcion.c.n)
    columns = (acta_renglon.c.acta_id, acta_renglon.c.corrected, acta_renglon.c.fila, inscripcion.c.n)
    taken = sa.select(*columns, *held).join_from(acta_renglon, inscripcion, same)
    for acta_id, corrected, *row in conn.execute(taken.where(acta_renglon.c.acta_id.in_(acta_ids))):
        values = dict(zip(("fila", "n", *_STUDENT), row, strict=True))
        found[acta_id].append(Enrolment(**values | (corrected or {})))
    return {acta_id: sorted(rows, key=lambda one: one.fila) for acta_id, rows in found.items()}


def tribunal_of(conn: Connection, mesa_id: UUID) -> list[Member]:
    """The professors, as printed, with the address that is registered now (R-41)."""
    address = sa.func.coalesce(person.c.email, tribunal.c.email)
    query = (
        sa.select(tribunal.c.n, tribunal.c.person_id, tribunal.c.name, address)
        .outerjoin_from(tribunal, person, tribunal.c.person_id == person.c.id)
        .where(tribunal.c.mesa_id == mesa_id)
        .order_by(tribunal.c.n)
    )
    return [Member(*row) for row in conn.execute(query)]


def steps_of(conn: Connection, acta_id: UUID) -> Sequence[Step]:
    """Its moves, the first first."""
    of = acta_paso.c
    columns = (of.n, of["from"], of.to, of.at, of.by, of.note, of.document_id)
    return [Step(*row) for row in conn.execute(sa.select(*columns).where(of.acta_id == acta_id).order_by(of.n))]


def _acta(row: Any, message: str = "Esa acta de examen no existe.") -> Acta:
    if row is None:
        raise NotFound(message)
    return Acta(*row)
