"""Which actas say the same: the first, the reconstruida that took its place when it was lost, the one that took that
one's place (R-55). A rectificativa says something else: it begins a line of its own.

Read where a later acta is opened and where grades are published: what a line says of a student is put right once, and
rebuilding an acta never brings back what a rectificativa of it changed.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Acta, actas_about, get_acta
from engine.actas.examen.state import ANNULLED
from engine.storage.tables import acta

REBUILT = "reconstruida"


def origin_of(conn: Connection, acta_id: UUID) -> UUID:
    """The acta whose content this one has: itself, unless it rebuilds one that is missing."""
    while True:
        row = conn.execute(sa.select(acta.c.kind, acta.c.about_id).where(acta.c.id == acta_id)).one()
        if row.kind != REBUILT:
            return acta_id
        acta_id = row.about_id


def rebuilt_as(conn: Connection, acta_id: UUID) -> Acta | None:
    """The reconstruida that takes its place, finished or not; an annulled one takes none."""
    later = (one for one in actas_about(conn, acta_id) if one.kind == REBUILT and one.state != ANNULLED)
    return next(later, None)


def line_of(conn: Connection, acta_id: UUID) -> list[Acta]:
    """The first, and each that took the place of the one before; the last is the one that holds."""
    found = [get_acta(conn, origin_of(conn, acta_id))]
    while (later := rebuilt_as(conn, found[-1].id)) is not None:
        found.append(later)
    return found
