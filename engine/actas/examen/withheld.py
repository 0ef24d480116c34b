"""Which documents of exam actas a stranger may not have yet: before its publication no acta is visible (R-50).

Called by the public verification, page and API: such a document is vouched for, but neither handed out nor told about.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.state import ANNULLED
from engine.storage.tables import acta, document, mesa_examen

PUBLISHED = "publicada"
_NOTHING_TO_SHOW = (PUBLISHED, ANNULLED)  # an annulled acta has no grades, ever


def is_withheld(conn: Connection, document_id: UUID) -> bool:
    """What a case of exam actas made, while one of its actas waits to be published; a published acta itself is not."""
    found = conn.execute(sa.select(document.c.case_id, document.c.code).where(document.c.id == document_id)).one()
    final, case_id = document.alias("final"), sa.func.coalesce(acta.c.case_id, mesa_examen.c.case_id)
    query = (
        sa.select(acta.c.state, sa.and_(final.c.code.is_not(None), final.c.code == found.code).label("itself"))
        .join_from(acta, mesa_examen, mesa_examen.c.id == acta.c.mesa_id)
        .outerjoin(final, final.c.id == acta.c.final_document_id)
        .where(sa.or_(final.c.id == document_id, case_id == found.case_id))
    )
    rows = conn.execute(query).all()
    if any(row.itself and row.state == PUBLISHED for row in rows):
        return False
    return any(row.state not in _NOTHING_TO_SHOW for row in rows)
