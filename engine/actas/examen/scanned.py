"""The register of the certified scans of old exam actas (R-16, R-21): kept for ever, found, and where each paper is
(R-53).

Nothing of a scan changes but its paper's place. One that was found damaged stays too: the acta is scanned and
certified again, by another batch, as its next scan, with the reason; the newest is the one that counts. Written by the
operations of «digitalizar_actas»; read by the register's pages, the API and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.access import Scope, require_everything
from engine.actas.examen.digitised import ALREADY, NOT_YET, OldActa, form_of
from engine.actas.examen.libro import read_base, read_place
from engine.actas.examen.once import insert_once
from engine.errors import InvalidAnswers, NotFound
from engine.spreadsheet import Value, csv_lines
from engine.storage.search import query_words, search_text
from engine.storage.tables import acta_digitalizada, case, document, original

PAGE = 50
BATCH = 500  # scans read at a time for an export
BROKEN = ("damaged", "missing")
PAPERS = ("bueno", "regular", "danado")
_SCANS = UUID("6f0f5bb1-6e0c-4d33-9d3c-0d3e7c6a9c11")  # the same scan of the same acta has one id, whoever writes it


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a person read on the paper, so that it is found."""

    estudiantes: str | None = None
    docentes: str | None = None
    papel: str | None = None  # bueno | regular | danado


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned acta of the register; ``n`` counts its scans, and ``reason`` says why the one before does not serve."""

    base: str
    n: int
    reason: str | None
    curso: str
    fecha: Day
    articulo: int
    docente: str | None
    autoridad: str | None
    texto: bool
    document_id: UUID
    sha256: str
    certificate_id: UUID
    case_id: UUID | None
    estudiantes: str | None
    docentes: str | None
    papel: str | None
    by: UUID | None
    at: datetime
    place: str | None
    placed_at: datetime | None
    case_number: str | None
    code: str | None  # of its certification, as /verificar takes it
    fixity: str | None  # what the last look at its bytes found: intact | damaged | missing; none: not looked at yet

    @property
    def broken(self) -> bool:
        """Its file is not what was certified any more."""
        return self.fixity in BROKEN

    @property
    def forma(self) -> str:
        return form_of(self.articulo, self.docente, self.autoridad, self.texto)


@dataclass(frozen=True, slots=True)
class ScanQuery:
    """Each field narrows. ``text``: words of acta, course, students or docentes, or «libro 3 folio 12»."""

    text: str = ""
    year: int | None = None
    article: int | None = None
    unplaced: bool = False  # whose paper nobody said where it is
    damaged: bool = False  # whose paper needs conservation
    broken: bool = False  # whose file was found damaged or missing: it has to be scanned again
    rescanned: bool = False  # scanned again
    after: str = ""  # the last base of the page before
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class ScanPage:
    scans: tuple[Scan, ...]
    next: str | None


def register_scan(
    conn: Connection,
    one: OldActa,
    *,
    document_id: UUID,
    sha256: str,
    certificate_id: UUID,
    case_id: UUID | None,
    indexed: Indexed,
    by: UUID | None,
    at: datetime,
) -> None:
    """Keep it for ever, once for each case: the first scan of its acta or, with a reason, the next. Raises
    InvalidAnswers."""
    of = acta_digitalizada.c
    known = conn.execute(sa.select(of.n, of.case_id, of.search).where(of.base == one.base).order_by(of.n)).all()
    if case_id is not None and case_id in [row.case_id for row in known]:
        return
    if bool(known) != bool(one.motivo):
        raise InvalidAnswers({"base": f"«{one.base}» {ALREADY if known else NOT_YET}"})
    n = len(known) + 1
    told = [one.base, one.curso, indexed.estudiantes or "", indexed.docentes or "", *(row.search for row in known)]
    row = {
        "id": uuid5(_SCANS, f"{one.base} {n}"), "base": one.base, "n": n, "reason": one.motivo, "curso": one.curso,
        "fecha": one.fecha, "articulo": one.articulo, "docente": one.docente, "autoridad": one.autoridad,
        "texto": one.texto, "document_id": document_id, "sha256": sha256, "certificate_id": certificate_id,
        "case_id": case_id, "estudiantes": indexed.estudiantes or None, "docentes": indexed.docentes or None,
        "papel": indexed.papel if indexed.papel in PAPERS else None, "by": by, "at": at,
        "search": f" {search_text(told)} ",
    }  # fmt: skip
    if not insert_once(conn, acta_digitalizada, row, key="id"):
        raise InvalidAnswers({"base": f"«{one.base}» acaba de ser digitalizada en otro trámite."})


def shelve_scan(conn: Connection, base: str, place: str, case_id: UUID, at: datetime) -> None:
    """Where its paper went back to (R-53). Raises InvalidAnswers, NotFound."""
    said = " ".join(place.split())
    if not 1 <= len(said) <= 200:
        raise InvalidAnswers({"lugar": f"Diga dónde quedó «{base}»: estante, caja, legajo; en 200 letras o menos."})
    mine = (acta_digitalizada.c.base == base, acta_digitalizada.c.case_id == case_id)
    changed = conn.execute(acta_digitalizada.update().where(*mine).values(place=said, placed_at=at))
    if not changed.rowcount:
        raise NotFound(f"«{base}» no es un acta digitalizada en este trámite.")


def find_scans(conn: Connection, asked: ScanQuery, scope: Scope) -> ScanPage:
    """The newest scan of each acta, by year, libro and folio. Raises NotFound for who does not see the whole
    register."""
    require_everything(scope)
    query = _SELECT.where(*_conditions(asked)).order_by(_OF.base).limit(asked.size + 1)
    rows = [Scan(*row) for row in conn.execute(query)]
    more = rows[asked.size - 1].base if len(rows) > asked.size else None
    return ScanPage(tuple(rows[: asked.size]), more)


def count_scans(conn: Connection, asked: ScanQuery, scope: Scope) -> int:
    """Raises NotFound."""
    require_everything(scope)
    conditions = _conditions(replace(asked, after=""))
    return int(conn.scalar(sa.select(sa.func.count()).select_from(acta_digitalizada).where(*conditions)) or 0)


def every_scan(conn: Connection, asked: ScanQuery, scope: Scope) -> Iterator[Scan]:
    """All that were asked for, read some at a time. Raises NotFound."""
    after: str | None = asked.after
    while after is not None:
        page = find_scans(conn, replace(asked, after=after, size=BATCH), scope)
        yield from page.scans
        after = page.next


def export_scans(conn: Connection, asked: ScanQuery, scope: Scope, zone: tzinfo) -> Iterator[str]:
    """The inventory as CSV, a row for each acta. Raises NotFound."""
    require_everything(scope)
    return csv_lines(COLUMNS, (_row(one, zone) for one in every_scan(conn, asked, scope)))


def _row(one: Scan, zone: tzinfo) -> list[Value]:
    _year, libro, folio = read_base(one.base) or (0, 0, 0)
    certified, place = one.at.astimezone(zone).date(), one.place or ""
    said = (one.estudiantes or "", one.docentes or "", one.papel or "")
    return [
        one.base, libro, folio, one.curso, one.fecha.isoformat(), one.articulo, one.forma, *said, place,
        certified.isoformat(), one.code, one.sha256, one.n, one.reason, one.case_number,
    ]  # fmt: skip


COLUMNS = (
    "acta", "libro", "folio", "curso", "emitida", "artículo", "firmas", "alumnos", "docentes", "papel", "lugar",
    "certificada", "certificación", "sha256", "escaneo", "por qué otra vez", "trámite",
)  # fmt: skip


def scans_of(conn: Connection, base: str, scope: Scope) -> list[Scan]:
    """Every scan of an acta, the newest first. Raises NotFound."""
    require_everything(scope)
    found = [Scan(*row) for row in conn.execute(_SELECT.where(_OF.base == base).order_by(_OF.n.desc()))]
    if not found:
        raise NotFound(f"No hay un acta antigua digitalizada «{base[:24]}».")
    return found


def scan_with(conn: Connection, sha256: str) -> tuple[str, bool] | None:
    """The scanned acta whose bytes these are, and whether that scan still counts: no newer one replaced it."""
    found = certified_scan(conn, sha256)
    return None if found is None else found[:2]


def certified_scan(conn: Connection, sha256: str) -> tuple[str, bool, UUID] | None:
    """The same, with the certification that a person signed of it: for whoever brings the file to be verified."""
    columns = sa.select(_OF.base, _NEWEST, _OF.certificate_id)
    found = conn.execute(columns.where(_OF.sha256 == sha256).order_by(_OF.n.desc()).limit(1)).one_or_none()
    return None if found is None else (found[0], bool(found[1]), found[2])


_OF = acta_digitalizada.c
_BYTES = original.alias("bytes").c
_LATER = acta_digitalizada.alias("later")
_NEWEST: ColumnElement[bool] = ~sa.exists().where(_LATER.c.base == _OF.base, _LATER.c.n > _OF.n)
JOINED = ("case_number", "code", "fixity")
_SELECT: sa.Select[Any] = (
    sa.select(
        *(_OF[name] for name in Scan.__dataclass_fields__ if name not in JOINED),
        case.c.number,
        document.c.code,
        original.c.fixity,
    )
    .select_from(acta_digitalizada)
    .join(original, original.c.sha256 == _OF.sha256)
    .join(document, document.c.id == _OF.certificate_id)
    .outerjoin(case, case.c.id == _OF.case_id)
)


def _conditions(asked: ScanQuery) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_NEWEST, _OF.base > asked.after]
    if asked.year is not None:
        conditions.append(_OF.base.startswith(f"{asked.year:04d}-", autoescape=True))
    if asked.article is not None:
        conditions.append(_OF.articulo == asked.article)
    if asked.unplaced:
        conditions.append(_OF.place.is_(None))
    if asked.damaged:
        conditions.append(_OF.papel == "danado")
    if asked.broken:
        conditions.append(_OF.sha256.in_(sa.select(_BYTES.sha256).where(_BYTES.fixity.in_(BROKEN))))
    if asked.rescanned:
        conditions.append(_OF.n > 1)
    return conditions + _said(asked.text)


def _said(text: str) -> list[ColumnElement[bool]]:
    if place := read_place(text):
        libro, folio = place
        by_libro = [] if libro is None else [_OF.base.contains(f"-L{libro:04d}-", autoescape=True)]
        return by_libro + ([] if folio is None else [_OF.base.endswith(f"-F{folio:04d}", autoescape=True)])
    words = query_words(text)
    if text.strip() and not words:
        return [sa.false()]
    return [sa.or_(*(_OF.search.contains(f" {word}", autoescape=True) for word in group)) for group in words]
