"""Bring existing actas into the register: their PDFs and an index (C-28). Called by the command line and by a page.

Each row is taken whole or refused with its reasons; those that are good are written in one transaction after their
originals are in the archive, so that a crash leaves nothing half loaded. The same import again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.actas.acta import Originals
from engine.actas.body import list_bodies, seed_bodies
from engine.actas.index import Line, read_index
from engine.actas.pdf import MAX_PDF, BadPdf, count_pages
from engine.actas.reserve import write_reservation
from engine.actas.row import Row, read_row
from engine.actas.search import words_of
from engine.storage.tables import acta_sesion, original
from engine.storage.unit_of_work import Database

__all__ = ["MAX_FILES", "MAX_PDF", "FileIn", "Imported", "Report", "RowReport", "import_actas"]

MAX_FILES = 2_000
PDF = "application/pdf"
LET_GO = ("leaving", "discarded")  # what ``archive.fixity`` says of an original that nothing names


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file that came with the index; read only when a row names it."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(slots=True)
class RowReport:
    line: int
    reference: str
    title: str
    file: str
    faults: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class Report:
    rows: list[RowReport]
    unnamed: list[str]  # files that no row names
    loaded: int = 0

    @property
    def refused(self) -> int:
        return sum(not row.accepted for row in self.rows)


@dataclass(slots=True)
class Imported:
    """A row on its way in."""

    row: Row
    report: RowReport
    sha256: str = ""
    size: int = 0
    pages: int = 0
    ranges: list[list[int]] | None = None


def import_actas(
    database: Database,
    archive: Originals,
    index: tuple[str, bytes],
    files: Sequence[FileIn],
    *,
    by: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    dry_run: bool = False,
) -> Report:
    """``dry_run`` judges and keeps nothing. Raises IndexRefused, or Unavailable when the archive refuses."""
    lines = read_index(*index)
    with database.read() as conn:
        bodies = {body.code: body.name for body in list_bodies(conn)}
    coming = [_judge(line, bodies, at, zone) for line in lines]
    named = {file.name: file for file in files[:MAX_FILES]}
    for one in coming:
        if one.report.accepted:
            _take_file(one, named.get(one.row.file), None if dry_run else archive)
    wanted = {one.row.file for one in coming}
    report = Report([one.report for one in coming], [name for name in named if name not in wanted])
    _refuse_twins(coming)
    if dry_run:
        with database.read() as conn:
            _refuse_known(conn, coming)
        return report
    with database.write() as conn:
        seed_bodies(conn, at)
        _refuse_known(conn, coming)
        report.loaded = sum(_write(conn, one, bodies, by, at) for one in coming if one.report.accepted)
    return report


def _judge(line: Line, bodies: Mapping[str, str], at: datetime, zone: ZoneInfo) -> Imported:
    row = read_row(line.values, bodies, at.astimezone(zone).date())
    known = row.body in bodies and row.number
    report = RowReport(line.number, row.reference if known else "", row.title, row.file, row.faults)
    return Imported(row, report)


def _take_file(one: Imported, file: FileIn | None, archive: Originals | None) -> None:
    faults = one.report.faults
    if file is None:
        faults.append(f"No vino el archivo «{one.row.file[:80]}».")
        return
    if file.size > MAX_PDF:
        faults.append(f"El archivo pasa de {MAX_PDF // 1024 // 1024} MB: escanéelo con menos resolución.")
        return
    data = file.read()
    try:
        one.pages = count_pages(data)
    except BadPdf as error:
        faults.append(str(error))
        return
    one.ranges = one.row.ranges(one.pages)
    one.sha256, one.size = hashlib.sha256(data).hexdigest(), len(data)
    if archive is not None and not faults:
        archive.put(data)  # write-once: should the transaction fail, an original that nobody names stays


def _refuse_twins(coming: Sequence[Imported]) -> None:
    """Two rows for one acta, or one file for two."""
    references: dict[str, int] = {}
    contents: dict[str, int] = {}
    for one in coming:
        if not one.report.accepted:
            continue
        for key, seen, what in (
            (one.report.reference, references, "Ya está en la línea {line} de este índice."),
            (one.sha256, contents, "Es el mismo archivo que el de la línea {line}."),
        ):
            if key in seen:
                one.report.faults.append(what.format(line=seen[key]))
            else:
                seen[key] = one.report.line


def _refuse_known(conn: Connection, coming: Sequence[Imported]) -> None:
    table = acta_sesion.c
    for one in coming:
        if not one.report.accepted:
            continue
        same = (table.body == one.row.body) & (table.year == one.row.date.year) & (table.number == one.row.number)
        if conn.execute(sa.select(table.id).where(same)).first() is not None:
            one.report.faults.append("Ya está en el registro: no se cargó otra vez.")
            continue
        query = sa.select(table.body, table.year, table.number).where(table.sha256 == one.sha256)
        if (other := conn.execute(query.limit(1)).first()) is not None:
            one.report.faults.append(f"El archivo ya es el original de {'-'.join(map(str, other))}: compruebe cuál es.")


def _write(conn: Connection, one: Imported, bodies: Mapping[str, str], by: UUID | None, at: datetime) -> bool:
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    kept = {"sha256": one.sha256, "size": one.size, "media_type": PDF, "stored_at": at}
    if conn.execute(sa.select(original.c.sha256).where(original.c.sha256 == one.sha256)).first() is None:
        conn.execute(insert(original).values(kept).on_conflict_do_nothing(index_elements=["sha256"]))
    let_go = (original.c.sha256 == one.sha256) & original.c.fixity.in_(LET_GO)
    conn.execute(sa.update(original).where(let_go).values(fixity=None))  # sent once, never filed; now it stays
    row, acta_id = one.row, uuid4()
    values = {
        "id": acta_id,
        "body": row.body,
        "year": row.date.year,
        "number": row.number,
        "date": row.date,
        "kind": row.kind,
        "title": row.title,
        "keywords": row.keywords,
        "pages": one.pages,
        "signed_by": row.signed_by,
        "custody": row.custody,
        "status": "approved",
        "approved_on": row.approved_on,
        "sha256": one.sha256,
        "imported_by": by,
        "imported_at": at,
        "search": words_of(row.reference, bodies[row.body], row.body, row.kind, row.title, row.keywords, row.signed_by),
        "reserved": row.reserved,
        "reserved_pages": one.ranges,
        "reserved_reason": row.reserved_reason,
        "reserved_until": row.reserved_until,
    }
    if conn.execute(insert(acta_sesion).values(values).on_conflict_do_nothing()).rowcount == 0:
        one.report.faults.append("Ya está en el registro: no se cargó otra vez.")  # somebody else was faster
        return False
    if row.reserved != "none":
        write_reservation(
            conn, acta_id, row.reserved, one.ranges, row.reserved_reason or "", row.reserved_until, by, at
        )
    return True
