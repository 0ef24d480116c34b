"""The Matriz de certificaciones digitales (C-37, C-41): the register of every certification that the office issued.

One entry per job, numbered by year without gaps: ``MCD-2026-000001``. Written by the operation
``register_certificate``, read by staff (``matriz_search``). Entries are never changed nor deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.storage.search import fold
from engine.storage.tables import matriz, numbering

SERIES = "MCD"


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


COLUMNS = tuple(matriz.c[field.name] for field in fields(Entry))


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
    written = conn.execute(sa.select(*COLUMNS).where(matriz.c.job_key == job_key)).one_or_none()
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
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    conn.execute(matriz.insert().values(values | {"search": fold(holder)}))
    return entry


def get_entry(conn: Connection, number: str) -> Entry:
    """Raises NotFound."""
    row = conn.execute(sa.select(*COLUMNS).where(matriz.c.number == number)).one_or_none()
    if row is None:
        raise NotFound("No hay un asiento con ese número en la Matriz.")
    return Entry(*row)


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
