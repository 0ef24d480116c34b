"""What open cases add to the indicators today, read as they are: what was received, the commitments kept and missed so
far, what waits and since when. By the same rules as ``cases.tally`` counts a case when it ends.

The database judges the terms, and gives one row for all that began on one day and are alike: some thousands of open
cases are read by every page that shows the indicators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import ABANDONED, COMPLAINTS, WHOLE
from engine.indicators.counts import Key
from engine.indicators.months import month_of_day
from engine.storage.local_day import local_day
from engine.storage.tables import case, term


@dataclass(frozen=True, slots=True)
class Clock:
    """A term: the month in which it falls due, and whether it was kept or is late; neither, when it is not judged."""

    month: int
    measure: str
    product: str
    owed: bool  # it is not ready


@dataclass(frozen=True, slots=True)
class Alike:
    """Open cases of one day that differ in nothing that is shown."""

    process: str
    service: str
    channel: str
    opened_on: date
    about: tuple[str, str] | None  # the process and the service that a complaint is about
    clocks: tuple[Clock, ...]
    overdue: bool
    paused: bool
    count: int


_AT, _ZONE = sa.bindparam("at", type_=term.c.due_at.type), sa.bindparam("zone", type_=sa.String())
_BREAK = "\x1f"  # between terms: no code of a product has it
_OPEN = case.c.status == "open"
_SUBJECT = case.alias("subject")
_OWED, _STANDS_STILL = term.c.met_at.is_(None), term.c.paused_at.is_not(None)
_OVERDUE = _OWED & (term.c.due_at < sa.func.coalesce(term.c.paused_at, _AT))  # late already, a pause mends nothing
_MEASURE = sa.case(
    (_OVERDUE | (term.c.met_at > term.c.due_at), "late"),
    (_OWED | (sa.func.coalesce(term.c.result, "") == ABANDONED), "-"),  # in time, or given up in time: not judged
    else_="kept",
)
_DUE = local_day(_ZONE, term.c.due_at)
_MONTH = sa.cast(sa.extract("year", _DUE) * 100 + sa.extract("month", _DUE), sa.Integer)
_CLOCK = sa.cast(_MONTH, sa.String) + " " + _MEASURE + sa.case((_OWED, " 1 "), else_=" 0 ") + term.c.key
_CLOCKS = (
    sa.select(
        term.c.case_id,
        sa.func.aggregate_strings(_CLOCK, _BREAK).label("clocks"),
        sa.func.max(sa.case((_OVERDUE, 1), else_=0)).label("overdue"),
        sa.func.max(sa.case((_STANDS_STILL, 1), else_=0)).label("paused"),
    )
    .join(case, case.c.id == term.c.case_id)
    .where(_OPEN)
    .group_by(term.c.case_id)
    .subquery()
)
_EACH = (
    sa.select(
        case.c.process,
        case.c.version_id,
        case.c.channel,
        local_day(_ZONE, case.c.opened_at).label("opened_on"),
        _SUBJECT.c.process.label("about_process"),
        _SUBJECT.c.version_id.label("about_version"),
        _CLOCKS.c.clocks,
        _CLOCKS.c.overdue,
        _CLOCKS.c.paused,
    )
    .select_from(
        case.outerjoin(_CLOCKS, _CLOCKS.c.case_id == case.c.id).outerjoin(
            _SUBJECT, (_SUBJECT.c.id == case.c.about_id) & (case.c.process == COMPLAINTS)
        )
    )
    .where(_OPEN)
)


def read_open(
    conn: Connection, service_of: Callable[[UUID], str], at: datetime, zone: ZoneInfo, channel: str = ""
) -> list[Alike]:
    """``service_of``: the Carta's service of a definition version."""
    service = cache(service_of)
    each = (_EACH.where(case.c.channel == channel) if channel else _EACH).subquery()
    alike = sa.select(*each.c, sa.func.count().label("n")).group_by(*each.c)
    return [
        Alike(
            process=row.process,
            service=service(row.version_id),
            channel=row.channel,
            opened_on=row.opened_on,
            about=(row.about_process, service(row.about_version)) if row.about_process else None,
            clocks=tuple(_clock(one) for one in row.clocks.split(_BREAK)) if row.clocks else (),
            overdue=bool(row.overdue),
            paused=bool(row.paused),
            count=row.n,
        )
        for row in conn.execute(alike, {"at": at, "zone": zone.key})
    ]


def _clock(text: str) -> Clock:
    month, measure, owed, product = text.split(" ", 3)
    return Clock(int(month), "" if measure == "-" else measure, product, owed == "1")


def opened(found: list[Alike]) -> Counter[Key]:
    """They were received; their ready products kept their term or not; those overdue did not."""
    counts: Counter[Key] = Counter()
    for one in found:
        month, of = month_of_day(one.opened_on), (one.process, one.service, one.channel)
        counts[Key(month, "opened", *of, WHOLE)] += one.count
        if one.process == COMPLAINTS:
            process, service = one.about or (one.process, one.service)
            counts[Key(month, "complaint", process, service, one.channel, WHOLE)] += one.count
        for clock in one.clocks:
            counts[Key(month, "opened", *of, clock.product)] += one.count
            if clock.measure:
                counts[Key(clock.month, clock.measure, *of, clock.product)] += one.count
    return counts
