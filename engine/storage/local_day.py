"""``local_day(zone, instant)`` in SQL: the calendar day of an instant at a place, reckoned where the rows are, so that
they can be grouped by it. PostgreSQL knows the zones; to SQLite every connection is taught.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class local_day(GenericFunction[Any]):
    type = sa.Date()
    inherit_cache = True


@compiles(local_day, "postgresql")
def _on_postgresql(element: local_day, compiler: Any, **more: Any) -> str:
    zone, instant = (compiler.process(one, **more) for one in element.clauses)
    return f"CAST(timezone({zone}, {instant}) AS DATE)"


def teach(connection: sqlite3.Connection) -> None:
    connection.create_function("local_day", 2, _local_day, deterministic=True)


def _local_day(zone: str, instant: str | None) -> str | None:
    """Instants are naive UTC there (``types.UtcDateTime``)."""
    if instant is None:
        return None
    return datetime.fromisoformat(instant).replace(tzinfo=UTC).astimezone(_zone(zone)).date().isoformat()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
