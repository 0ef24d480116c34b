"""Write a row once, whoever writes it at the same time: the key of the job that asks for it decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(conn: Connection, table: sa.Table, row: Mapping[str, Any], key: str = "job_key") -> bool:
    """Whether it was written now; no: a row with that key is there, committed by whoever was first."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(dict(row)).on_conflict_do_nothing(index_elements=[key])
    return conn.execute(statement).rowcount == 1
