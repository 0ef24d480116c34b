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
from engine.storage.tables import acta, acta_paso, departamento, document, mesa_examen

MOST = 20  # rows of each list
SHORTEST = timedelta(hours=1)  # of a stay that is told
BACK = ("en_carga", "en_control", ANNULLED)  # a step with a note to one of these
FROM_OUTSIDE = "devuelto:"  # how the act that keeps a file signed with another program names itself


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
class Control:
    since: datetime
    until: datetime  # not included
    by_state: dict[str, int]  # of the actas made in the period, as they stand now
    longest: dict[str, list[Held]]  # by holder, the longest first
    sent_back: list[SentBack]
    sent_back_count: int
    signed_inside: int
    signed_outside: int


def control_of(conn: Connection, since: datetime, until: datetime, now: datetime) -> Control:
    back = _sent_back(since, until)
    inside, outside = _signatures(conn, since, until)
    return Control(
        since,
        until,
        _by_state(conn, since, until),
        _longest(conn, since, until, now),
        [SentBack(*row) for row in conn.execute(back.order_by(acta_paso.c.at.desc(), acta.c.base).limit(MOST))],
        int(conn.scalar(sa.select(sa.func.count()).select_from(back.subquery())) or 0),
        inside,
        outside,
    )


def _by_state(conn: Connection, since: datetime, until: datetime) -> dict[str, int]:
    query = sa.select(acta.c.state, sa.func.count().label("actas")).where(
        acta.c.created_at >= since, acta.c.created_at < until
    )
    found = {row.state: row.actas for row in conn.execute(query.group_by(acta.c.state))}
    return {state: found[state] for state in STATES if state in found}


def _longest(conn: Connection, since: datetime, until: datetime, now: datetime) -> dict[str, list[Held]]:
    """Stays that touch the period. Steps are read acta by acta, in order: each but the last ends with the next."""
    rows = conn.execute(
        sa.select(acta.c.base, departamento.c.name, acta_paso.c.to, acta_paso.c.at)
        .join_from(acta_paso, acta, acta_paso.c.acta_id == acta.c.id)
        .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .join(departamento, mesa_examen.c.departamento == departamento.c.code)
        .where(acta.c.created_at < until, sa.or_(acta.c.locked_at.is_(None), acta.c.locked_at >= since))
        .order_by(acta.c.base, acta_paso.c.n)
    ).all()
    found: dict[str, list[Held]] = {}
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        if row.to not in HOLDERS:
            continue
        gone = following.at if following is not None and following.base == row.base else None
        if row.at >= until or (gone is not None and gone < since):
            continue
        if (gone or now) - row.at < SHORTEST:
            continue
        days = ((gone or now) - row.at).total_seconds() / 86_400
        found.setdefault(HOLDERS[row.to], []).append(Held(row.base, row.name, row.to, row.at, gone, days))
    order = list(dict.fromkeys(HOLDERS.values()))
    return {
        holder: sorted(found[holder], key=lambda one: (-one.days, one.base))[:MOST]
        for holder in order
        if holder in found
    }


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
