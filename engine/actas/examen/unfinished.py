"""The numbered actas that a case would leave half way, if the office ended it: a folio is annulled or goes to its end.

Handed to ``cases`` by the wiring, for its ``archive_case``.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.state import ANNULLED, LOCKED
from engine.storage.tables import acta, mesa_examen

ENDED = (ANNULLED, "publicada")
NAMED = 5  # of many, in a sentence


def holds_back(conn: Connection, case_id: UUID) -> str | None:
    """Which actas of the case have not ended and what to do with them; nothing when there is none."""
    own = sa.func.coalesce(acta.c.case_id, mesa_examen.c.case_id) == case_id
    query = sa.select(acta.c.base, acta.c.state).join(mesa_examen, mesa_examen.c.id == acta.c.mesa_id)
    rows = conn.execute(query.where(own, acta.c.state.not_in(ENDED)).order_by(acta.c.base)).all()
    if not rows:
        return None
    locked = [row.base for row in rows if row.state in LOCKED]
    if locked:
        return (
            f"Este trámite tiene actas bloqueadas que todavía no se publicaron: {_named(locked)}. No se cierra: "
            "corrija la causa y reintente, hasta que se publiquen."
        )
    return (
        f"Este trámite tiene actas con folio: {_named([row.base for row in rows])}. Cerrarlo no las deja sin efecto: "
        "anule antes cada una con el trámite «Anular un acta de examen»."
    )


def _named(bases: list[str]) -> str:
    more = len(bases) - NAMED
    return ", ".join(bases[:NAMED]) + (f" y {more} más" if more > 0 else "")
