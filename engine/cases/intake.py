"""Who files for somebody at the desk, and how long that case is also theirs: while they hold the function (C-10).

Called by the commands that are the requester's. Whoever no longer works at the desk has nothing of other people's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.cases.engine import Engine

INTAKE_ROLES = frozenset({"secretaria", "jefe_secretaria"})  # may file for somebody in person


def files_for_others(conn: Connection, engine: Engine, person_id: UUID, process: str, now: datetime) -> bool:
    on = now.astimezone(engine.zone).date()
    return bool(engine.people.roles(conn, person_id, on, process) & INTAKE_ROLES)


def speaks_for(conn: Connection, engine: Engine, person_id: UUID, found: Any, now: datetime) -> bool:
    """``found``: a row with requester_id, filed_by_id and process."""
    if person_id == found.requester_id:
        return True
    return person_id == found.filed_by_id and files_for_others(conn, engine, person_id, found.process, now)
