"""Add what each case left to the sums by month. Run by every worker; several at once, or one that dies, do no harm.

One transaction takes some rows away and adds them to their sums: it happens whole or not at all, so there is no
watermark to lose. Two workers never take the same rows, and they add in the same order, so neither waits for ever.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.indicators.counts import Key
from engine.storage.tables import indicator_delta, indicator_month
from engine.storage.unit_of_work import Database

BATCH = 5_000  # rows in one transaction

_FIELDS = Key._fields
_TAKE = (
    sa.select(indicator_delta.c.id, *(indicator_delta.c[name] for name in _FIELDS), indicator_delta.c["count"])
    .order_by(indicator_delta.c.id)
    .with_for_update(skip_locked=True)
)
_DROP = indicator_delta.delete().where(indicator_delta.c.id.in_(sa.bindparam("ids", expanding=True)))


def _upsert(insert: Any) -> Any:
    more = {"count": indicator_month.c["count"] + insert.excluded["count"]}
    return insert.on_conflict_do_update(index_elements=list(_FIELDS), set_=more)


_ADD = {
    "sqlite": _upsert(sqlite.insert(indicator_month)),
    "postgresql": _upsert(postgresql.insert(indicator_month)),
}


def compact(database: Database, limit: int = BATCH) -> int:
    """How many rows were summed."""
    with database.read() as conn:  # most of the time there is nothing: then nobody waits for a lock
        if conn.execute(sa.select(indicator_delta.c.id).limit(1)).first() is None:
            return 0
    with database.write() as conn:
        return _compact(conn, limit)


def _compact(conn: Connection, limit: int) -> int:
    rows = conn.execute(_TAKE.limit(limit)).all()
    if not rows:
        return 0
    sums: Counter[Key] = Counter()
    for row in rows:
        sums[Key(*row[1:-1])] += row[-1]
    conn.execute(_DROP, {"ids": [row.id for row in rows]})
    conn.execute(_ADD[conn.dialect.name], [{**key._asdict(), "count": sums[key]} for key in sorted(sums)])
    return len(rows)


def compact_all(database: Database) -> int:
    """Until nothing is left."""
    done = 0
    while taken := compact(database):
        done += taken
    return done
