"""The promise of a case: the day by which it will be ready, as a whole and product by product (C-48).

The only reader of it for every face: the confirmation, the status page, the inbox, the mails and the API say what this
says, so they say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case, term


@dataclass(frozen=True, slots=True)
class ProductPromise:
    """``key`` is the product's code; ``days`` its term in business days."""

    key: str
    days: int
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None
    paused_days: int
    met_at: datetime | None
    result: str | None = None  # how it ended (``terms.Term``); none while owed, or ready in an open case


@dataclass(frozen=True, slots=True)
class Promise:
    """``due_at`` is that of the product due last; none when nothing is promised, or not yet. While ``paused`` it will
    move by the days that the requester takes to answer."""

    due_at: datetime | None
    paused: bool
    products: tuple[ProductPromise, ...]  # the first due first

    @property
    def moved(self) -> bool:
        return any(one.due_at != one.original_due_at for one in self.products)


_PRODUCT = tuple(term.c[name] for name in ProductPromise.__dataclass_fields__)


def promise_of(conn: Connection, case_id: UUID) -> Promise:
    head = conn.execute(sa.select(case.c.due_at, case.c.paused_at, case.c.status).where(case.c.id == case_id)).one()
    query = sa.select(*_PRODUCT).where(term.c.case_id == case_id).order_by(term.c.due_at, term.c.key)
    products = tuple(ProductPromise(*row) for row in conn.execute(query))
    return Promise(head.due_at, head.paused_at is not None and head.status == "open", products)


def overdue(conn: Connection, cases: Sequence[UUID], now: datetime) -> dict[UUID, datetime]:
    """Of these open cases, those that owe a product whose day passed: since when."""
    first = sa.func.min(term.c.due_at)
    query = (
        sa.select(term.c.case_id, sa.type_coerce(first, term.c.due_at.type))
        .join(case, case.c.id == term.c.case_id)
        .where(term.c.case_id.in_(cases), case.c.status == "open", term.c.due_at < now)
        .where(term.c.met_at.is_(None), term.c.paused_at.is_(None))
        .group_by(term.c.case_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)} if cases else {}
