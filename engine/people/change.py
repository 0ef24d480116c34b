"""Who did what to a person's functions, loans, account and registered data: rows that are never changed or deleted.

Written by ``inbound.office_people`` in the transaction of the change itself; read by the auditors' pages and
``cartulario person changes``. Of what was done before this table
was there only the log of the system tells.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import person_change

ACTS = frozenset(
    {"add", "give", "end", "lend", "revoke", "close", "reopen", "end-sessions", "correct", "address", "password", "key"}
)


@dataclass(frozen=True, slots=True)
class Change:
    id: UUID
    person_id: UUID
    other_id: UUID | None
    at: datetime
    by_id: UUID | None
    operator: str | None
    what: str
    detail: Mapping[str, Any]


_COLUMNS = tuple(person_change.c[name] for name in Change.__dataclass_fields__)


def record_change(
    conn: Connection,
    person_id: UUID,
    what: str,
    detail: Mapping[str, Any],
    *,
    by: UUID | str,
    at: datetime,
    other_id: UUID | None = None,
) -> None:
    """``by``: a person, or the name of the operator at the server."""
    if what not in ACTS:
        raise ValueError(f"not an act on a person: {what}")
    operator = by[:120] if isinstance(by, str) else None
    values = (uuid.uuid4(), person_id, other_id, at, None if operator else by, operator, what, dict(detail))
    conn.execute(person_change.insert(), dict(zip(Change.__dataclass_fields__, values, strict=True)))


def list_changes(conn: Connection, person_id: UUID | None = None, *, limit: int = 200) -> list[Change]:
    """The newest first: those done to a person, or to anybody."""
    query = sa.select(*_COLUMNS).order_by(person_change.c.at.desc(), person_change.c.id).limit(limit)
    if person_id is not None:
        query = query.where(sa.or_(person_change.c.person_id == person_id, person_change.c.other_id == person_id))
    return [Change(*row) for row in conn.execute(query)]
