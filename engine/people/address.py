"""The registered address of a person, at any instant: mail from it is presumed to be that person's own (R-45), by what
was registered when it came, not by what is when somebody looks."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.address import MEND, is_address
from engine.errors import InvalidAnswers
from engine.people.person import get_person
from engine.storage.tables import past_address, person


def change_address(conn: Connection, person_id: UUID, address: str, at: datetime) -> None:
    """Register another one from now on; the one before stays on record. Raises NotFound, InvalidAnswers."""
    new, now = address.strip(), get_person(conn, person_id)
    if not is_address(new):
        raise InvalidAnswers({"email": MEND})
    if new == now.email:
        return
    row = {"id": uuid.uuid4(), "person_id": person_id, "address": now.email, "until": at}
    conn.execute(past_address.insert(), row)
    conn.execute(person.update().where(person.c.id == person_id).values(email=new))


def address_at(conn: Connection, person_id: UUID, at: datetime) -> str:
    """Lower case. Raises NotFound."""
    later = sa.and_(past_address.c.person_id == person_id, past_address.c.until > at)
    query = sa.select(past_address.c.address).where(later).order_by(past_address.c.until).limit(1)
    return str(conn.scalar(query) or get_person(conn, person_id).email).lower()


def people_at_address(conn: Connection, address: str, at: datetime) -> list[UUID]:
    """Whose registered address it was at that instant; a shared one is more than one's."""
    wanted = address.lower()
    had = sa.select(past_address.c.person_id).where(sa.func.lower(past_address.c.address) == wanted)
    has = sa.select(person.c.id).where(sa.func.lower(person.c.email) == wanted)
    found = dict.fromkeys([*conn.scalars(has), *conn.scalars(had)])
    return [one for one in found if address_at(conn, one, at) == wanted]
