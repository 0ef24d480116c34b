"""When the person of a task without a term hears of it again: the next of its diagram's timers about it.

Read by the list and by the detail; the timers' own rows say it, so that it moves with the calendar and goes with them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.chip import NOTICES, Notice
from engine.storage.tables import wait


def next_notices(conn: Connection, tasks: Collection[tuple[UUID, UUID]], now: datetime) -> dict[UUID, Notice]:
    """Of each (case, task): the first timer about it that has not fired; tasks of which none is told are left out."""
    if not tasks:
        return {}
    cases, ids = {one for one, _ in tasks}, {one for _, one in tasks}
    mine = wait.c.case_id.in_(cases) & wait.c.watches.in_(ids) & wait.c.notice.in_(NOTICES) & (wait.c.due_at >= now)
    query = sa.select(wait.c.watches, wait.c.notice, wait.c.due_at).where(mine)
    rows = conn.execute(query.order_by(wait.c.due_at.desc(), wait.c.element)).all()
    return {row.watches: Notice(row.notice, row.due_at) for row in rows}
