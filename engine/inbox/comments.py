"""What was said beside a case: among the staff, by the requester, and to them (``audience``: only that they read)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.ports import People
from engine.people import Person
from engine.storage.tables import comment


@dataclass(frozen=True, slots=True)
class Comment:
    id: UUID
    author: Person | None
    text: str
    at: datetime
    audience: str  # office | requester: who else reads it


def list_comments(conn: Connection, case_id: UUID, people: People) -> tuple[Comment, ...]:
    """The oldest first. The caller has checked that the case may be read."""
    query = sa.select(comment).where(comment.c.case_id == case_id).order_by(comment.c.at, comment.c.id)
    rows = conn.execute(query).all()
    authors = people.get_people(conn, {row.author_id for row in rows})
    return tuple(Comment(row.id, authors.get(row.author_id), row.text, row.at, row.audience) for row in rows)
