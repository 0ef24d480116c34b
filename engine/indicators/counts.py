"""The numbers under the indicators: what ended, summed by month; what is open, read as it is. One snapshot for both.

``ended`` reads the sums and what is not yet summed in one statement. ``opened`` reads the open cases with their terms
and counts them by the same rules as ``cases.tally`` does when they end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import ABANDONED, COMPLAINTS, WHOLE
from engine.indicators.months import month_of
from engine.storage.tables import case, indicator_delta, indicator_month, term
from engine.storage.unit_of_work import Database


class Key(NamedTuple):
    month: int
    measure: str  # opened delivered refused abandoned withdrawn returned days kept late complaint score
    process: str
    service: str
    channel: str
    product: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """A term of an open case."""

    product: str
    due_at: datetime
    met_at: datetime | None
    paused: bool
    result: str | None = None  # when it did not end as one that is ready


@dataclass(frozen=True, slots=True)
class OpenCase:
    process: str
    service: str
    channel: str
    opened_at: datetime
    about: tuple[str, str] | None  # the process and the service that a complaint is about
    clocks: list[Clock] = field(default_factory=list)

    def overdue(self, at: datetime) -> bool:
        return any(one.met_at is None and not one.paused and one.due_at < at for one in self.clocks)

    @property
    def paused(self) -> bool:
        return any(one.paused for one in self.clocks)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A read in which every statement sees the same moment: a case that ends meanwhile is seen once."""
    with database.read() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield conn


_FIELDS = ("month", "measure", "process", "service", "channel", "product", "value", "count")


@dataclass(frozen=True, slots=True)
class Only:
    """What of the sums is wanted, so that eight years are as light as one. Before ``all_since``: deliveries alone.
    Durations: those since ``days_since``, all under that month."""

    all_since: int
    days_since: int


def ended(conn: Connection, since: int, until: int, channel: str = "", only: Only | None = None) -> Counter[Key]:
    """Months from ``since`` to ``until``, both included. With no channel asked for, its place in the key is empty."""
    halves = [
        sa.select(*(table.c[name] for name in _FIELDS)).where(
            table.c.month.between(since, until), *([table.c.channel == channel] if channel else ())
        )
        for table in (indicator_month, indicator_delta)
    ]
    both = sa.union_all(*halves).subquery()
    names = [name for name in _FIELDS[1:-1] if channel or name != "channel"]
    month: sa.ColumnElement[int] = both.c.month
    wanted = []
    if only is not None:
        days = both.c.measure == "days"
        month = sa.case((days, only.days_since), else_=month)
        late_enough = both.c.month >= sa.case((days, only.days_since), else_=only.all_since)
        wanted = [sa.or_(both.c.measure == "delivered", late_enough)]
    dimensions = [month.label("month"), *(both.c[name] for name in names)]
    query = sa.select(*dimensions, sa.func.sum(both.c["count"]).label("n")).where(*wanted)
    found: Counter[Key] = Counter()
    for row in conn.execute(query.group_by(*(sa.literal_column(str(n + 1)) for n in range(len(dimensions))))).all():
        found[Key(row.month, row.measure, row.process, row.service, channel, row.product, row.value)] = int(row.n)
    return found


def every(conn: Connection) -> Counter[Key]:
    """All that ended, with its channel: what a recount is compared with."""
    found: Counter[Key] = Counter()
    for table in (indicator_month, indicator_delta):
        for row in conn.execute(sa.select(*(table.c[name] for name in _FIELDS))):
            found[Key(*row[:-1])] += row[-1]
    return found


_SUBJECT = case.alias("subject")
_OPEN = (
    sa.select(
        case.c.id,
        case.c.process,
        case.c.version_id,
        case.c.channel,
        case.c.opened_at,
        _SUBJECT.c.process.label("about_process"),
        _SUBJECT.c.version_id.label("about_version"),
        term.c.key,
        term.c.due_at,
        term.c.met_at,
        term.c.paused_at,
        term.c.result,
    )
    .select_from(
        case.outerjoin(term, term.c.case_id == case.c.id).outerjoin(
            _SUBJECT, (_SUBJECT.c.id == case.c.about_id) & (case.c.process == COMPLAINTS)
        )
    )
    .where(case.c.status == "open")
)


def open_cases(conn: Connection, service_of: Callable[[UUID], str], channel: str = "") -> list[OpenCase]:
    """``service_of``: the Carta's service of a definition version."""
    query = _OPEN.where(case.c.channel == channel) if channel else _OPEN
    found: dict[UUID, OpenCase] = {}
    for row in conn.execute(query).all():
        one = found.get(row.id) or _open_case(row, service_of)
        found[row.id] = one
        if row.key is not None:
            one.clocks.append(Clock(row.key, row.due_at, row.met_at, row.paused_at is not None, row.result))
    return list(found.values())


def _open_case(row: Any, service_of: Callable[[UUID], str]) -> OpenCase:
    about = (row.about_process, service_of(row.about_version)) if row.about_process else None
    return OpenCase(row.process, service_of(row.version_id), row.channel, row.opened_at, about)


def opened(cases: list[OpenCase], at: datetime, zone: ZoneInfo) -> Counter[Key]:
    """What open cases add today: they were received; their ready products kept their term or not; those overdue did
    not."""
    found: Counter[Key] = Counter()
    for one in cases:
        month = month_of(one.opened_at, zone)
        dimensions = (one.process, one.service, one.channel)
        found[Key(month, "opened", *dimensions, WHOLE)] += 1
        if one.process == COMPLAINTS:
            process, service = one.about or dimensions[:2]
            found[Key(month, "complaint", process, service, one.channel, WHOLE)] += 1
        for clock in one.clocks:
            found[Key(month, "opened", *dimensions, clock.product)] += 1
            if (measure := _kept(clock, at)) is not None:
                found[Key(month_of(clock.due_at, zone), measure, *dimensions, clock.product)] += 1
    return found


def _kept(clock: Clock, at: datetime) -> str | None:
    if clock.met_at is None:
        return "late" if clock.due_at < at and not clock.paused else None
    if clock.met_at > clock.due_at:
        return "late"
    return None if clock.result == ABANDONED else "kept"
