"""Where a case stands in its term: "día 2 de 3"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.ports import Days
from engine.storage.tables import term


@dataclass(frozen=True, slots=True)
class TermDay:
    """``day`` 0: counting has not begun; beyond ``of``: overdue."""

    day: int
    of: int


@dataclass(frozen=True, slots=True)
class Term:
    """One product's clock (C-48)."""

    key: str
    days: int
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None
    met_at: datetime | None


_TERM = tuple(term.c[name] for name in Term.__dataclass_fields__)


def list_terms(conn: Connection, case_id: UUID) -> tuple[Term, ...]:
    """The latest due first."""
    query = sa.select(*_TERM).where(term.c.case_id == case_id).order_by(term.c.due_at.desc(), term.c.key)
    return tuple(Term(*row) for row in conn.execute(query))


def term_day(conn: Connection, case_id: UUID, today: date, days: Days) -> TermDay | None:
    """Of the case's latest term: counted back from its due day, so that pauses need no bookkeeping here."""
    found = list_terms(conn, case_id)
    if not found:
        return None
    left = days.business_days_between(today, days.local_day(found[0].due_at))
    return TermDay(max(0, found[0].days - left), found[0].days)
