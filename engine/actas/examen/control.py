"""The figures of regular internal control over the circuit of the actas (art. 4, R-11, R-22), for a period.

How many actas are where; how long each was in each hand; what was sent back, by whom and with which defects; how each
was signed. Called by the report's page. What came by mail and which copies have no shelf, their own rooms tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.search import HOLDERS
from engine.actas.examen.state import ANNULLED, STATES
from engine.storage.elapsed_days import elapsed_days
from engine.storage.tables import acta, acta_carga, acta_paso, departamento, document, mesa_examen

MOST = 20  # rows of each list
SHORTEST = timedelta(hours=1)  # of a stay that is told
BACK = ("en_carga", "en_control", ANNULLED)  # a step with a note to one of these
FROM_OUTSIDE = "devuelto:"  # how the act that keeps a file signed with another program names itself


AWAITED = tuple(state for state in HOLDERS if state != "bloqueada")  # a locked acta waits for its day, not for a person


@dataclass(frozen=True, slots=True)
class Held:
    """An acta in one hand, from its arrival to its leaving or to now."""

    base: str
    departamento: str
    state: str
    since: datetime
    until: datetime | None
    days: float

    @property
    def holder(self) -> str:
        return HOLDERS[self.state]


@dataclass(frozen=True, slots=True)
class SentBack:
    base: str
    departamento: str
    was: str
    to: str
    note: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ByHand:
    """An acta whose grades somebody else loaded, with what the docente stated in writing."""

    base: str
    departamento: str
    by: UUID | None
    at: datetime
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class Control:
    since: datetime
    until: datetime  # not included
    by_state: dict[str, int]  # of the actas made in the period, as they stand now
    longest: dict[str, list[Held]]  # by holder, the longest first
    sent_back: list[SentBack]
    sent_back_count: int
    signed_inside: int
    signed_outside: int
    by_hand: list[ByHand]
    by_hand_count: int


def control_of(conn: Connection, since: datetime, until: datetime, now: datetime) -> Control:
    back = _sent_back(since, until)
    inside, outside = _signatures(conn, since, until)
    mine = _by_hand(since, until)
    return Control(
        since,
        until,
        _by_state(conn, since, until),
        _longest(conn, since, until, now),
        [SentBack(*row) for row in conn.execute(back.order_by(acta_paso.c.at.desc(), acta.c.base).limit(MOST))],
        int(conn.scalar(sa.select(sa.func.count()).select_from(back.subquery())) or 0),
        inside,
        outside,
        [ByHand(*row) for row in conn.execute(mine.order_by(acta_carga.c.at.desc(), acta.c.base).limit(MOST))],
        int(conn.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0),
    )


def _by_state(conn: Connection, since: datetime, until: datetime) -> dict[str, int]:
    query = sa.select(acta.c.state, sa.func.count().label("actas")).where(
        acta.c.created_at >= since, acta.c.created_at < until
    )
    found = {row.state: row.actas for row in conn.execute(query.group_by(acta.c.state))}
    return {state: found[state] for state in STATES if state in found}


def _longest(conn: Connection, since: datetime, until: datetime, now: datetime) -> dict[str, list[Held]]:
    """Stays that touch the period, those of each holder that lasted longest."""
    found: dict[str, list[Held]] = {}
    for stay in (*_ended(conn, since, until), *_lasting(conn, until, now)):
        found.setdefault(stay.holder, []).append(stay)
    return {
        holder: sorted(found[holder], key=lambda one: (-one.days, one.base))[:MOST]
        for holder in dict.fromkeys(HOLDERS.values())
        if holder in found
    }


def _ended(conn: Connection, since: datetime, until: datetime) -> list[Held]:
    """By the step that ended each; the longest of each state are told apart where the rows are."""
    step, following = acta_paso.c, acta_paso.alias("following")
    days = elapsed_days(step.at, following.c.at).label("days")  # reckoned once, below what puts them in order
    stays = (
        sa.select(step.acta_id, step.to, step.at.label("since"), following.c.at.label("until"), days)
        .join_from(following, acta_paso, sa.and_(step.acta_id == following.c.acta_id, step.n == following.c.n - 1))
        .where(following.c.at >= since, following.c["from"].in_(AWAITED), step.at < until)
        .subquery()
    ).c
    place = sa.func.row_number().over(partition_by=stays.to, order_by=stays.days.desc()).label("place")
    longest = sa.select(*stays, place).subquery().c
    columns = (acta.c.base, departamento.c.name, longest.to, longest.since, longest.until, longest.days)
    query = sa.select(*columns).join_from(longest.acta_id.table, acta, longest.acta_id == acta.c.id)
    rows = conn.execute(_with_departamento(query).where(longest.place <= MOST))
    return [Held(*row) for row in rows if row.days >= SHORTEST / timedelta(days=1)]


def _lasting(conn: Connection, until: datetime, now: datetime) -> list[Held]:
    """Where the actas still are."""
    of = acta.c
    place = sa.func.row_number().over(partition_by=of.state, order_by=of.state_at).label("place")
    known = sa.and_(of.state.in_(AWAITED), of.state_at < until, of.state_at <= now - SHORTEST)
    oldest = sa.select(of.id, place).where(known).subquery()
    query = sa.select(of.base, departamento.c.name, of.state, of.state_at).join(oldest, oldest.c.id == of.id)
    rows = conn.execute(_with_departamento(query).where(oldest.c.place <= MOST))
    return [
        Held(row.base, row.name, row.state, row.state_at, None, (now - row.state_at) / timedelta(days=1))
        for row in rows
    ]


def _with_departamento(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id).join(
        departamento, mesa_examen.c.departamento == departamento.c.code
    )


def _sent_back(since: datetime, until: datetime) -> sa.Select[Any]:
    of = acta_paso.c
    columns: Sequence[Any] = (acta.c.base, departamento.c.name, of["from"], of.to, of.note, of.by, of.at)
    return (
        sa.select(*columns)
        .join_from(acta_paso, acta, of.acta_id == acta.c.id)
        .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .join(departamento, mesa_examen.c.departamento == departamento.c.code)
        .where(of.at >= since, of.at < until, of.note.is_not(None), of.to.in_(BACK), of["from"].is_not(None))
    )


def _by_hand(since: datetime, until: datetime) -> sa.Select[Any]:
    of = acta_carga.c
    return (
        sa.select(acta.c.base, departamento.c.name, of.by, of.at, of.document_id)
        .join_from(acta, acta_carga, acta.c.carga_id == of.id)
        .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .join(departamento, mesa_examen.c.departamento == departamento.c.code)
        .where(of.source == "mano", acta.c.kind != "reconstruida", of.at >= since, of.at < until)
    )


def _signatures(conn: Connection, since: datetime, until: datetime) -> tuple[int, int]:
    """→ (inside, outside): of the documents with which an acta became «firmada»."""
    of = acta_paso.c
    outside = sa.func.coalesce(document.c.job_key, "").startswith(FROM_OUTSIDE)
    query = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((outside, 1), else_=0)), 0))
        .join_from(acta_paso, document, of.document_id == document.c.id)
        .where(of.to == "firmada", of.at >= since, of.at < until)
    )
    total, from_outside = conn.execute(query).one()
    return int(total) - int(from_outside), int(from_outside)
