"""Somebody who comes to the desk and has no account: found by their identity, or registered with what they show.

Called by the desk's page and by the import of requests. Nobody is registered twice: the same identity is the same
person. Who is registered so has no password: they follow their case by its number and its word (``/seguimiento``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict, InvalidAnswers
from engine.people.identity import check_identity
from engine.people.person import create_person, find_by_identity


class AlreadyRegistered(Conflict):
    """``details``: person_id and name of the one who has this identity."""

    code = "already_registered"
    message = "Ya hay una persona con ese documento: use esa ficha."


@dataclass(frozen=True, slots=True)
class NewPerson:
    """As typed at the desk. A person with a single name of either kind is one with that name alone."""

    given_names: str
    family_names: str
    identity_kind: str
    identity_number: str
    profile: str
    email: str
    organization: str = ""
    place: str = ""


def register_person(conn: Connection, new: NewPerson, at: datetime) -> UUID:
    """Raises InvalidAnswers (every field that is wrong at once), AlreadyRegistered."""
    try:
        number = check_identity(new.identity_kind or None, new.identity_number)
    except InvalidAnswers:
        number = ""  # told by create_person, with whatever else is wrong
    if number and (known := find_by_identity(conn, number)):
        raise AlreadyRegistered(
            f"{known[0].sort_name} ya está registrada con ese documento: use esa ficha.",
            person_id=str(known[0].id),
            name=known[0].sort_name,
        )
    return create_person(
        conn,
        username=f"{new.identity_kind}-{number or new.identity_number}"[:120],
        given_names=new.given_names,
        family_names=new.family_names,
        email=new.email,
        identity_kind=new.identity_kind,
        identity_number=new.identity_number,
        profile=new.profile,
        organization=new.organization,
        place=new.place,
        at=at,
        identified=True,
    )
