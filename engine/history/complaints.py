"""Complaints, suggestions and thanks counted: how many of each kind in a month, and how many were answered in time.

For the indicators and their report (UNE 93200). What is open and past its date counts as late; what was withdrawn was
received, and is neither.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.history.related import COMPLAINT
from engine.storage.tables import case, term


@dataclass(frozen=True, slots=True)
class Voices:
    """Of one kind in one month of filing."""

    month: int  # 202603, at the institution's place
    kind: str  # queja | sugerencia | felicitacion
    received: int
    on_time: int
    late: int

    @property
    def waiting(self) -> int:
        """Open and still in time, or withdrawn."""
        return self.received - self.on_time - self.late


def count_complaints(
    conn: Connection, since: datetime, until: datetime, at: datetime, zone: ZoneInfo
) -> tuple[Voices, ...]:
    """Those filed from ``since`` up to, not including, ``until``, as they stand ``at`` that instant."""
    query = (
        sa.select(case.c.facts, case.c.opened_at, case.c.status, term.c.due_at, term.c.met_at)
        .join_from(case, term, term.c.case_id == case.c.id)
        .where(case.c.process == COMPLAINT, case.c.opened_at >= since, case.c.opened_at < until)
    )
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in conn.execute(query):
        day = row.opened_at.astimezone(zone)
        count = counts[day.year * 100 + day.month, str(row.facts.get("clase") or "queja")]
        count[0] += 1
        count[1] += row.met_at is not None and row.met_at <= row.due_at
        count[2] += row.status != "withdrawn" and (row.met_at or at) > row.due_at
    return tuple(Voices(month, kind, *count) for (month, kind), count in sorted(counts.items()))
