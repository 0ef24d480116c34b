"""The books in which actas are numbered (R-29, R-30, R-33): no gap and no double, whoever writes at the same time.

Called by ``open_mesa`` and by the later kinds of acta, inside the transaction that writes the actas. The open libro's
row is locked until that transaction ends, so folios are taken and used together, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import CartularioError, EngineFault, InvalidAnswers
from engine.storage.tables import libro

CAPACITY = 500  # folios, where the configuration says nothing
_BASE = re.compile(r"(\d{4})-L(\d{4,})-F(\d{4,})\Z", re.ASCII)
_PLACE = re.compile(r"(?:l(?:ibro)?\s*\.?\s*0*(\d{1,4}))?[\s,-]*(?:f(?:olio)?\s*\.?\s*0*(\d{1,4}))?\Z", re.IGNORECASE)
_TRIES = 50


class TooManyFolios(CartularioError):
    """One mesa asks for more folios than a whole libro has, and all of it must be in one (R-30)."""

    status = 422
    code = "too_many_folios"

    def __init__(self, wanted: int, capacity: int) -> None:
        super().__init__(
            f"La mesa necesita {wanted} folios y un libro tiene {capacity}: todas las actas de una mesa van en el "
            "mismo libro. Divida la lista en varias mesas."
        )


@dataclass(frozen=True, slots=True)
class Folios:
    """``count`` consecutive folios of one libro, from ``first``."""

    libro_id: UUID
    year: int
    number: int
    first: int
    count: int

    def bases(self) -> list[str]:
        return [base_name(self.year, self.number, folio) for folio in range(self.first, self.first + self.count)]


def base_name(year: int, number: int, folio: int) -> str:
    """The name of an acta and of all its files, for ever (R-33, R-34)."""
    return f"{year}-L{number:04d}-F{folio:04d}"


def read_base(text: str) -> tuple[int, int, int] | None:
    """Year, libro and folio of a base name; none when it is not one."""
    found = _BASE.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def read_place(text: str) -> tuple[int | None, int | None] | None:
    """«L12 F34», «libro 12», «folio 34» → (libro, folio); none: it is no place."""
    found = _PLACE.match(text.strip())
    if found is None or not text.strip():
        return None
    libro, folio = (int(number) if number else None for number in found.groups())
    return libro, folio


def allocate(conn: Connection, year: int, count: int, capacity: int, at: datetime) -> Folios:
    """Take ``count`` folios, all in one libro: a libro without room for them is closed and the next one opened.

    The caller writes the actas in the same transaction and makes it idempotent. Raises TooManyFolios.
    """
    if count < 1:
        raise EngineFault("Se pidieron cero folios.")
    for _ in range(_TRIES):
        row = conn.execute(
            sa.select(libro).where(libro.c.year == year, libro.c.closed_at.is_(None)).with_for_update()
        ).one_or_none()
        if row is None:
            if count > capacity:
                raise TooManyFolios(count, capacity)
            _open_next(conn, year, capacity, at)
            continue
        if row.next_folio + count - 1 <= row.capacity:
            conn.execute(libro.update().where(libro.c.id == row.id).values(next_folio=row.next_folio + count))
            return Folios(row.id, year, row.number, row.next_folio, count)
        if count > capacity:  # never close a libro for what the next one cannot hold either
            raise TooManyFolios(count, capacity)
        conn.execute(libro.update().where(libro.c.id == row.id).values(closed_at=at))
    raise EngineFault("No se pudo abrir un libro de actas.")


def _open_next(conn: Connection, year: int, capacity: int, at: datetime) -> None:
    """Another writer may open it first: then theirs counts."""
    highest = conn.scalar(sa.select(sa.func.max(libro.c.number)).where(libro.c.year == year)) or 0
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid4(), "year": year, "number": highest + 1, "capacity": capacity, "next_folio": 1, "opened_at": at}
    conn.execute(insert(libro).values(row).on_conflict_do_nothing())


MOST_LIBROS = 50  # of a year, opened between a backup and its restoring: more is a slip of the pen


@dataclass(frozen=True, slots=True)
class ClosedLibro:
    year: int
    number: int
    last: int  # folio given here; 0: none that is known


def close_open_libros(conn: Connection, at: datetime, known: Sequence[str] = ()) -> list[ClosedLibro]:
    """After a backup was restored. What was numbered since it was made is not known here, and its names went out in
    letters and on paper: no open libro goes on, so that none is given twice, and the next mesa opens another.
    ``known``: base names that somebody saw, of libros opened meanwhile: those are skipped too. Raises
    InvalidAnswers."""
    going = sa.select(libro).where(libro.c.closed_at.is_(None)).order_by(libro.c.year, libro.c.number)
    closed = [ClosedLibro(row.year, row.number, row.next_folio - 1) for row in conn.execute(going.with_for_update())]
    conn.execute(libro.update().where(libro.c.closed_at.is_(None)).values(closed_at=at))
    for base in known:
        closed += _skipped(conn, base, at)
    return closed


def _skipped(conn: Connection, base: str, at: datetime) -> list[ClosedLibro]:
    """The libros up to that of an acta that is not known here."""
    found = read_base(base)
    if found is None:
        raise InvalidAnswers({"acta": f"«{base[:40]}» no es el nombre de un acta, como 2026-L0004-F0017."})
    year, number, folio = found
    highest = conn.scalar(sa.select(sa.func.max(libro.c.number)).where(libro.c.year == year)) or 0
    if number > highest + MOST_LIBROS:
        raise InvalidAnswers({"acta": f"El último libro de {year} que consta es el {highest}: revise «{base}»."})
    missing = range(highest + 1, number + 1)
    for n in missing:
        row = {"id": uuid4(), "year": year, "number": n, "capacity": max(folio, 1), "next_folio": 1}
        conn.execute(libro.insert().values(row | {"opened_at": at, "closed_at": at}))
    return [ClosedLibro(year, n, 0) for n in missing]
