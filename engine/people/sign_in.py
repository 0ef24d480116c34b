"""Signing in with a password, and changing it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.people.password import LONGEST, hash_password, needs_rehash, verify_password
from engine.people.person import Person, canonical_username, get_person
from engine.people.session import revoke_sessions
from engine.people.token import revoke_tokens
from engine.storage.tables import person

SHORTEST = 10  # characters


def authenticate(conn: Connection, username: str, password: str, at: datetime) -> Person | None:
    """The person, when the password is theirs and the account is open; None otherwise, without telling which failed and
    after the same work: some tens of milliseconds, so give it a connection that only reads."""
    query = sa.select(person.c.id, person.c.password_hash, person.c.active)
    row = conn.execute(query.where(person.c.username == canonical_username(username))).one_or_none()
    right = verify_password(row.password_hash if row else None, password)
    if row is None or not right or not row.active:
        return None
    return get_person(conn, row.id)


def renew_hash(conn: Connection, person_id: UUID, password: str) -> None:
    """After a good sign-in: a hash made with older parameters is made again."""
    stored = conn.scalar(sa.select(person.c.password_hash).where(person.c.id == person_id))
    if stored is not None and needs_rehash(stored):
        _store(conn, person_id, password)


def set_password(conn: Connection, person_id: UUID, password: str, at: datetime) -> None:
    """Put a new password, as an administrator does; the person's sessions and tokens end. Raises NotFound,
    InvalidAnswers."""
    found = get_person(conn, person_id)
    _check(password, found)
    _store(conn, person_id, password)
    revoke_sessions(conn, person_id, at)
    revoke_tokens(conn, person_id, at)


def change_password(
    conn: Connection, person_id: UUID, current: str, new: str, at: datetime, *, keep_token: str | None = None
) -> None:
    """The person's own change: the current one is asked; every other session ends, and every token, for who knew the
    old one may have made it. Raises InvalidAnswers."""
    stored = conn.scalar(sa.select(person.c.password_hash).where(person.c.id == person_id))
    if not verify_password(stored, current):
        raise InvalidAnswers({"current": "La contraseña actual no es esa."})
    _check(new, get_person(conn, person_id))
    if verify_password(stored, new):
        raise InvalidAnswers({"password": "La contraseña nueva es la misma que la actual."})
    _store(conn, person_id, new)
    revoke_sessions(conn, person_id, at, keep_token=keep_token)
    revoke_tokens(conn, person_id, at)


def _store(conn: Connection, person_id: UUID, password: str) -> None:
    changed = conn.execute(
        person.update().where(person.c.id == person_id).values(password_hash=hash_password(password))
    )
    if not changed.rowcount:
        raise NotFound()


def _check(password: str, owner: Person) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidAnswers({"password": f"La contraseña tiene {SHORTEST} caracteres o más."})
    if owner.username in password.casefold():
        raise InvalidAnswers({"password": "La contraseña no puede contener su nombre de usuario."})
