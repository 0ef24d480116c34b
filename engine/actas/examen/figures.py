"""Two boards over the exam actas (R-26): for those who work, what waits, with whom and since when; for those who
direct, each Departamento's actas by where they are and how long the circuit took.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.access import Scope
from engine.actas.examen.search import HOLDERS, OPEN
from engine.actas.examen.state import ANNULLED, STATES
from engine.storage.elapsed_days import elapsed_days
from engine.storage.tables import acta, acta_paso, departamento, mesa_examen


@dataclass(frozen=True, slots=True)
class Waiting:
    """Actas in one state."""

    state: str
    actas: int
    oldest: datetime

    @property
    def holder(self) -> str:
        return HOLDERS[self.state]


@dataclass(slots=True)
class OfDepartment:
    code: str
    name: str
    mesas: int = 0
    by_state: dict[str, int] = field(default_factory=dict)
    rejected: int = 0  # times that an acta was sent back
    days: float | None = None  # median, from its making to its lock

    @property
    def actas(self) -> int:
        return sum(count for state, count in self.by_state.items() if state != ANNULLED)

    def with_holder(self, holder: str) -> int:
        return sum(count for state, count in self.by_state.items() if HOLDERS.get(state) == holder)

    @property
    def finished(self) -> int:
        return self.by_state.get("publicada", 0)


def waiting(conn: Connection, scope: Scope) -> list[Waiting]:
    """In the order of the circuit; a state in which nothing waits is left out."""
    rows = conn.execute(
        sa.select(acta.c.state, sa.func.count(), sa.func.min(acta.c.state_at))
        .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(scope.condition(), acta.c.state.in_(OPEN))
        .group_by(acta.c.state)
    )
    found = [Waiting(*row) for row in rows]
    return sorted(found, key=lambda one: STATES.index(one.state))


def by_department(conn: Connection, scope: Scope, since: Day, until: Day) -> list[OfDepartment]:
    """Mesas of a period, both days counted, by the name of their Departamento."""
    found = _departments(conn, scope, since, until)
    period = sa.and_(scope.condition(), mesa_examen.c.fecha.between(since, until))
    counts = conn.execute(
        sa.select(mesa_examen.c.departamento, acta.c.state, sa.func.count())
        .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(period)
        .group_by(mesa_examen.c.departamento, acta.c.state)
    )
    for code, state, count in counts:
        found[code].by_state[state] = count
    back = conn.execute(
        sa.select(mesa_examen.c.departamento, sa.func.count())
        .join_from(acta_paso, acta, acta_paso.c.acta_id == acta.c.id)
        .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(period, acta_paso.c["from"].in_(_SENT_BACK), acta_paso.c.to.in_(("en_carga", "en_control")))
        .group_by(mesa_examen.c.departamento)
    )
    for code, count in back:
        found[code].rejected = count
    for code, days in _lasted(conn, period).items():
        found[code].days = days
    return sorted(found.values(), key=lambda one: one.name)


_SENT_BACK = ("en_control", "a_firma", "recibida", "validada", "con_notas")


def _departments(conn: Connection, scope: Scope, since: Day, until: Day) -> dict[str, OfDepartment]:
    rows = conn.execute(
        sa.select(departamento.c.code, departamento.c.name, sa.func.count())
        .join_from(mesa_examen, departamento, mesa_examen.c.departamento == departamento.c.code)
        .where(scope.condition(), mesa_examen.c.fecha.between(since, until))
        .group_by(departamento.c.code, departamento.c.name)
    )
    return {code: OfDepartment(code, name, mesas) for code, name, mesas in rows}


def _lasted(conn: Connection, period: sa.ColumnElement[bool]) -> dict[str, float]:
    """The median days from the making of an acta to its lock, by Departamento; reckoned where the rows are."""
    code, days = mesa_examen.c.departamento, elapsed_days(acta.c.created_at, acta.c.locked_at)
    ranked = (
        sa.select(
            code,
            days.label("days"),
            sa.func.row_number().over(partition_by=code, order_by=days).label("place"),
            sa.func.count().over(partition_by=code).label("total"),
        )
        .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(period, acta.c.locked_at.is_not(None), acta.c.kind == "normal")
        .subquery()
    ).c
    middle = ranked.place.between((ranked.total + 1) // 2, (ranked.total + 2) // 2)
    rows = conn.execute(
        sa.select(ranked.departamento, sa.func.avg(ranked.days)).where(middle).group_by(ranked.departamento)
    )
    return {code: float(days) for code, days in rows}
