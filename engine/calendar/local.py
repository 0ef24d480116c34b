"""Holidays of one place, which is not the office's: they count for a person there (COA arts. 158-160).

The office's own local days are in table ``feriado``. Places are compared without accents, capitals or spaces around.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.calendar.changes import check_change, write_change
from engine.config import Config
from engine.errors import InvalidAnswers
from engine.storage.search import place_key
from engine.storage.tables import local_feriado

LONGEST_PLACE = 60


@dataclass(frozen=True, slots=True)
class LocalFeriado:
    day: date
    place: str
    name: str


def same_place(one: str | None, other: str | None) -> bool:
    return place_key(one) == place_key(other)


def local_days(conn: Connection, place: str | None, office: str) -> dict[date, str]:
    """The rest days of a person's place; none when it is the office's, whose days the calendar has already."""
    if not place or same_place(place, office):
        return {}
    rows = conn.execute(sa.select(local_feriado.c.day, local_feriado.c.place, local_feriado.c.name))
    return {row.day: row.name for row in rows if same_place(row.place, place)}


def list_local_feriados(conn: Connection, year: int) -> list[LocalFeriado]:
    days = local_feriado.c.day.between(date(year, 1, 1), date(year, 12, 31))
    query = sa.select(local_feriado.c.day, local_feriado.c.place, local_feriado.c.name).where(days)
    return [LocalFeriado(*row) for row in conn.execute(query.order_by(local_feriado.c.day, local_feriado.c.place))]


def set_local_feriado(
    conn: Connection,
    day: date,
    place: str,
    name: str | None,
    reason: str,
    by: UUID | None,
    at: datetime,
    config: Config,
) -> bool:
    """Add, rename or (``name=None``) remove a local rest day, with its reason on record. → False when nothing changes.
    Raises InvalidAnswers. Only the cases of people there move."""
    name, place = name.strip() if name else None, " ".join(place.split())
    check_change("local", reason, name)
    if not place or len(place) > LONGEST_PLACE:
        raise InvalidAnswers({"place": f"Escriba el lugar, en {LONGEST_PLACE} caracteres o menos."})
    if same_place(place, config.place):
        raise InvalidAnswers({"place": f"{config.place} es el lugar de la oficina: use un feriado local, sin lugar."})
    known = [one for one in list_local_feriados(conn, day.year) if one.day == day and same_place(one.place, place)]
    old = {"name": known[0].name, "kind": "local", "place": known[0].place} if known else None
    new = {"name": name, "kind": "local", "place": known[0].place if known else place} if name else None
    if old == new:
        return False
    if known:
        mine = (local_feriado.c.day == day) & (local_feriado.c.place == known[0].place)
        conn.execute(local_feriado.delete().where(mine))
    if new:
        conn.execute(local_feriado.insert().values(day=day, place=new["place"], name=name))
    write_change(conn, day, old, new, reason, by, at)
    return True
