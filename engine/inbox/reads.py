"""Who opened which case or document, and when (N-9, A-10): written by the pages that show it, read by the requester."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.ports import People
from engine.people import Person
from engine.storage.tables import read_log

SAME_READING = timedelta(minutes=10)  # the same person on the same thing: one line, however often the page is reloaded


@dataclass(frozen=True, slots=True)
class Read:
    person: Person | None
    what: str
    document_id: UUID | None
    purpose: str | None
    at: datetime


def log_read(
    conn: Connection,
    person_id: UUID,
    case_id: UUID,
    what: str,
    *,
    at: datetime,
    document_id: UUID | None = None,
    purpose: str | None = None,
) -> bool:
    """→ False when the same reading is already on record within ten minutes."""
    what = what[:200]
    c = read_log.c
    same = sa.and_(c.case_id == case_id, c.person_id == person_id, c.what == what, c.at > at - SAME_READING)
    same = sa.and_(same, c.document_id.is_(None) if document_id is None else c.document_id == document_id)
    if conn.scalar(sa.select(c.id).where(same).limit(1)):
        return False
    row = {"id": uuid.uuid4(), "person_id": person_id, "case_id": case_id, "document_id": document_id, "what": what}
    conn.execute(read_log.insert(), {**row, "purpose": purpose[:200] if purpose else None, "at": at})
    return True


def list_reads(conn: Connection, case_id: UUID, people: People, *, limit: int = 200) -> tuple[Read, ...]:
    """The latest first. The caller has checked that the case may be read."""
    c = read_log.c
    query = sa.select(c.person_id, c.what, c.document_id, c.purpose, c.at).where(c.case_id == case_id)
    rows = conn.execute(query.order_by(c.at.desc(), c.id).limit(limit)).all()
    known = people.get_people(conn, {row.person_id for row in rows})
    return tuple(Read(known.get(row.person_id), row.what, row.document_id, row.purpose, row.at) for row in rows)
