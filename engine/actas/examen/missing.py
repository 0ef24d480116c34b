"""Cases that rebuild a missing acta, found by its name: that there is one at a time, and how the last one ended (R-55).

Read by the fixity check, which starts one, and by the operation that looks an acta up for one. A case of the process
bears the acta's name as its title.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case

PROCESS = "reconstruir_acta"
GIVEN_UP = "no_procede"  # its outcome, when it was decided that the acta is not rebuilt


@dataclass(frozen=True, slots=True)
class Rebuilding:
    case_id: UUID
    number: str
    open: bool
    outcome: str | None


def rebuildings_of(conn: Connection, base: str) -> list[Rebuilding]:
    """Of the acta of that name, the oldest first."""
    query = (
        sa.select(case.c.id, case.c.number, case.c.status == "open", case.c.outcome)
        .where(case.c.process == PROCESS, case.c.title == base)
        .order_by(case.c.opened_at, case.c.number)
    )
    return [Rebuilding(row[0], row[1], bool(row[2]), row[3]) for row in conn.execute(query)]


def in_course(conn: Connection, base: str, case_id: UUID) -> str | None:
    """The number of the open case that was there before this one; none: this one is it."""
    for one in rebuildings_of(conn, base):
        if one.case_id == case_id:
            return None
        if one.open:
            return one.number
    return None
