"""Tokens for programs (``Authorization: Bearer …``): made by a person, act as that person, expire, can be revoked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.people.person import COLUMNS, Person, to_person
from engine.people.session import SEEN_EVERY, digest, new_secret
from engine.storage.tables import api_token, person

PREFIX = "cartulario_"  # so that a leaked one is recognised for what it is
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class ApiToken:
    id: UUID
    person_id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_TOKEN = tuple(api_token.c[name] for name in ApiToken.__dataclass_fields__)


def create_token(conn: Connection, person_id: UUID, name: str, at: datetime, days: int = 90) -> str:
    """→ the token, which is told once and never stored. Raises InvalidAnswers."""
    name = name.strip()
    if not name or len(name) > 120:
        raise InvalidAnswers({"name": "Ponga un nombre que diga para qué es, de 120 caracteres como máximo."})
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidAnswers({"days": f"Un acceso dura entre 1 y {LONGEST_DAYS} días."})
    token = PREFIX + new_secret()
    row = {"id": uuid.uuid4(), "person_id": person_id, "name": name, "token_hash": digest(token)}
    conn.execute(api_token.insert(), {**row, "created_at": at, "expires_at": at + timedelta(days=days)})
    return token


def token_person(conn: Connection, token: str, at: datetime) -> Person | None:
    """Whose token it is, if it is in force and so is the account. Writes nothing."""
    joined = api_token.join(person, person.c.id == api_token.c.person_id)
    live = sa.and_(api_token.c.revoked_at.is_(None), api_token.c.expires_at > at, person.c.active.is_(True))
    query = sa.select(*COLUMNS).select_from(joined).where(api_token.c.token_hash == digest(token), live)
    row = conn.execute(query).one_or_none()
    return to_person(row) if row else None


def touch_token(conn: Connection, token: str, at: datetime) -> None:
    """Note that the token was just used; writes at most every five minutes."""
    old = sa.or_(api_token.c.used_at.is_(None), api_token.c.used_at < at - SEEN_EVERY)
    conn.execute(api_token.update().where(api_token.c.token_hash == digest(token), old).values(used_at=at))


def list_tokens(conn: Connection, person_id: UUID) -> list[ApiToken]:
    query = sa.select(*_TOKEN).where(api_token.c.person_id == person_id).order_by(api_token.c.created_at.desc())
    return [ApiToken(*row) for row in conn.execute(query)]


def revoke_token(conn: Connection, person_id: UUID, token_id: UUID, at: datetime) -> None:
    """End one of the person's own tokens. Raises NotFound for somebody else's."""
    own = sa.and_(api_token.c.id == token_id, api_token.c.person_id == person_id)
    if not conn.execute(api_token.update().where(own).values(revoked_at=at)).rowcount:
        raise NotFound()


def revoke_tokens(conn: Connection, person_id: UUID, at: datetime) -> None:
    """End all that the person has."""
    live = sa.and_(api_token.c.person_id == person_id, api_token.c.revoked_at.is_(None))
    conn.execute(api_token.update().where(live).values(revoked_at=at))
