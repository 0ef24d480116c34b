"""The address with which a professor of a tribunal is registered, mended: the letters to the tribunal go there (R-41).

Called by ``inbound.tribunal``, which says who may and keeps it in the history of the mesa's case.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Member, actas_of_mesa, tribunal_of
from engine.actas.examen.state import LOCKED
from engine.address import MEND, is_address
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.storage.tables import mesa_examen, tribunal


def register_address(conn: Connection, mesa_id: UUID, n: int, address: str) -> tuple[Member, str] | None:
    """The professor as they were, and the address from now on; nothing when it is the same. Of who has an account it is
    that person's own, changed there. Raises NotFound, InvalidAnswers, Conflict (some acta of the mesa is locked)."""
    conn.execute(sa.select(mesa_examen.c.id).where(mesa_examen.c.id == mesa_id).with_for_update())
    before = next((one for one in tribunal_of(conn, mesa_id) if one.n == n), None)
    if before is None:
        raise NotFound()
    if before.person_id is not None:
        raise Conflict(f"{before.name} tiene cuenta: su correo se cambia en su página, en «Personas y funciones».")
    new = address.strip()
    if not is_address(new):
        raise InvalidAnswers({"email": MEND})
    if new == before.email:
        return None
    if any(one.state in LOCKED for one in actas_of_mesa(conn, mesa_id)):
        raise Conflict("La mesa ya tiene un acta bloqueada: su tribunal no cambia.")
    mine = sa.and_(tribunal.c.mesa_id == mesa_id, tribunal.c.n == n)
    conn.execute(tribunal.update().where(mine).values(email=new))
    return before, new
