"""What open cases add to the indicators today, read as they are: what was received, the commitments kept and missed so
far, what waits and since when. By the same rules as ``cases.tally`` counts a case when it ends.

The database judges the terms and gives a row for all that began, or fell due, on one day and are alike: some thousands
of open cases are read by every page that shows the indicators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
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
class Alike:
    """Open cases of one day that differ in nothing that is shown."""

    process: str
    service: str
    channel: str
    opened_on: date
    about: tuple[str, str] | None  # the process and the service that a complaint is about
    products: tuple[str, ...]
    overdue: bool
    paused: bool
    count: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Commitments of one product that fell due on one day and were kept, or late."""

    process: str
    service: str
    channel: str
    product: str
    due_on: date
    measure: str
    count: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    cases: list[Alike]
    judged: list[Judged]


_AT, _ZONE = sa.bindparam("at", type_=term.c.due_at.type), sa.bindparam("zone", type_=sa.String())
_BREAK = "\n"  # between codes of products, which have none
_OPEN = case.c.status == "open"
_SUBJECT = case.alias("subject")
_OWED, _STANDS_STILL = term.c.met_at.is_(None), term.c.paused_at.is_not(None)
_OVERDUE = _OWED & ~_STANDS_STILL & (term.c.due_at < _AT)
_CLOCKS = (
    sa.select(
        term.c.case_id,
        sa.func.aggregate_strings(term.c.key, _BREAK).label("products"),
        sa.func.max(sa.case((_OVERDUE, 1), else_=0)).label("overdue"),
        sa.func.max(sa.case((_STANDS_STILL, 1), else_=0)).label("paused"),
    )
    .join(case, case.c.id == term.c.case_id)
    .where(_OPEN)
    .group_by(term.c.case_id)
    .subquery()
)
_EACH_CASE = (
    sa.select(
        case.c.process,
        case.c.version_id,
        case.c.channel,
        local_day(_ZONE, case.c.opened_at).label("opened_on"),
        _SUBJECT.c.process.label("about_process"),
        _SUBJECT.c.version_id.label("about_version"),
        _CLOCKS.c.products,
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
_MEASURE = sa.case(
    (_OVERDUE | (term.c.met_at > term.c.due_at), "late"),
    (_OWED | (sa.func.coalesce(term.c.result, "") == ABANDONED), ""),  # in time, or given up in time: not judged
    else_="kept",
)
_EACH_TERM = (
    sa.select(
        case.c.process,
        case.c.version_id,
        case.c.channel,
        term.c.key,
        local_day(_ZONE, term.c.due_at).label("due_on"),
        _MEASURE.label("measure"),
    )
    .join(case, case.c.id == term.c.case_id)
    .where(_OPEN, _MEASURE != "")
)


def read_open(
    conn: Connection, service_of: Callable[[UUID], str], at: datetime, zone: ZoneInfo, channel: str = ""
) -> StillOpen:
    """``service_of``: the Carta's service of a definition version."""
    service, given = cache(service_of), {"at": at, "zone": zone.key}
    only = [case.c.channel == channel] if channel else []
    cases = [
        Alike(
            process=row.process,
            service=service(row.version_id),
            channel=row.channel,
            opened_on=row.opened_on,
            about=(row.about_process, service(row.about_version)) if row.about_process else None,
            products=tuple(row.products.split(_BREAK)) if row.products else (),
            overdue=bool(row.overdue),
            paused=bool(row.paused),
            count=row.n,
        )
        for row in conn.execute(_alike(_EACH_CASE.where(*only)), given)
    ]
    judged = [
        Judged(row.process, service(row.version_id), row.channel, row.key, row.due_on, row.measure, row.n)
        for row in conn.execute(_alike(_EACH_TERM.where(*only)), given)
    ]
    return StillOpen(cases, judged)


def _alike(rows: sa.Select[Any]) -> sa.Select[Any]:
    """Equal rows once, and how many they are."""
    each = rows.subquery()
    return sa.select(*each.c, sa.func.count().label("n")).group_by(*each.c)


def opened(found: StillOpen) -> Counter[Key]:
    """They were received; their ready products kept their term or not; those overdue did not."""
    counts: Counter[Key] = Counter()
    for one in found.cases:
        month = month_of_day(one.opened_on)
        for product in (WHOLE, *one.products):
            counts[Key(month, "opened", one.process, one.service, one.channel, product)] += one.count
        if one.process == COMPLAINTS:
            process, service = one.about or (one.process, one.service)
            counts[Key(month, "complaint", process, service, one.channel, WHOLE)] += one.count
    for each in found.judged:
        month = month_of_day(each.due_on)
        counts[Key(month, each.measure, each.process, each.service, each.channel, each.product)] += each.count
    return counts
