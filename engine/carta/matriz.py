"""The Matriz de certificaciones digitales (C-37, C-41): the register of every certification that the office issued.

One entry per job, numbered by year without gaps: ``MCD-2026-000001``. Written by the operation
``register_certificate``, read by staff. Entries are never changed nor deleted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.storage.tables import matriz, numbering

SERIES = "MCD"
HEADINGS = ("Número", "Fecha", "Producto", "Titular", "Identidad", "Código", "Firmante")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    number: str
    job_key: str
    case_id: UUID
    document_id: UUID
    product: str
    holder: str
    identity: str | None
    code: str
    signer: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries: each field narrows. ``text`` is looked for in number, holder, identity and code."""

    text: str = ""
    product: str = ""
    since: datetime | None = None
    until: datetime | None = None  # exclusive


_COLUMNS = tuple(matriz.c[field.name] for field in fields(Entry))


def register_certificate(
    conn: Connection,
    *,
    job_key: str,
    case_id: UUID,
    document_id: UUID,
    product: str,
    holder: str,
    identity: str | None,
    code: str,
    signer: str | None,
    at: datetime,
    zone: ZoneInfo,
) -> Entry:
    """Write the next entry of the year in ``zone``. Repeated with the same job key, it answers the first."""
    year = at.astimezone(zone).year
    _lock_series(conn, year)
    written = conn.execute(sa.select(*_COLUMNS).where(matriz.c.job_key == job_key)).one_or_none()
    if written is not None:
        return Entry(*written)
    entry = Entry(
        id=uuid4(),
        number=f"{SERIES}-{year}-{_next(conn, year):06d}",
        job_key=job_key,
        case_id=case_id,
        document_id=document_id,
        product=product,
        holder=holder,
        identity=identity,
        code=code,
        signer=signer,
        at=at,
    )
    conn.execute(matriz.insert().values({field.name: getattr(entry, field.name) for field in fields(Entry)}))
    return entry


def get_entry(conn: Connection, number: str) -> Entry:
    """Raises NotFound."""
    row = conn.execute(sa.select(*_COLUMNS).where(matriz.c.number == number)).one_or_none()
    if row is None:
        raise NotFound("No hay un asiento con ese número en la Matriz.")
    return Entry(*row)


def list_entries(conn: Connection, search: Search = Search(), *, offset: int = 0, limit: int = 50) -> list[Entry]:
    """Newest first."""
    rows = conn.execute(_found(search).order_by(matriz.c.at.desc(), matriz.c.number.desc()).offset(offset).limit(limit))
    return [Entry(*row) for row in rows]


def count_entries(conn: Connection, search: Search = Search()) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(_found(search).subquery())).scalar_one()


def export_csv(conn: Connection, search: Search, zone: ZoneInfo) -> Iterator[str]:
    """The entries found as CSV, oldest first, a chunk per row: UTF-8 with a byte order mark, so that spreadsheets show
    the accents. A cell that a spreadsheet would take for a formula is quoted with an apostrophe."""
    yield "\ufeff" + _line(HEADINGS)
    rows = conn.execution_options(yield_per=500).execute(_found(search).order_by(matriz.c.at, matriz.c.number))
    for row in rows:
        entry = Entry(*row)
        date = entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        yield _line(
            (entry.number, date, entry.product, entry.holder, entry.identity or "", entry.code, entry.signer or "")
        )


def _found(search: Search) -> sa.Select[Any]:
    query = sa.select(*_COLUMNS)
    for word in search.text.split()[:8]:
        query = query.where(
            sa.or_(
                *(
                    column.icontains(word, autoescape=True)
                    for column in (matriz.c.number, matriz.c.holder, matriz.c.identity, matriz.c.code)
                )
            )
        )
    if search.product:
        query = query.where(matriz.c.product == search.product)
    if search.since is not None:
        query = query.where(matriz.c.at >= search.since)
    if search.until is not None:
        query = query.where(matriz.c.at < search.until)
    return query


def _lock_series(conn: Connection, year: int) -> None:
    """Whoever writes an entry holds the year's row until the commit, so numbers have no gaps and jobs no twins."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    conn.execute(insert(numbering).values(series=SERIES, year=year, next=1).on_conflict_do_nothing())
    conn.execute(
        sa.select(numbering.c.next).where(numbering.c.series == SERIES, numbering.c.year == year).with_for_update()
    ).one()


def _next(conn: Connection, year: int) -> int:
    taken = numbering.c.next - 1
    statement = numbering.update().where(numbering.c.series == SERIES, numbering.c.year == year)
    return int(conn.execute(statement.values(next=numbering.c.next + 1).returning(taken)).scalar_one())


def _line(cells: tuple[str, ...]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return target.getvalue()
