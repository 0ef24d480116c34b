"""Where a case stands in its term: "día 2 de 3"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from engine.calendar import ProductPromise, promise_of
from engine.inbox.ports import Days


@dataclass(frozen=True, slots=True)
class TermDay:
    """``day`` 0: counting has not begun; beyond ``of``: overdue."""

    day: int
    of: int


def list_terms(conn: Connection, case_id: UUID) -> tuple[ProductPromise, ...]:
    """The latest due first."""
    return promise_of(conn, case_id).products[::-1]


def term_day(conn: Connection, case_id: UUID, today: date, days: Days, product: str | None = None) -> TermDay | None:
    """Of the product that the task makes, else of the case's latest term: counted back from its due day, so that pauses
    need no bookkeeping here."""
    found = list_terms(conn, case_id)
    if not found:
        return None
    one = next((term for term in found if term.key == product), found[0])
    left = days.business_days_between(today, days.local_day(one.due_at))
    return TermDay(max(0, one.days - left), one.days)
