"""Who reads an account, and how it goes. One worker at a time; when it falls silent, another takes over.

Two that read at once would do no harm (``received.keep``): the lease only spares the server the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.storage.tables import mail_reader

SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reading of an account goes."""

    account: str
    holder: str | None
    beat_at: datetime | None
    read_at: datetime | None
    uidvalidity: int | None
    failed_at: datetime | None
    error: str | None


def take(conn: Connection, account: str, holder: str, at: datetime) -> bool:
    """Take the account, or keep it. False: somebody else has it and is awake."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    conn.execute(insert(mail_reader).values(account=account).on_conflict_do_nothing(index_elements=["account"]))
    free = sa.or_(
        mail_reader.c.holder.is_(None),
        mail_reader.c.holder == holder,
        mail_reader.c.beat_at < at - SILENT,
        mail_reader.c.beat_at > at + 10 * SILENT,  # a clock that was set back
    )
    mine = sa.and_(mail_reader.c.account == account, free)
    return conn.execute(mail_reader.update().where(mine).values(holder=holder, beat_at=at)).rowcount == 1


def leave(conn: Connection, account: str, holder: str) -> None:
    mine = sa.and_(mail_reader.c.account == account, mail_reader.c.holder == holder)
    conn.execute(mail_reader.update().where(mine).values(holder=None, beat_at=None))


def note_read(conn: Connection, account: str, uidvalidity: int, at: datetime) -> None:
    values = {"read_at": at, "uidvalidity": uidvalidity, "failed_at": None, "error": None}
    conn.execute(mail_reader.update().where(mail_reader.c.account == account).values(**values))


def note_failure(conn: Connection, account: str, error: str, at: datetime) -> None:
    """The first instant of a row of failures stays."""
    since = sa.func.coalesce(mail_reader.c.failed_at, sa.literal(at, mail_reader.c.failed_at.type))
    mine = mail_reader.c.account == account
    conn.execute(mail_reader.update().where(mine).values(failed_at=since, error=error[:500]))


def readings(conn: Connection) -> dict[str, Reading]:
    columns = [mail_reader.c[name] for name in Reading.__dataclass_fields__]
    return {row.account: Reading(*row) for row in conn.execute(sa.select(*columns))}
