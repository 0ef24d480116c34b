"""What the desk asks of the cases: what this member of the staff filed, what a person has, whether they can sign in."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.history.case_file import HEAD, CaseHead, head_of
from engine.storage.tables import case, person


def filed_by(conn: Connection, person_id: UUID, limit: int = 20) -> list[CaseHead]:
    """What this member of the staff filed for others, the latest first."""
    query = HEAD.where(case.c.filed_by_id == person_id).order_by(case.c.opened_at.desc(), case.c.number.desc())
    return [head_of(row) for row in conn.execute(query.limit(limit))]


def cases_of(conn: Connection, requester_id: UUID, limit: int = 20) -> list[CaseHead]:
    """A person's latest cases, for who attends to them at the desk."""
    query = HEAD.where(case.c.requester_id == requester_id).order_by(case.c.opened_at.desc(), case.c.number.desc())
    return [head_of(row) for row in conn.execute(query.limit(limit))]


def has_account(conn: Connection, person_id: UUID) -> bool:
    """They can sign in, so that they follow their case as its requester."""
    known = sa.select(person.c.id).where(
        person.c.id == person_id, person.c.active.is_(True), person.c.password_hash.is_not(None)
    )
    return conn.execute(known).first() is not None
