"""Lock an acta (R-48, R-51): from then on it and its grades never change, and its signed PDF is the original.

Called by the operation after the grades were loaded. What is wrong later is put right by a rectificativa, a new acta.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import students_of
from engine.actas.examen.calificacion import grades_of
from engine.actas.examen.state import lock_row, repeated, require_signed, step
from engine.errors import Conflict
from engine.storage.tables import acta, document


def lock_acta(
    conn: Connection, acta_id: UUID, *, job_key: str, by: UUID | None, at: datetime, document_id: UUID | None = None
) -> str:
    """The SHA-256 of its original. ``document_id``: the signed PDF as it is archived, when validation added to it its
    evidence; else the one that was signed. Raises Conflict."""
    row = lock_row(conn, acta_id)
    if repeated(conn, acta_id, "bloqueada", job_key):
        return str(row.original_sha256)
    kept = require_signed(conn, row.base, document_id or row.final_document_id)
    if len(grades_of(conn, acta_id)) != len(students_of(conn, acta_id)):
        raise Conflict(f"Al acta {row.base} le faltan calificaciones en el sistema: cárguelas antes de bloquearla.")
    sha256 = str(conn.scalar(sa.select(document.c.sha256).where(document.c.id == kept)))
    changes = {"final_document_id": kept, "original_sha256": sha256, "locked_at": at}
    step(conn, row, "bloqueada", job_key=job_key, by=by, at=at, document_id=kept, changes=changes)
    return sha256


def is_original(conn: Connection, sha256: str) -> UUID | None:
    """The acta whose original has this SHA-256, if any."""
    found = conn.scalar(sa.select(acta.c.id).where(acta.c.original_sha256 == sha256).limit(1))
    return UUID(str(found)) if found else None
