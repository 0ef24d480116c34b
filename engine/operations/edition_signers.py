"""Who would sign an edition of the Carta today: for ``draft_edition``, which proposes them, and ``compose_edition``."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection

from engine.carta import Edition
from engine.people import capacity_of, people_with_role


def signers_of(conn: Connection, edition: Edition, today: datetime.date, process: str) -> dict[str, tuple[str, bool]]:
    """Function → its holder and whether acting, where there is one and no doubt."""
    found = {}
    for role in {signature.role for signature in edition.signatures}:
        holders = people_with_role(conn, role, today, process)
        if len(holders) == 1:
            capacity = capacity_of(conn, holders[0].id, role, today, process)
            found[role] = (holders[0].full_name, capacity is not None and capacity.kind == "encargado")
    return found
