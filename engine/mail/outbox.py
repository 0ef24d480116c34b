"""The ``mail`` table: each letter's way from prepared over sending to sent, each step a short transaction of its own.

``sending`` is committed before the server is spoken to and ``sent`` after it accepted. Who finds a letter ``sending``
knows that an attempt was cut short and that the letter may have left: it becomes ``doubtful`` and is not sent again
unless a person asks for it (a new ``round`` of its job).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql, sqlite

from engine.storage.tables import job, mail

Status = Literal["prepared", "sending", "sent", "doubtful", "refused"]


@dataclass(frozen=True, slots=True)
class Mail:
    id: UUID
    message_id: str
    case_id: UUID | None
    to: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[UUID, ...]
    status: Status
    error: str | None
    round: int
    created_at: datetime
    sent_at: datetime | None
    cc: tuple[str, ...] = ()
    sender: str | None = None  # none: the institution's own address
    sender_name: str = ""
    answers: str | None = None  # the Message-ID that it answers by itself


def prepare_mail(
    conn: Connection,
    *,
    message_id: str,
    case_id: UUID | None,
    to: Sequence[str],
    subject: str,
    body: str,
    attachments: Sequence[UUID] = (),
    round: int = 0,
    at: datetime,
    cc: Sequence[str] = (),
    sender: tuple[str, str] | None = None,
    answers: str | None = None,
) -> Mail:
    """Record a letter before it is sent. Repeated, the first stays; a new ``round``, asked for by a person, prepares it
    afresh (the address may have been mended) unless it was sent. ``sender``: address and name, when not the
    institution's own. ``answers``: the Message-ID of the letter that it answers by itself."""
    recipients: dict[str, object] = {"to": list(to)}
    if cc:
        recipients["cc"] = list(cc)
    if sender is not None:
        recipients["from"] = list(sender)
    if answers is not None:
        recipients["answers"] = answers
    content = {
        "recipients": recipients,
        "subject": subject,
        "body": body,
        "attachments": [str(document) for document in attachments],
        "round": round,
    }
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    fresh = {"id": uuid4(), "message_id": message_id, "case_id": case_id, "status": "prepared", "created_at": at}
    conn.execute(insert(mail).values(**fresh, **content).on_conflict_do_nothing(index_elements=["message_id"]))
    conn.execute(
        mail.update()
        .where(mail.c.message_id == message_id, mail.c.round < round, mail.c.status != "sent")
        .values(status="prepared", error=None, **content)
    )
    return _one(conn, mail.c.message_id == message_id)


def begin_sending(conn: Connection, mail_id: UUID) -> bool:
    """From prepared to sending. False: somebody else did, or it went further."""
    return _move(conn, mail_id, "prepared", "sending")


def mark_sent(conn: Connection, mail_id: UUID, at: datetime, missed: str | None = None) -> None:
    """``missed``: the copies that the server did not take, and why."""
    conn.execute(
        mail.update()
        .where(mail.c.id == mail_id, mail.c.status.in_(("sending", "doubtful")))
        .values(status="sent", sent_at=at, error=missed)
    )


def mark_not_sent(conn: Connection, mail_id: UUID, error: str) -> None:
    """The server did not take it: it is as before, and may be tried again."""
    _move(conn, mail_id, "sending", "prepared", error)


def mark_refused(conn: Connection, mail_id: UUID, error: str) -> None:
    _move(conn, mail_id, "sending", "refused", error)


def mark_doubtful(conn: Connection, mail_id: UUID, error: str) -> None:
    _move(conn, mail_id, "sending", "doubtful", error)


def get_mail(conn: Connection, mail_id: UUID) -> Mail:
    return _one(conn, mail.c.id == mail_id)


def was_sent(conn: Connection, message_id: str) -> bool:
    """Whether a letter that bears this Message-ID is one of ours."""
    return conn.scalar(sa.select(mail.c.id).where(mail.c.message_id == message_id)) is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Letters that no mail server took yet; each is tried again by itself."""

    count: int
    since: datetime
    error: str  # of the oldest


def waiting(conn: Connection) -> Waiting | None:
    tried = sa.and_(job.c.operation == "send_mail", job.c.status == "queued", job.c.error.is_not(None))
    oldest = sa.select(job.c.created_at, job.c.error).where(tried).order_by(job.c.created_at).limit(1)
    row = conn.execute(oldest).one_or_none()
    if row is None:
        return None
    count = conn.scalar(sa.select(sa.func.count()).select_from(job).where(tried))
    return Waiting(int(count or 0), row.created_at, row.error)


def list_mails(conn: Connection, case_id: UUID, about: str = "") -> list[Mail]:
    """What was written in a case, oldest first. ``about``: only what says so, in its subject or its body."""
    said = sa.or_(mail.c.subject.contains(about, autoescape=True), mail.c.body.contains(about, autoescape=True))
    query = sa.select(mail).where(mail.c.case_id == case_id, said if about else sa.true())
    rows = conn.execute(query.order_by(mail.c.created_at, mail.c.id))
    return [_mail(row) for row in rows]


def _move(conn: Connection, mail_id: UUID, old: Status, new: Status, error: str | None = None) -> bool:
    moved = conn.execute(
        mail.update().where(mail.c.id == mail_id, mail.c.status == old).values(status=new, error=error)
    )
    return moved.rowcount == 1


def _one(conn: Connection, where: sa.ColumnElement[bool]) -> Mail:
    return _mail(conn.execute(sa.select(mail).where(where)).one())


def _mail(row: Row[tuple[object, ...]]) -> Mail:
    sender, sender_name = row.recipients.get("from", (None, ""))
    return Mail(
        row.id,
        row.message_id,
        row.case_id,
        tuple(row.recipients["to"]),
        row.subject,
        row.body,
        tuple(UUID(document) for document in row.attachments),
        row.status,
        row.error,
        row.round,
        row.created_at,
        row.sent_at,
        tuple(row.recipients.get("cc", ())),
        sender,
        sender_name,
        row.recipients.get("answers"),
    )
