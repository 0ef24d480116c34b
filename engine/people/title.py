"""How somebody's office is printed under their signature: «(e)» for an encargado, and who delegated (C-7, C-24)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from engine.people.holding import capacity_of
from engine.people.person import get_person


def printed_title(
    conn: Connection, person_id: UUID, role: str, office: str, on: date, process: str | None = None
) -> str:
    """``office``: the name of the role, as documents write it. Of somebody who does not act in it, the bare name."""
    capacity = capacity_of(conn, person_id, role, on, process)
    if capacity is not None and capacity.kind == "encargado":
        return f"{office} (e)"
    if capacity is not None and capacity.lent_by is not None:
        return f"{office}, por delegación de {get_person(conn, capacity.lent_by).full_name}"
    return office
