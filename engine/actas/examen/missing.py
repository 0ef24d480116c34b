"""Cases that rebuild a missing acta, found by its name: that there is one at a time, and how the last one ended (R-55).

Read by the fixity check, which starts one, and by the operation that looks an acta up for one. Which acta a case is
about is what its events say that it was asked for, corrections included: not its title nor what lists show of it, which
are its owner's to change, and however a person wrote the name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case, event

PROCESS = "reconstruir_acta"
ASKED = "acta_nombre"  # the answer that names the acta, of the form that asks for one
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
        sa.select(case.c.id, case.c.number, case.c.status == "open", case.c.outcome, event.c.data)
        .join_from(case, event, event.c.case_id == case.c.id)
        .where(case.c.process == PROCESS, event.c.data.contains(f'"{ASKED}":'))
        .order_by(case.c.opened_at, case.c.number, event.c.n)
    )
    named: dict[Rebuilding, str] = {}
    for case_id, number, is_open, outcome, data in conn.execute(query):
        one = Rebuilding(case_id, number, bool(is_open), outcome)
        named[one] = _asked(data) or named.get(one, "")
    return [one for one, name in named.items() if name == base]


def _asked(data: str) -> str | None:
    """The name that an event set; none: it leaves it as it was, or was damaged, which ``audit verify`` tells."""
    try:
        change = json.loads(data).get("changes", {}).get(ASKED)
    except (ValueError, AttributeError):
        return None
    return str(change[1]).strip().upper() if change else None


def in_course(conn: Connection, base: str, case_id: UUID) -> str | None:
    """The number of the open case that was there before this one; none: this one is it."""
    for one in rebuildings_of(conn, base):
        if one.case_id == case_id:
            return None
        if one.open:
            return one.number
    return None
