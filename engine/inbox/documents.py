"""The documents of a case as lines of a list; their bytes are the documents room's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import document


@dataclass(frozen=True, slots=True)
class DocumentLine:
    id: UUID
    kind: str
    name: str
    title: str
    media_type: str
    size: int
    code: str | None
    scan: str
    signed: bool
    released_at: datetime | None
    created_by: UUID | None
    created_at: datetime


def list_document_lines(
    conn: Connection, case_id: UUID, *, released_to: UUID | None = None
) -> tuple[DocumentLine, ...]:
    """The latest first. ``released_to``: only what that person may have, what was released and what they brought."""
    query = sa.select(document).where(document.c.case_id == case_id)
    if released_to is not None:
        query = query.where(sa.or_(document.c.released_at.is_not(None), document.c.created_by == released_to))
    rows = conn.execute(query.order_by(document.c.created_at.desc(), document.c.name))
    return tuple(
        DocumentLine(
            row.id,
            row.kind,
            row.name,
            row.title,
            row.media_type,
            row.size,
            row.code,
            row.scan,
            bool(row.signatures),
            row.released_at,
            row.created_by,
            row.created_at,
        )
        for row in rows
    )
