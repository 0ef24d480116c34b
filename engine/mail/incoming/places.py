"""Where the servers hold what was kept: which UIDs need not be fetched again, which still have to be marked there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import mail_place, received_mail


def known_uids(conn: Connection, account: str, uidvalidity: int) -> set[int]:
    mine = sa.and_(mail_place.c.account == account, mail_place.c.uidvalidity == uidvalidity)
    return set(conn.scalars(sa.select(mail_place.c.uid).where(mine)))


def unsettled_uids(conn: Connection, account: str, uidvalidity: int) -> list[int]:
    """Kept here, and not yet marked on the server. What is too large to be kept whole is never marked there."""
    query = (
        sa.select(mail_place.c.uid)
        .join(received_mail, received_mail.c.id == mail_place.c.mail_id)
        .where(
            mail_place.c.account == account,
            mail_place.c.uidvalidity == uidvalidity,
            mail_place.c.settled_at.is_(None),
            received_mail.c.whole.is_(True),
        )
        .order_by(mail_place.c.uid)
    )
    return list(conn.scalars(query))


def settle(conn: Connection, account: str, uidvalidity: int, uids: Iterable[int], at: datetime) -> None:
    mine = sa.and_(
        mail_place.c.account == account, mail_place.c.uidvalidity == uidvalidity, mail_place.c.uid.in_(list(uids))
    )
    conn.execute(mail_place.update().where(mine).values(settled_at=at))
