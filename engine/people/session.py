"""Web sessions: listed to their owner and revocable. The token is 256 random bits; only its SHA-256 is stored."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.people.person import COLUMNS, Person, to_person
from engine.storage.tables import person, web_session

SEEN_EVERY = timedelta(minutes=5)  # how coarse "last seen" is: reading a page seldom writes


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Session:
    id: UUID
    person_id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str | None
    agent: str | None


_SESSION = tuple(web_session.c[name] for name in Session.__dataclass_fields__)


def open_session(
    conn: Connection, person_id: UUID, address: str | None, agent: str | None, at: datetime, hours: int
) -> str:
    """→ the token, which is told once and never stored."""
    token = new_secret()
    row = {
        "id": uuid.uuid4(),
        "token_hash": digest(token),
        "person_id": person_id,
        "created_at": at,
        "seen_at": at,
        "expires_at": at + timedelta(hours=hours),
        "address": (address or "")[:60] or None,
        "agent": (agent or "")[:200] or None,
    }
    conn.execute(web_session.insert(), row)
    return token


def _live(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(web_session.c.revoked_at.is_(None), web_session.c.expires_at > at)


def session_person(conn: Connection, token: str, at: datetime) -> Person | None:
    """Whose session it is, if it is open and so is the account. Writes nothing."""
    joined = web_session.join(person, person.c.id == web_session.c.person_id)
    query = sa.select(*COLUMNS).select_from(joined)
    query = query.where(web_session.c.token_hash == digest(token), _live(at), person.c.active.is_(True))
    row = conn.execute(query).one_or_none()
    return to_person(row) if row else None


def touch_session(conn: Connection, token: str, at: datetime) -> None:
    """Note that the session was just used; writes at most every five minutes."""
    old = web_session.c.seen_at < at - SEEN_EVERY
    conn.execute(web_session.update().where(web_session.c.token_hash == digest(token), old).values(seen_at=at))


def list_sessions(conn: Connection, person_id: UUID, at: datetime) -> list[Session]:
    """The person's open sessions, the last used first."""
    query = sa.select(*_SESSION).where(web_session.c.person_id == person_id, _live(at))
    return [Session(*row) for row in conn.execute(query.order_by(web_session.c.seen_at.desc()))]


def session_id(conn: Connection, token: str) -> UUID | None:
    """Which of the listed sessions a token opens, to mark "this one"."""
    return conn.scalar(sa.select(web_session.c.id).where(web_session.c.token_hash == digest(token)))


def revoke_session(conn: Connection, person_id: UUID, session_id: UUID, at: datetime) -> None:
    """End one of the person's own sessions. Raises NotFound for somebody else's."""
    own = sa.and_(web_session.c.id == session_id, web_session.c.person_id == person_id)
    if not conn.execute(web_session.update().where(own).values(revoked_at=at)).rowcount:
        raise NotFound()


def close_session(conn: Connection, token: str, at: datetime) -> None:
    """Sign out."""
    conn.execute(web_session.update().where(web_session.c.token_hash == digest(token)).values(revoked_at=at))


def revoke_sessions(conn: Connection, person_id: UUID, at: datetime, *, keep_token: str | None = None) -> int:
    """End every open session of a person, but for the one in use when given. → how many ended."""
    mine = sa.and_(web_session.c.person_id == person_id, _live(at))
    if keep_token is not None:
        mine = sa.and_(mine, web_session.c.token_hash != digest(keep_token))
    return conn.execute(web_session.update().where(mine).values(revoked_at=at)).rowcount
