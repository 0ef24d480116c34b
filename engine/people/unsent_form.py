"""A form that a person sent when their session had just ended, kept until they are back (one for each page, a week)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import unsent_form

KEPT_FOR = timedelta(days=7)
MOST = 10  # forms of one person


def keep_unsent_form(
    conn: Connection, person_id: UUID, page: str, fields: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Replace what was kept of the same page; the oldest of too many, and those past their week, are dropped."""
    mine = unsent_form.c.person_id == person_id
    conn.execute(unsent_form.delete().where(mine, unsent_form.c.page == page[:500]))
    conn.execute(unsent_form.delete().where(unsent_form.c.at < at - KEPT_FOR))
    newest = sa.select(unsent_form.c.page).where(mine).order_by(unsent_form.c.at.desc()).limit(MOST - 1)
    conn.execute(unsent_form.delete().where(mine, unsent_form.c.page.not_in(newest)))
    row = {"person_id": person_id, "page": page[:500], "fields": [list(pair) for pair in fields], "at": at}
    conn.execute(unsent_form.insert(), row)


def take_unsent_form(conn: Connection, person_id: UUID, page: str, at: datetime) -> list[tuple[str, str]]:
    """What was kept of this page, in order; it is forgotten as it is given. Empty when there is nothing."""
    here = sa.and_(unsent_form.c.person_id == person_id, unsent_form.c.page == page[:500])
    row = conn.execute(sa.select(unsent_form.c.fields, unsent_form.c.at).where(here)).one_or_none()
    if row is None:
        return []
    conn.execute(unsent_form.delete().where(here))
    return [(key, value) for key, value in row.fields] if row.at >= at - KEPT_FOR else []
