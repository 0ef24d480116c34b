"""The events of a case as they are read: parsed, with the name of who acted.

Called by everything in this room. Reading never repairs: an event whose text is not JSON (somebody edited the
database) comes out with empty data, and ``chain`` says that it was touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import event, person


@dataclass(frozen=True, slots=True)
class Recorded:
    n: int
    kind: str
    element: str | None
    actor: UUID | None
    actor_name: str | None  # "Ñáñez de la Cruz, María José"; none: the system
    at: datetime
    data: Mapping[str, Any]
    hash: str


_EVENTS = (
    sa.select(
        event.c.n,
        event.c.kind,
        event.c.element,
        event.c.actor,
        event.c.at,
        event.c.data,
        event.c.hash,
        person.c.family_names,
        person.c.given_names,
    )
    .select_from(event.outerjoin(person, person.c.id == event.c.actor))
    .where(event.c.case_id == sa.bindparam("case_id"))
    .order_by(event.c.n)
)


def read_events(conn: Connection, case_id: UUID) -> list[Recorded]:
    """Every event of the case, in order."""
    return [
        Recorded(
            row.n,
            row.kind,
            row.element,
            row.actor,
            f"{row.family_names}, {row.given_names}" if row.family_names else None,
            row.at,
            _parsed(row.data),
            row.hash,
        )
        for row in conn.execute(_EVENTS, {"case_id": case_id})
    ]


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
