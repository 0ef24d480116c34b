"""The calendar on record: table ``feriado``, seeded from the rules, edited with a reason, every change kept.

A day that a person removed is not seeded again. Years that were never seeded follow the rule, so that a term which runs
into next year never ignores its holidays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.calendar.business import Calendar
from engine.calendar.changes import check_change, write_change
from engine.calendar.local import local_days
from engine.calendar.rules import rest_days
from engine.config import Config
from engine.errors import InvalidAnswers
from engine.storage.tables import feriado, feriado_change

LONGEST_RECESS = 92  # days; a longer one is a slip of the finger


@dataclass(frozen=True, slots=True)
class Feriado:
    day: date
    name: str
    kind: str


def load_calendar(conn: Connection, config: Config, place: str | None = None) -> Calendar:
    """The calendar as it is on record now, for a person at ``place``: a holiday at the office's or at the person's
    counts (COA arts. 158-160). It is a value: load it again after a change."""
    rows = conn.execute(sa.select(feriado)).all()

    def rule(year: int) -> frozenset[date]:
        return frozenset(found.day for found in rest_days(config.country, config.subdivision, config.place, year))

    return Calendar(
        zone=config.zone,
        rest={row.day: row.name for row in rows},
        covered=frozenset(row.day.year for row in rows if row.kind == "nacional"),
        rule=rule,
        opens=time.fromisoformat(config.office_opens),
        closes=time.fromisoformat(config.office_closes),
    ).also_resting(local_days(conn, place, config.place))


def seed_feriados(conn: Connection, config: Config, years: Iterable[int]) -> int:
    """Write the derived rest days of ``years`` that are neither there nor were ever changed by a person. → how many."""
    seeded = 0
    for year in years:
        first, last = date(year, 1, 1), date(year, 12, 31)
        known = set(conn.scalars(sa.select(feriado.c.day).where(feriado.c.day.between(first, last))))
        known |= set(conn.scalars(sa.select(feriado_change.c.day).where(feriado_change.c.day.between(first, last))))
        found = rest_days(config.country, config.subdivision, config.place, year)
        new = [{"day": rest.day, "name": rest.name, "kind": rest.kind} for rest in found if rest.day not in known]
        if new:
            conn.execute(feriado.insert(), new)
        seeded += len(new)
    return seeded


def set_feriado(
    conn: Connection, day: date, name: str | None, kind: str, reason: str, by: UUID | None, at: datetime
) -> bool:
    """Add, rename or (``name=None``) remove a rest day, with its reason on record. → False when nothing changes.
    Raises InvalidAnswers. The caller recomputes the terms that run over the day (``RescheduleTerms``)."""
    name = name.strip() if name else None
    check_change(kind, reason, name)
    row = conn.execute(sa.select(feriado).where(feriado.c.day == day)).one_or_none()
    old = {"name": row.name, "kind": row.kind} if row else None
    new = {"name": name, "kind": kind} if name else None
    if old == new:
        return False
    conn.execute(feriado.delete().where(feriado.c.day == day))
    if new:
        conn.execute(feriado.insert(), {"day": day, **new})
    write_change(conn, day, old, new, reason, by, at)
    return True


def set_recess(conn: Connection, first: date, last: date, name: str, reason: str, by: UUID | None, at: datetime) -> int:
    """The university's recess, both days included: each weekday that is not already a rest day. → days written."""
    if not 0 <= (last - first).days < LONGEST_RECESS:
        raise InvalidAnswers({"last": "El receso termina después de empezar y dura menos de tres meses."})
    check_change("receso", reason, name)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    taken = set(conn.scalars(sa.select(feriado.c.day).where(feriado.c.day.between(first, last))))
    free = [day for day in days if day.weekday() < 5 and day not in taken]
    return sum(set_feriado(conn, day, name, "receso", reason, by, at) for day in free)


def list_feriados(conn: Connection, year: int) -> list[Feriado]:
    days = feriado.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return [Feriado(*row) for row in conn.execute(sa.select(feriado).where(days).order_by(feriado.c.day))]
