"""The one printed copy of each acta (R-52, R-53): printed, shelved, transferred, inventoried. Where it is now is where
it was last said to be. Nothing of it is ever deleted. Called by the operation and by pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import get_acta
from engine.actas.examen.once import insert_once
from engine.actas.examen.state import LOCKED
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import acta_ejemplar

PRINTED, SHELVED, TRANSFERRED, INVENTORIED = ACTS = ("printed", "shelved", "transferred", "inventoried")


@dataclass(frozen=True, slots=True)
class CopyStep:
    what: str
    place: str | None
    by: UUID | None
    at: datetime


def record_copy(
    conn: Connection, acta_id: UUID, what: str, *, job_key: str, by: UUID | None, at: datetime, place: str | None = None
) -> CopyStep:
    """What was done with the printed copy; all but printing says where it is. Raises Conflict, InvalidAnswers."""
    acta, place = get_acta(conn, acta_id), " ".join((place or "").split())
    if acta.state not in LOCKED:
        raise Conflict(f"El acta {acta.base} no está bloqueada: su copia se imprime del original.")
    if what not in ACTS:
        raise InvalidAnswers({"what": f"De la copia se anota: {', '.join(ACTS)}."})
    if what != PRINTED and not 1 <= len(place) <= 200:
        raise InvalidAnswers({"place": "Diga dónde está la copia: estante, caja, legajo; en 200 letras o menos."})
    row = {"id": uuid4(), "acta_id": acta_id, "what": what, "place": place or None, "by": by, "at": at}
    insert_once(conn, acta_ejemplar, row | {"job_key": job_key})
    columns = [acta_ejemplar.c[name] for name in CopyStep.__dataclass_fields__]
    return CopyStep(*conn.execute(sa.select(*columns).where(acta_ejemplar.c.job_key == job_key)).one())


def copies_of(conn: Connection, acta_id: UUID) -> Sequence[CopyStep]:
    """What was done with it, the first first: the last place is where it is."""
    columns = [acta_ejemplar.c[name] for name in CopyStep.__dataclass_fields__]
    query = sa.select(*columns).where(acta_ejemplar.c.acta_id == acta_id).order_by(acta_ejemplar.c.at)
    return [CopyStep(*row) for row in conn.execute(query)]
