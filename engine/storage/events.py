"""The event chain's only writer. Each event's hash covers its content and the hash of the one before, so that an edit,
an insertion or a deletion inside a case breaks the chain (R-5, R-9). Called by ``cases`` and ``inbox`` inside a
transaction that holds the case's row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import event

GENESIS = "0" * 64
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Event:
    case_id: UUID
    n: int
    kind: str
    element: str | None
    actor: UUID | None
    at: datetime
    data: str
    previous: str
    hash: str


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, UTF-8: the text that is hashed."""
    return _ENCODER.encode(value)


def event_hash(
    case_id: UUID, n: int, kind: str, element: str | None, actor: UUID | None, at: datetime, data: str, previous: str
) -> str:
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "\n".join((str(case_id), str(n), kind, element or "", str(actor or ""), instant, previous, data))
    return hashlib.sha256(text.encode()).hexdigest()


_LAST = (
    sa.select(event.c.n, event.c.hash)
    .where(event.c.case_id == sa.bindparam("case_id"))
    .order_by(event.c.n.desc())
    .limit(1)
)
_INSERT = event.insert()


def append_event(
    conn: Connection,
    case_id: UUID,
    kind: str,
    *,
    at: datetime,
    data: Mapping[str, Any],
    element: str | None = None,
    actor: UUID | None = None,
    request_id: UUID | None = None,
) -> Event:
    """Append one event to the case's chain. The caller holds the case's row lock, so ``n`` cannot be taken twice."""
    last = conn.execute(_LAST, {"case_id": case_id}).one_or_none()
    n, previous = (last.n + 1, last.hash) if last else (1, GENESIS)
    text = canonical(data)
    digest = event_hash(case_id, n, kind, element, actor, at, text, previous)
    row = Event(case_id, n, kind, element, actor, at, text, previous, digest)
    conn.execute(
        _INSERT,
        {
            "case_id": case_id,
            "n": n,
            "kind": kind,
            "element": element,
            "actor": actor,
            "at": at,
            "data": text,
            "previous": previous,
            "hash": digest,
            "request_id": request_id,
        },
    )
    return row
