"""Who opened which case, document or original of an acta, and when (N-9, A-10): written by the pages that show it, read
by the requester; of an acta, by those who keep the register."""

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
    case_id: UUID | None,
    what: str,
    *,
    at: datetime,
    document_id: UUID | None = None,
    acta_id: UUID | None = None,
    purpose: str | None = None,
) -> bool:
    """→ False when the same reading is already on record within ten minutes."""
    what = what[:200]
    c = read_log.c
    of = {"case_id": case_id, "document_id": document_id, "acta_id": acta_id}
    same = sa.and_(c.person_id == person_id, c.what == what, c.at > at - SAME_READING)
    same = sa.and_(same, *(c[name] == value for name, value in of.items()))
    if conn.scalar(sa.select(c.id).where(same).limit(1)):
        return False
    row = {"id": uuid.uuid4(), "person_id": person_id, "what": what, **of}
    conn.execute(read_log.insert(), {**row, "purpose": purpose[:200] if purpose else None, "at": at})
    return True


def list_reads(conn: Connection, case_id: UUID, people: People, *, limit: int = 200) -> tuple[Read, ...]:
    """The latest first. The caller has checked that the case may be read."""
    return _list(conn, read_log.c.case_id == case_id, people, limit)


def list_acta_reads(conn: Connection, acta_id: UUID, people: People, *, limit: int = 200) -> tuple[Read, ...]:
    """The latest first. The caller has checked that the person keeps the register."""
    return _list(conn, read_log.c.acta_id == acta_id, people, limit)


def _list(conn: Connection, of: sa.ColumnElement[bool], people: People, limit: int) -> tuple[Read, ...]:
    c = read_log.c
    query = sa.select(c.person_id, c.what, c.document_id, c.purpose, c.at).where(of)
    rows = conn.execute(query.order_by(c.at.desc(), c.id).limit(limit)).all()
    known = people.get_people(conn, {row.person_id for row in rows})
    return tuple(Read(known.get(row.person_id), row.what, row.document_id, row.purpose, row.at) for row in rows)
