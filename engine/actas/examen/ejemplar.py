"""The one printed copy of each acta (R-52, R-53): printed, shelved, transferred, inventoried. Where it is now is where
it was last said to be. Nothing of it is ever deleted. Called by the operation and by pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.acta import get_acta
from engine.actas.examen.once import insert_once
from engine.actas.examen.state import LOCKED
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import acta, acta_ejemplar, departamento, libro, mesa_examen

BATCH = 500  # copies read at a time for an export
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
    of, place = get_acta(conn, acta_id), " ".join((place or "").split())
    if of.state not in LOCKED:
        raise Conflict(f"El acta {of.base} no está bloqueada: su copia se imprime del original.")
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


@dataclass(frozen=True, slots=True)
class Copy:
    """One locked acta and what is known of its printed copy; each instant is of the last act of its kind."""

    base: str
    curso: str
    departamento: str
    locked_at: datetime
    place: str | None
    printed_at: datetime | None
    shelved_at: datetime | None
    transferred_at: datetime | None
    inventoried_at: datetime | None

    @property
    def on_a_shelf(self) -> bool:
        return self.place is not None


@dataclass(frozen=True, slots=True)
class CopyQuery:
    """``missing``: only what was never shelved; ``before``: only what nobody counted since that instant."""

    text: str = ""  # of the place, or the beginning of the base name
    year: int | None = None
    missing: bool = False
    before: datetime | None = None


def inventory(
    conn: Connection, asked: CopyQuery | None = None, *, limit: int | None = None, after: str = ""
) -> list[Copy]:
    """By base name, those beyond ``after``."""
    query = _INVENTORY.where(*_conditions(asked or CopyQuery()), acta.c.base > after)
    return [Copy(*row) for row in conn.execute(query.order_by(acta.c.base).limit(limit))]


def every_copy(conn: Connection, asked: CopyQuery) -> Iterator[Copy]:
    """The whole inventory, read some at a time."""
    after = ""
    while found := inventory(conn, asked, limit=BATCH, after=after):
        yield from found
        after = found[-1].base


def count_copies(conn: Connection, asked: CopyQuery | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(acta).where(*_conditions(asked or CopyQuery()))
    return int(conn.scalar(query) or 0)


def _last(what: str) -> sa.ScalarSelect[Any]:
    of = acta_ejemplar.c
    return sa.select(sa.func.max(of.at)).where(of.acta_id == acta.c.id, of.what == what).scalar_subquery()


_PLACED = sa.exists().where(acta_ejemplar.c.acta_id == acta.c.id, acta_ejemplar.c.place.is_not(None))
_PLACE = (
    sa.select(acta_ejemplar.c.place)
    .where(acta_ejemplar.c.acta_id == acta.c.id, acta_ejemplar.c.place.is_not(None))
    .order_by(acta_ejemplar.c.at.desc(), acta_ejemplar.c.id)
    .limit(1)
    .scalar_subquery()
)
_INVENTORY: sa.Select[Any] = (
    sa.select(
        acta.c.base,
        mesa_examen.c.curso,
        departamento.c.name,
        acta.c.locked_at,
        _PLACE.label("place"),
        *(_last(what).label(f"{what}_at") for what in ACTS),
    )
    .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
    .join(departamento, mesa_examen.c.departamento == departamento.c.code)
)


def _conditions(asked: CopyQuery) -> list[ColumnElement[bool]]:
    """On ``acta``: every locked one has one copy, printed yet or not."""
    conditions: list[ColumnElement[bool]] = [acta.c.state.in_(sorted(LOCKED))]
    if asked.text:
        by_place = _PLACE.icontains(asked.text, autoescape=True)
        conditions.append(sa.or_(by_place, acta.c.base.startswith(asked.text.upper(), autoescape=True)))
    if asked.year is not None:
        conditions.append(acta.c.libro_id.in_(sa.select(libro.c.id).where(libro.c.year == asked.year)))
    if asked.missing:
        conditions.append(~_PLACED)
    if asked.before is not None:
        since = sa.and_(acta_ejemplar.c.what == INVENTORIED, acta_ejemplar.c.at >= asked.before)
        conditions.append(~sa.exists().where(acta_ejemplar.c.acta_id == acta.c.id, since))
    return conditions
