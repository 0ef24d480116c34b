"""A letter that came in, as it is kept. Its row and its bytes are there before anything else is done with it.

``keep`` is safe to repeat and safe among several readers: the same letter has one row, however often, wherever and
under whatever UIDVALIDITY a server shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.mail.incoming.identity import identity_of
from engine.mail.incoming.parse import Incoming, parse
from engine.storage.tables import mail_place, original, received_mail
from engine.storage.unit_of_work import Database

Status = Literal["new", "filed", "held", "refused", "duplicate"]
MEDIA_TYPE = "message/rfc822"
NOT_UNDERSTOOD = (
    "El correo no se pudo leer por un error del sistema ({error}). Está guardado tal como llegó: descárguelo."
)
TOO_LARGE = "El correo es demasiado grande: queda en el servidor de correo y aquí solo se guardan sus cabeceras."


class Originals(Protocol):
    def put(self, data: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...


@dataclass(frozen=True)
class Arrival:
    """A letter as a server shows it. ``raw`` is its headers alone when not ``whole``."""

    account: str
    uidvalidity: int
    uid: int
    raw: bytes
    size: int
    received_at: datetime
    whole: bool = True


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    id: UUID
    account: str
    message_id: str
    sender: str
    sender_name: str
    recipients: dict[str, list[str]]
    subject: str
    date: datetime | None
    received_at: datetime
    raw_sha256: str
    size: int
    whole: bool
    attachments: list[dict[str, Any]]
    auth: dict[str, Any]
    at: datetime
    status: Status
    reason: str | None
    items: list[dict[str, Any]] | None
    base: str | None
    acta_id: UUID | None
    case_id: UUID | None
    judged_at: datetime | None
    judged_by: UUID | None
    notice: str | None


_COLUMNS = [received_mail.c[name] for name in ReceivedMail.__dataclass_fields__]


def keep(database: Database, archive: Originals, arrival: Arrival, auth: dict[str, Any], at: datetime) -> UUID | None:
    """Its id when it is new here; None when it was kept before. The bytes are on the disk before their row is."""
    sha256 = archive.put(arrival.raw)
    return _keep(database, arrival, _row(arrival, parse(arrival.raw), sha256, auth, at), at)


def keep_unread(database: Database, archive: Originals, arrival: Arrival, error: str, at: datetime) -> UUID | None:
    """As ``keep``, for a letter that broke it: nothing is said of its content, and it waits for a person."""
    row = _row(arrival, Incoming(), archive.put(arrival.raw), {}, at)
    told = {"status": "held", "reason": NOT_UNDERSTOOD.format(error=error)}
    return _keep(database, arrival, row | told, at)


def _keep(database: Database, arrival: Arrival, row: dict[str, Any], at: datetime) -> UUID | None:
    sha256 = row["raw_sha256"]
    with database.write() as conn:
        kept = {"sha256": sha256, "size": len(arrival.raw), "media_type": MEDIA_TYPE, "stored_at": at}
        if not _insert_once(conn, original, kept, "sha256"):
            leaving = sa.and_(original.c.sha256 == sha256, original.c.fixity.in_(("leaving", "discarded")))
            conn.execute(original.update().where(leaving).values(fixity=None))  # sent before, and let go of
        fresh = _insert_once(conn, received_mail, row, "account", "identity")
        mine = sa.and_(received_mail.c.account == arrival.account, received_mail.c.identity == row["identity"])
        mail_id: UUID = row["id"] if fresh else conn.execute(sa.select(received_mail.c.id).where(mine)).scalar_one()
        place = {"account": arrival.account, "uidvalidity": arrival.uidvalidity, "uid": arrival.uid, "mail_id": mail_id}
        _insert_once(conn, mail_place, place, "account", "uidvalidity", "uid")
    return mail_id if fresh else None


def _insert_once(conn: Connection, table: sa.Table, row: dict[str, Any], *key: str) -> bool:
    """False: it was there. SQLite's guards refuse even to try again, and its lock makes the look enough; on PostgreSQL
    a twin may be faster between the two."""
    found, insert = _once(conn.dialect.name, table, key)
    if conn.execute(found, {f"its_{name}": row[name] for name in key}).first():
        return False
    return bool(conn.execute(insert, row).rowcount)


@cache
def _once(dialect: str, table: sa.Table, key: tuple[str, ...]) -> tuple[sa.Select[Any], sa.Insert]:
    """Made once: to put the statements together takes longer than to run them."""
    its = (table.c[name] == sa.bindparam(f"its_{name}", type_=table.c[name].type) for name in key)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        sa.select(sa.literal(1)).select_from(table).where(*its),
        insert(table).on_conflict_do_nothing(index_elements=list(key)),
    )


def _row(arrival: Arrival, letter: Incoming, sha256: str, auth: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "account": arrival.account,
        "identity": identity_of(arrival.raw),
        "message_id": letter.message_id,
        "sender": letter.sender,
        "sender_name": letter.sender_name,
        "recipients": {"to": list(letter.to), "cc": list(letter.cc)},
        "subject": letter.subject,
        "date": letter.date,
        "received_at": arrival.received_at,
        "raw_sha256": sha256,
        "size": arrival.size,
        "whole": arrival.whole,
        "attachments": [part.listed for part in letter.parts],
        "auth": auth,
        "at": at,
        "status": "new",
        "reason": None if arrival.whole else TOO_LARGE,
    }


def get_received(conn: Connection, mail_id: UUID) -> ReceivedMail:
    """Raises NotFound."""
    row = conn.execute(sa.select(*_COLUMNS).where(received_mail.c.id == mail_id)).one_or_none()
    if row is None:
        raise NotFound("No encontramos ese correo.")
    return ReceivedMail(*row)


def new_mails(conn: Connection, limit: int = 50, besides: Collection[UUID] = ()) -> list[UUID]:
    """Kept and not judged, the oldest first."""
    mine = sa.and_(received_mail.c.status == "new", received_mail.c.id.not_in(besides))
    query = sa.select(received_mail.c.id).where(mine).order_by(received_mail.c.at, received_mail.c.id)
    return list(conn.scalars(query.limit(limit)))


def mails(
    conn: Connection,
    *,
    accounts: Sequence[str] | None = None,
    statuses: Sequence[Status] | None = None,
    case_id: UUID | None = None,
    acta_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[ReceivedMail]:
    """The latest first."""
    query = sa.select(*_COLUMNS).where(*_came(since, until))
    if accounts is not None:
        query = query.where(received_mail.c.account.in_(accounts))
    if statuses is not None:
        query = query.where(received_mail.c.status.in_(statuses))
    if case_id is not None:
        query = query.where(received_mail.c.case_id == case_id)
    if acta_id is not None:
        query = query.where(received_mail.c.acta_id == acta_id)
    ordered = query.order_by(received_mail.c.at.desc(), received_mail.c.id).limit(limit).offset(offset)
    return [ReceivedMail(*row) for row in conn.execute(ordered)]


def came_before(conn: Connection, mail: ReceivedMail) -> bool:
    """Whether another letter of this account, kept before it, bears its Message-ID."""
    if not mail.message_id:
        return False
    same = sa.and_(received_mail.c.message_id == mail.message_id, received_mail.c.account == mail.account)
    first = sa.select(received_mail.c.id).where(same).order_by(received_mail.c.at, received_mail.c.id).limit(1)
    return conn.scalar(first) != mail.id


def decide(conn: Connection, mail_id: UUID, was: Collection[Status], **values: Any) -> bool:
    """Write what was decided of it. False: it is no longer what it was, somebody else was first."""
    mine = sa.and_(received_mail.c.id == mail_id, received_mail.c.status.in_(list(was)))
    return conn.execute(received_mail.update().where(mine).values(**values)).rowcount == 1


def count_by_status(
    conn: Connection,
    *,
    accounts: Sequence[str] | None = None,
    statuses: Sequence[Status] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[tuple[str, str], int]:
    """How many letters of each account stand how; of those that came in a period, if one is given."""
    both = (received_mail.c.account, received_mail.c.status)
    query = sa.select(*both, sa.func.count()).where(*_came(since, until)).group_by(*both)
    if accounts is not None:
        query = query.where(received_mail.c.account.in_(accounts))
    if statuses is not None:
        query = query.where(received_mail.c.status.in_(statuses))
    return {(account, status): count for account, status, count in conn.execute(query)}


def _came(since: datetime | None, until: datetime | None) -> list[sa.ColumnElement[bool]]:
    at = received_mail.c.received_at
    return [*([at >= since] if since else []), *([at < until] if until else [])]
