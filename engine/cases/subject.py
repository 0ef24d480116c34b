"""The case that another one is about: a complaint about how it went, a corrective measure that it asks for.

Called by ``start_case``. People write about their own cases; the office and its timers about any.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.cases.intake import speaks_for
from engine.definitions import Definition
from engine.errors import NotFound
from engine.storage.tables import case


def about_of(
    conn: Connection,
    about: UUID | None,
    requester: UUID | None,
    definition: Definition,
    engine: Engine,
    now: datetime,
) -> dict[str, Any]:
    """What ``tramite`` says of it: ``sobre``, its number, and ``queja_dias``, in which a complaint about its service is
    answered. Raises ``NotFound``, also when it is somebody else's."""
    if about is None:
        return {"sobre": None}
    found = conn.execute(
        sa.select(case.c.number, case.c.version_id, case.c.process, case.c.requester_id, case.c.filed_by_id).where(
            case.c.id == about
        )
    ).one_or_none()
    if found is None:
        raise NotFound("El trámite del que se trata no existe.")
    inside = bool(definition.manifest.process.starters)
    if requester is not None and not inside and not speaks_for(conn, engine, requester, found, now):
        raise NotFound("El trámite del que se trata no existe.")
    complained = engine.definitions.get(found.version_id).manifest
    days = {"queja_dias": complained.service.complaint_days} if complained.process.service else {}
    return {"sobre": str(found.number), **days}
