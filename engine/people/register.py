"""Somebody who comes to the desk and has no account: found by their identity, or registered with what they show.

Called by the desk's page and by the import of requests. Nobody is registered twice: the same document, its kind and
its number, is the same person. Who is registered so has no password: they follow their case by its number and its word
(``/seguimiento``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict, InvalidAnswers
from engine.people.identity import check_identity
from engine.people.person import Person, create_person, find_person, people_of_identity


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
    username = _free_username(conn, f"{new.identity_kind}-{number or new.identity_number}"[:110])
    if known := _holder_of(conn, new.identity_kind, number):
        raise _already(known)
    try:
        return _create(conn, new, username, at)
    except InvalidAnswers:  # perhaps of the username, which another desk took in the same instant: its row is there now
        if known := _holder_of(conn, new.identity_kind, number):
            raise _already(known) from None
        raise


def _holder_of(conn: Connection, kind: str, number: str) -> Person | None:
    return next(iter(people_of_identity(conn, kind, number)), None) if number else None


def _already(known: Person) -> AlreadyRegistered:
    return AlreadyRegistered(
        f"{known.sort_name} ya está registrada con ese documento: use esa ficha.",
        person_id=str(known.id),
        name=known.sort_name,
    )


def _free_username(conn: Connection, wanted: str) -> str:
    """``wanted``, or with a number: the account of who was registered with this identity by mistake keeps its name."""
    name, n = wanted, 1
    while find_person(conn, name) is not None:
        n += 1
        name = f"{wanted}-{n}"
    return name


def _create(conn: Connection, new: NewPerson, username: str, at: datetime) -> UUID:
    return create_person(
        conn,
        username=username,
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
