"""The Matriz de certificaciones digitales as it is looked things up in: found, counted, paged, exported.

For the roles that answer for it; every door asks ``require_reader`` first. Called by the page /matriz and the API.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.carta.matriz import COLUMNS, Entry
from engine.errors import NotAllowed
from engine.spreadsheet import Sheet, Value, csv_lines, xlsx
from engine.storage.search import fold
from engine.storage.tables import case, matriz

READERS: Final = frozenset({"secretaria", "jefe_secretaria", "archivo", "secretario_general", "auditor"})
HEADINGS = ("Número", "Fecha", "Producto", "Titular", "Identidad", "Código", "Firmante", "Trámite")
WIDTHS = (18, 18, 34, 36, 16, 18, 36, 18)
MOST_WORDS = 8
_TIME = "%Y-%m-%d %H:%M"
MOST_ROWS_OF_XLSX = 100_000  # more go in CSV, which is written row by row


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries: each field narrows. ``text`` is looked for in number, holder, identity and code."""

    text: str = ""
    product: str = ""
    since: datetime | None = None
    until: datetime | None = None  # exclusive


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as people read it."""

    entry: Entry
    case_number: str
    process: str


def require_reader(roles: Collection[str]) -> None:
    """Raises NotAllowed."""
    if not READERS & set(roles):
        raise NotAllowed("La Matriz de certificaciones digitales es para quienes la llevan en la Secretaría.")


def list_entries(conn: Connection, search: Search = Search(), *, offset: int = 0, limit: int = 50) -> list[Entry]:
    """Newest first."""
    return [line.entry for line in list_lines(conn, search, offset=offset, limit=limit)]


def list_lines(conn: Connection, search: Search = Search(), *, offset: int = 0, limit: int = 50) -> list[Line]:
    """Newest first."""
    page = _found(search).order_by(matriz.c.at.desc(), matriz.c.number.desc()).offset(offset).limit(limit)
    return [_line(row) for row in conn.execute(page)]


def count_entries(conn: Connection, search: Search = Search()) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(_found(search).subquery())).scalar_one()


def products_in_use(conn: Connection) -> list[str]:
    return list(conn.scalars(sa.select(matriz.c.product).distinct().order_by(matriz.c.product)))


def export_csv(conn: Connection, search: Search, zone: ZoneInfo, names: Mapping[str, str] = {}) -> Iterator[str]:
    """The entries found, oldest first, in chunks. ``names``: of the products, by code."""
    yield from csv_lines(HEADINGS, (_cells(line, zone, names, _TIME) for line in _oldest_first(conn, search)))


def export_xlsx(conn: Connection, search: Search, zone: ZoneInfo, names: Mapping[str, str] = {}) -> bytes:
    """The entries found as a workbook, oldest first. Raises NotAllowed above ``MOST_ROWS_OF_XLSX``."""
    if count_entries(conn, search) > MOST_ROWS_OF_XLSX:
        raise NotAllowed("Son más de 100 000 asientos: acote las fechas o descárguelos en CSV.")
    rows = (_cells(line, zone, names, None) for line in _oldest_first(conn, search))
    return xlsx([Sheet("Matriz de certificaciones", HEADINGS, rows, WIDTHS)])


def _oldest_first(conn: Connection, search: Search) -> Iterator[Line]:
    rows = conn.execution_options(yield_per=500).execute(_found(search).order_by(matriz.c.at, matriz.c.number))
    return (_line(row) for row in rows)


def _cells(line: Line, zone: ZoneInfo, names: Mapping[str, str], time: str | None) -> tuple[Value, ...]:
    one, at = line.entry, line.entry.at.astimezone(zone)
    return (
        one.number,
        at.strftime(time) if time else at,
        names.get(one.product, one.product),
        one.holder,
        one.identity or "",
        one.code,
        one.signer or "",
        line.case_number,
    )


def _line(row: Any) -> Line:
    *own, number, process = row
    return Line(Entry(*own), number, process)


def _found(search: Search) -> sa.Select[Any]:
    query = sa.select(*COLUMNS, case.c.number.label("case_number"), case.c.process).join(
        case, case.c.id == matriz.c.case_id
    )
    for word in search.text.split()[:MOST_WORDS]:
        written = (matriz.c.number, matriz.c.holder, matriz.c.identity, matriz.c.code)
        places = [column.icontains(word, autoescape=True) for column in written]
        query = query.where(sa.or_(*places, matriz.c.search.contains(fold(word), autoescape=True)))
    if search.product:
        query = query.where(matriz.c.product == search.product)
    if search.since is not None:
        query = query.where(matriz.c.at >= search.since)
    if search.until is not None:
        query = query.where(matriz.c.at < search.until)
    return query
