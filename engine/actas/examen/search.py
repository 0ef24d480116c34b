"""Find exam actas by student, course, libro, folio, docente or base name, by state and by Departamento.

Called by the register's page and the API; what is found is the viewer's to see. Pages are cut by the last acta of
the one before, not by counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.access import Scope
from engine.actas.examen.libro import read_place
from engine.actas.examen.state import LOCKED, STATES
from engine.storage.search import query_words
from engine.storage.tables import acta, acta_renglon, departamento, inscripcion, libro, mesa_examen, person

PAGE = 30
SHORTEST_PREFIX = 3  # letters; a shorter word matches whole
OPEN = tuple(state for state in STATES if state not in LOCKED and state != "anulada")
HOLDERS = {  # who has an acta, by its state
    "generada": "sgpyec", "enviada": "departamento", "en_carga": "docente", "cargada": "departamento",
    "en_control": "departamento", "a_firma": "autoridad_departamental", "firmada": "departamento",
    "recibida": "sgpyec", "validada": "sgpyec", "con_notas": "sgpyec", "bloqueada": "sgpyec",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActaQuery:
    """Each field narrows. ``text``: words, or «libro 12 folio 34»."""

    text: str = ""
    state: str | None = None
    departamento: str | None = None
    year: int | None = None
    unlocked: bool = False  # only those that somebody still has to do something with
    after: UUID | None = None
    size: int = PAGE
    holder: str | None = None  # only those that this function has


@dataclass(frozen=True, slots=True)
class Found:
    id: UUID
    base: str
    kind: str
    state: str
    state_at: datetime
    curso: str
    codigo: str
    departamento: str
    docente: str
    students: int
    departamento_code: str

    @property
    def holder(self) -> str | None:
        """The function that has it now; none: nobody has to do anything."""
        return HOLDERS.get(self.state)


@dataclass(frozen=True, slots=True)
class FoundPage:
    actas: tuple[Found, ...]
    next: UUID | None


def find_actas(conn: Connection, asked: ActaQuery, scope: Scope) -> FoundPage:
    """The newest first; those that wait, the longest waiting first."""
    order = (acta.c.state_at, acta.c.base) if asked.unlocked else (acta.c.created_at.desc(), acta.c.base.desc())
    query = _SELECT.where(scope.condition(), *_conditions(asked)).order_by(*order).limit(asked.size + 1)
    if asked.after is not None:
        query = query.where(_beyond(conn, asked))
    rows = [Found(*row) for row in conn.execute(query)]
    more = rows[asked.size - 1].id if len(rows) > asked.size else None
    return FoundPage(tuple(rows[: asked.size]), more)


_STUDENTS = sa.case(  # its own, or those that a later acta took over
    (acta.c.about_id.is_(None), sa.select(sa.func.count()).where(inscripcion.c.acta_id == acta.c.id).scalar_subquery()),
    else_=sa.select(sa.func.count()).where(acta_renglon.c.acta_id == acta.c.id).scalar_subquery(),
)
_SELECT: sa.Select[Any] = (
    sa.select(
        acta.c.id, acta.c.base, acta.c.kind, acta.c.state, acta.c.state_at, mesa_examen.c.curso, mesa_examen.c.codigo,
        departamento.c.name, person.c.given_names + " " + person.c.family_names, _STUDENTS,
        mesa_examen.c.departamento,
    )
    .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
    .join(libro, acta.c.libro_id == libro.c.id)
    .join(departamento, mesa_examen.c.departamento == departamento.c.code)
    .join(person, mesa_examen.c.docente_id == person.c.id)
)  # fmt: skip


def _conditions(asked: ActaQuery) -> list[ColumnElement[bool]]:
    exact = ((acta.c.state, asked.state), (mesa_examen.c.departamento, asked.departamento), (libro.c.year, asked.year))
    conditions = [column == value for column, value in exact if value is not None]
    if asked.unlocked:
        conditions.append(acta.c.state.in_(OPEN))
    if asked.holder is not None:
        conditions.append(acta.c.state.in_([state for state in OPEN if HOLDERS[state] == asked.holder]))
    if place := _place(asked.text):
        return conditions + place
    return conditions + says(asked.text)


def says(text: str) -> list[ColumnElement[bool]]:
    """That an acta is found by these words; nothing to look for narrows nothing."""
    words = query_words(text)
    if text.strip() and not words:
        return [sa.false()]
    return [_has(group) for group in words]


def _place(text: str) -> list[ColumnElement[bool]]:
    """«L12 F34», «libro 12», «folio 34»."""
    columns = zip((libro.c.number, acta.c.folio), read_place(text) or (), strict=False)
    return [column == number for column, number in columns if number is not None]


def _has(group: tuple[str, ...]) -> ColumnElement[bool]:
    beginnings = (f" {word}" if len(word) >= SHORTEST_PREFIX else f" {word} " for word in group)
    return sa.or_(*(acta.c.search.contains(beginning, autoescape=True) for beginning in beginnings))


def _beyond(conn: Connection, asked: ActaQuery) -> ColumnElement[bool]:
    column = acta.c.state_at if asked.unlocked else acta.c.created_at
    last = conn.execute(sa.select(column, acta.c.base).where(acta.c.id == asked.after)).one_or_none()
    if last is None:
        return sa.false()
    here = sa.tuple_(column, acta.c.base)
    mark = sa.tuple_(sa.literal(last[0], column.type), sa.literal(last[1], acta.c.base.type))
    return here > mark if asked.unlocked else here < mark
