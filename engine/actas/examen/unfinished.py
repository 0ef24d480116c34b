"""The numbered actas that a case would leave half way, if the office ended it: those that nobody locked are annulled
with it, for its reason; a locked one goes to its end first, because it is somebody's grade.

Handed to ``cases`` by the wiring, for its ``archive_case``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Acta, get_acta
from engine.actas.examen.state import ANNULLED, LOCKED, move_acta
from engine.errors import Conflict
from engine.storage.tables import acta, mesa_examen

ENDED = (ANNULLED, "publicada")
NAMED = 5  # of many, in a sentence


def unfinished_of(conn: Connection, case_id: UUID) -> Sequence[Acta]:
    """In the order of their folios."""
    own = sa.func.coalesce(acta.c.case_id, mesa_examen.c.case_id) == case_id
    query = sa.select(acta.c.id).join(mesa_examen, mesa_examen.c.id == acta.c.mesa_id)
    ids = conn.scalars(query.where(own, acta.c.state.not_in(ENDED)).order_by(acta.c.base)).all()
    return [get_acta(conn, acta_id) for acta_id in ids]


def annul_unfinished(conn: Connection, case_id: UUID, by: UUID, at: datetime, reason: str) -> list[str]:
    """The names of those that it annulled: their folios are not used again. Raises Conflict for a locked one."""
    found = unfinished_of(conn, case_id)
    locked = [one.base for one in found if one.state in LOCKED]
    if locked:
        more = len(locked) - NAMED
        named = ", ".join(locked[:NAMED]) + (f" y {more} más" if more > 0 else "")
        raise Conflict(
            f"Este trámite tiene actas bloqueadas que todavía no se publicaron: {named}. No se cierra: corrija la "
            "causa y reintente, hasta que se publiquen."
        )
    for one in found:
        move_acta(conn, one.id, ANNULLED, job_key=f"cierre-{one.id.hex}", by=by, at=at, note=reason)
    return [one.base for one in found]
