"""Write a row once, whoever writes it at the same time: the key of the job that asks for it decides.

SQLite has one writer at a time, and the guard of an append-only table refuses a taken key before any ON CONFLICT
is heard: so the key is looked for first. On PostgreSQL two may look at once; the second then waits for the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(conn: Connection, table: sa.Table, row: Mapping[str, Any], key: str = "job_key") -> bool:
    """Whether it was written now; no: a row with that key is there, committed by whoever was first."""
    if conn.scalar(sa.select(table.c[key]).where(table.c[key] == row[key])) is not None:
        return False
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(table).values(dict(row)).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])
    return conn.scalar(fresh) is not None
