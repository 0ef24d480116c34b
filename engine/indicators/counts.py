"""The numbers under the indicators, of what ended: summed by month. What is open is read as it is (``still_open``), in
the same snapshot. ``ended`` reads the sums and what is not yet summed in one statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import indicator_delta, indicator_month
from engine.storage.unit_of_work import Database


class Key(NamedTuple):
    month: int
    measure: str  # opened delivered refused abandoned withdrawn archived returned days kept late complaint score
    process: str
    service: str
    channel: str
    product: str
    value: int = 0


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A read for sums."""
    with database.read() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather = 0")  # so little costs less than a worker
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
