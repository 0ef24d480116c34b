"""Who somebody is: the row of ``person`` as a value, and how it is made, found and changed."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.address import MEND, is_address
from engine.errors import InvalidAnswers, NotFound
from engine.letters import unprintable
from engine.people.identity import check_identity
from engine.people.password import hash_password
from engine.storage.search import fold, words
from engine.storage.tables import holding, person

PROFILES = ("estudiante", "graduado", "administrativo", "externo")
LANGUAGES = ("es", "en")
PRINTED = ("given_names", "family_names", "organization")  # in documents


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    username: str
    given_names: str
    family_names: str
    email: str
    identity_kind: str | None
    identity_number: str | None
    profile: str | None
    language: str
    active: bool
    organization: str | None = None  # the organism that an external person writes for (C-10)
    place: str | None = None  # where they are, when a local holiday there counts

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_names}".strip()

    @property
    def sort_name(self) -> str:
        """Family names first, as lists and documents show it; a single surname has no comma to follow."""
        return ", ".join(part for part in (self.family_names, self.given_names) if part)

    @property
    def initials(self) -> str:
        return (self.given_names[:1] + self.family_names[:1]).upper()


COLUMNS = tuple(person.c[name] for name in Person.__dataclass_fields__)


def to_person(row: Any) -> Person:
    return Person(*(row._mapping[column] for column in COLUMNS))


def canonical_username(username: str) -> str:
    return unicodedata.normalize("NFC", username).strip().casefold()


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _search(given: str, family: str, username: str, number: str | None) -> str:
    found = dict.fromkeys(fold(word) for part in (family, given, username, number or "") for word in words(part))
    return f" {' '.join(found)} "[:400]


def _checked(values: dict[str, Any], wrong: Mapping[str, str] | None = None) -> dict[str, Any]:
    """``wrong``: what was found before. Raises InvalidAnswers with everything that is, at once."""
    errors = dict(wrong or {})
    for field, longest in (
        ("given_names", 120),
        ("family_names", 120),
        ("username", 120),
        ("organization", 200),
        ("place", 60),
    ):
        text = values[field] or ""
        if len(text) > longest or any(unicodedata.category(c) in ("Cc", "Cf") for c in text):
            errors[field] = f"Escriba {longest} caracteres como máximo, sin signos de control."
        elif field in PRINTED and (strange := unprintable(text)):
            named = f"«{strange[0]}» (U+{ord(strange[0]):04X})"
            errors[field] = f"Lleva {named}, que nuestros documentos no pueden escribir."
    if not values["username"]:
        errors["username"] = "Falta el nombre de usuario."
    if not (values["given_names"] or values["family_names"]):
        errors["family_names"] = "Falta el nombre."
    if values["profile"] is not None and values["profile"] not in PROFILES:
        errors["profile"] = "Elija un perfil: " + ", ".join(PROFILES) + "."
    if errors:
        raise InvalidAnswers(errors)
    return values


def _identity(kind: str | None, number: str | None) -> tuple[str | None, Mapping[str, str]]:
    try:
        return check_identity(kind, number), {}
    except InvalidAnswers as error:
        return None, error.errors


def create_person(
    conn: Connection,
    *,
    username: str,
    given_names: str,
    family_names: str,
    email: str,
    password: str | None = None,
    identity_kind: str | None = None,
    identity_number: str | None = None,
    profile: str | None = None,
    language: str = "es",
    organization: str | None = None,
    place: str | None = None,
    identified: bool = False,
    at: datetime,
) -> UUID:
    """A new person, active. Without a password they cannot sign in with one; ``identified``: who must show a document.
    Raises InvalidAnswers."""
    number, wrong = _identity(identity_kind, identity_number) if identity_kind or identified else (None, {})
    if not is_address(email.strip()):
        wrong = {**wrong, "email": MEND}
    given, family, username = _tidy(given_names), _tidy(family_names), canonical_username(username)
    values = _checked(
        {
            "username": username,
            "given_names": given,
            "family_names": family,
            "email": email.strip(),
            "identity_kind": identity_kind if number else None,
            "identity_number": number,
            "profile": profile,
            "language": language if language in LANGUAGES else "es",
            "organization": _tidy(organization or "") or None,
            "place": _tidy(place or "") or None,
        },
        wrong,
    )
    taken = InvalidAnswers({"username": "Ya hay una persona con ese nombre de usuario."})
    if find_person(conn, username):
        raise taken
    person_id = uuid.uuid4()
    secret = hash_password(password) if password else None
    search = _search(given, family, username, number)
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    row = {**values, "id": person_id, "password_hash": secret, "active": True, "search": search, "created_at": at}
    made = insert(person).values(row).on_conflict_do_nothing(index_elements=["username"]).returning(person.c.id)
    if conn.scalar(made) is None:
        raise taken  # by somebody who was registered in the same instant
    return person_id


_BY_ID = sa.select(*COLUMNS).where(person.c.id == sa.bindparam("person_id"))


def get_person(conn: Connection, person_id: UUID) -> Person:
    """Raises NotFound."""
    row = conn.execute(_BY_ID, {"person_id": person_id}).one_or_none()
    if row is None:
        raise NotFound()
    return Person(*row)


def get_people(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Several at once; those that do not exist are simply absent."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = conn.execute(sa.select(*COLUMNS).where(person.c.id.in_(wanted)))
    return {found.id: found for found in map(to_person, rows)}


def find_person(conn: Connection, username: str) -> Person | None:
    row = conn.execute(sa.select(*COLUMNS).where(person.c.username == canonical_username(username))).one_or_none()
    return to_person(row) if row else None


def find_by_identity(conn: Connection, number: str) -> list[Person]:
    """Everybody with this identity number, as it is written, of whatever kind: a passport may say what a DNI says."""
    query = sa.select(*COLUMNS).where(person.c.identity_number == number).order_by(person.c.created_at, person.c.id)
    return [to_person(row) for row in conn.execute(query)]


def people_of_identity(conn: Connection, kind: str, number: str) -> list[Person]:
    """Whoever has this identity. A CUIL and the DNI in it are one person's; the same number under another kind is
    somebody else's: a passport may say a DNI's."""
    of = person.c
    same = sa.and_(of.identity_kind == kind, of.identity_number == number)
    if kind in ("dni", "cuil"):
        dni = (number[2:10] if kind == "cuil" else number).lstrip("0")
        written = sa.and_(of.identity_kind == "dni", of.identity_number.in_({dni, dni.zfill(7), dni.zfill(8)}))
        holds = sa.and_(of.identity_kind == "cuil", of.identity_number.like(f"__{dni.zfill(8)}_"))
        same = sa.or_(written, holds)
    query = sa.select(*COLUMNS).where(same).order_by(of.created_at, of.id)
    return [to_person(row) for row in conn.execute(query)]


def search_people(
    conn: Connection,
    text: str,
    *,
    roles: Iterable[str] | None = None,
    on: date | None = None,
    limit: int = 20,
    closed: bool = False,
) -> list[Person]:
    """Active people (with ``closed``, others too) whose names, user name or identity have, for each word typed, a word
    that starts with it. With ``roles`` (and ``on``, now) only those who hold one of them: whom a task may be assigned
    to."""
    typed = [fold(word) for word in words(text)[:8]]
    query = sa.select(*COLUMNS).where(sa.true() if closed else person.c.active.is_(True))
    for word in typed:
        query = query.where(person.c.search.contains(f" {word}", autoescape=True))
    if roles is not None:
        held = sa.select(holding.c.person_id).where(holding.c.role.in_(list(roles)))
        if on is not None:
            held = held.where(holding.c.since <= on, sa.or_(holding.c.until.is_(None), holding.c.until >= on))
        query = query.where(person.c.id.in_(held))
    rows = conn.execute(query.order_by(person.c.search, person.c.id).limit(limit))
    return [to_person(row) for row in rows]


def update_person(conn: Connection, person_id: UUID, **changes: Any) -> Person:
    """Change names, profile, language or identity; the address: ``change_address``. Raises NotFound, InvalidAnswers."""
    unknown = set(changes) - {
        "given_names",
        "family_names",
        "profile",
        "language",
        "identity_kind",
        "identity_number",
        "organization",
        "place",
    }
    if unknown:
        raise TypeError(f"not a person's to change: {', '.join(sorted(unknown))}")
    now = get_person(conn, person_id)
    values = {column.name: getattr(now, column.name) for column in COLUMNS if column.name not in ("id", "active")}
    values |= changes
    for name in ("given_names", "family_names"):
        values[name] = _tidy(values[name])
    for name in ("organization", "place"):
        values[name] = _tidy(values[name] or "") or None
    if values["identity_kind"]:
        values["identity_number"] = check_identity(values["identity_kind"], values["identity_number"])
    else:
        values["identity_number"] = None
    values = _checked(values)
    search = _search(values["given_names"], values["family_names"], values["username"], values["identity_number"])
    conn.execute(person.update().where(person.c.id == person_id).values(**values, search=search))
    return get_person(conn, person_id)


def set_active(conn: Connection, person_id: UUID, active: bool) -> None:
    """Close or reopen an account. A closed one keeps its past and loses its sessions, tokens and roles at once."""
    if not conn.execute(person.update().where(person.c.id == person_id).values(active=active)).rowcount:
        raise NotFound()
