"""The operative board over the exam actas (R-26): in whose hands the unfinished ones are and since when, and each mesa
with where its actas are. Called by its page; what is told is the viewer's to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.access import Scope
from engine.actas.examen.search import HOLDERS, OPEN, says
from engine.actas.examen.state import STATES
from engine.storage.tables import acta, case, departamento, mesa_examen, person

PAGE = 30
MOST_HANDS = 40
DOCENTE, DEPARTMENTAL = "docente", ("departamento", "autoridad_departamental")


@dataclass(frozen=True, slots=True)
class Hand:
    """A docente, an office of a Departamento or the postgraduate office, with what waits for it."""

    holder: str  # the function
    departamento: str | None  # its code; of a docente, none
    docente: str | None  # a docente's name
    actas: int
    late: int  # of them, waiting since before the day that was asked for
    oldest: datetime


@dataclass(slots=True)
class MesaLine:
    id: UUID
    curso: str
    codigo: str
    fecha: Day
    departamento: str
    docente: str
    case_number: str | None
    oldest: datetime | None  # since when the one that waits longest does; none: nothing of it waits
    by_state: dict[str, int] = field(default_factory=dict)
    first: str = ""  # the base of its first acta

    @property
    def actas(self) -> int:
        return sum(self.by_state.values())

    @property
    def holders(self) -> list[str]:
        return list(dict.fromkeys(HOLDERS[state] for state in self.by_state if state in OPEN))


@dataclass(frozen=True, slots=True)
class MesaQuery:
    """``text``: of course, docente or student. ``everything``: also the mesas of which nothing waits any more."""

    text: str = ""
    departamento: str | None = None
    everything: bool = False
    page: int = 1
    size: int = PAGE


def hands(conn: Connection, scope: Scope, late_before: datetime) -> list[Hand]:
    """Those with the oldest work first."""
    holder = sa.case({state: HOLDERS[state] for state in OPEN}, value=acta.c.state)
    code = sa.case((holder.in_(DEPARTMENTAL), mesa_examen.c.departamento))
    name = sa.case((holder == DOCENTE, person.c.given_names + " " + person.c.family_names))
    whose = sa.case((holder == DOCENTE, mesa_examen.c.docente_id))
    oldest = sa.func.min(acta.c.state_at)
    late = sa.func.sum(sa.case((acta.c.state_at < late_before, 1), else_=0))
    rows = conn.execute(
        sa.select(holder, code, sa.func.max(name), sa.func.count(), late, oldest)
        .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .join(person, mesa_examen.c.docente_id == person.c.id)
        .where(scope.condition(), acta.c.state.in_(OPEN))
        .group_by(holder, code, whose)
        .order_by(oldest, holder)
        .limit(MOST_HANDS)
    )
    return [Hand(*row) for row in rows]


def find_mesas(conn: Connection, asked: MesaQuery, scope: Scope) -> tuple[list[MesaLine], bool]:
    """A page of them, and whether there are more: the longest waiting first or, of all, the latest sitting first."""
    oldest = sa.func.min(sa.case((acta.c.state.in_(OPEN), acta.c.state_at)))
    query = (
        sa.select(mesa_examen.c.id, oldest.label("oldest"))
        .join_from(mesa_examen, acta, acta.c.mesa_id == mesa_examen.c.id)
        .where(*_conditions(asked, scope))
        .group_by(mesa_examen.c.id)
    )
    first = mesa_examen.c.fecha.desc() if asked.everything else oldest
    order = (first, mesa_examen.c.id)
    query = query.order_by(*order).limit(asked.size + 1).offset((max(asked.page, 1) - 1) * asked.size)
    found = {row.id: row.oldest for row in conn.execute(query)}
    lines = _lines(conn, list(found)[: asked.size], found)
    return lines, len(found) > asked.size


def _conditions(asked: MesaQuery, scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [scope.condition(), *says(asked.text)]
    if asked.departamento is not None:
        conditions.append(mesa_examen.c.departamento == asked.departamento)
    if not asked.everything:
        conditions.append(acta.c.state.in_(OPEN))
    return conditions


def _lines(conn: Connection, ids: Sequence[UUID], oldest: dict[UUID, Any]) -> list[MesaLine]:
    m = mesa_examen.c
    name = person.c.given_names + " " + person.c.family_names
    rows = conn.execute(
        sa.select(m.id, m.curso, m.codigo, m.fecha, departamento.c.name, name, case.c.number)
        .join_from(mesa_examen, departamento, m.departamento == departamento.c.code)
        .join(person, m.docente_id == person.c.id)
        .outerjoin(case, m.case_id == case.c.id)
        .where(m.id.in_(ids))
    )
    found = {row[0]: MesaLine(*row, oldest[row[0]]) for row in rows}
    of_state = sa.select(acta.c.mesa_id, acta.c.state, sa.func.count(), sa.func.min(acta.c.base))
    for mesa_id, state, count, base in conn.execute(
        of_state.where(acta.c.mesa_id.in_(ids)).group_by(acta.c.mesa_id, acta.c.state)
    ):
        line = found[mesa_id]
        line.by_state[state] = count
        line.first = min(base, line.first or base)
    for line in found.values():
        line.by_state = {state: line.by_state[state] for state in STATES if state in line.by_state}
    return [found[mesa_id] for mesa_id in ids]
