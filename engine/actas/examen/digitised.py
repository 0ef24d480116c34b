"""Old exam actas on paper, brought in as certified scans (Resolución CSU-142/21, arts. 2 and 3).

``judge_batch`` refuses what the articles do not admit, each row with its article; ``match_scans`` finds the file of
each acta by its name (R-34); ``register_scan`` and ``shelve_scan`` keep it in the register. Called by the operations of
«digitalizar_actas»; what is registered never changes, but for where the paper is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from pathlib import PurePath
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.libro import base_name, read_base
from engine.actas.examen.mesa import plain
from engine.actas.examen.once import insert_once
from engine.errors import InvalidAnswers, NotFound
from engine.storage.search import query_words, search_text
from engine.storage.tables import acta, acta_digitalizada

MOST = 300  # actas of a batch
LONGEST_BASE = 24
DOCENTE = {
    "olografa": "ológrafa",
    "escaneada": "escaneada",
    "escaneada_dni": "escaneada junto a imagen de DNI",
}
AUTORIDAD = {"olografa": "ológrafa", "digital": "digital"}
FORMS = frozenset(  # the closed list of art. 2: how the docente signed, how the authority did (R-17 … R-19)
    {
        ("olografa", "digital"),
        ("escaneada", "olografa"),
        ("escaneada", "digital"),
        ("escaneada_dni", "olografa"),
        ("escaneada_dni", "digital"),
    }
)
BY_HAND = ("olografa", "olografa")  # the ordinary form: of art. 2 only when completed with a text tool


class Bounds(Protocol):
    """What of the configuration the articles are bounded by."""

    @property
    def alternative_forms_from(self) -> Day: ...
    @property
    def alternative_forms_until(self) -> Day: ...
    @property
    def digitised_before(self) -> Day: ...


@dataclass(frozen=True, slots=True)
class OldActa:
    base: str
    curso: str
    fecha: Day
    articulo: int
    docente: str | None
    autoridad: str | None
    texto: bool

    @property
    def forma(self) -> str:
        """The form of its signatures, in words; of art. 3 none is asked."""
        if self.articulo == 3:
            return "Original en papel"
        said = f"Firma {DOCENTE[str(self.docente)]} del docente y {AUTORIDAD[str(self.autoridad)]} de la autoridad"
        return said + ("; notas y fechas completadas con herramienta de texto" if self.texto else "")


@dataclass(frozen=True, slots=True)
class JudgedBatch:
    actas: tuple[OldActa, ...]
    refused: tuple[str, ...]  # one sentence for each acta or fault


def judge_batch(
    conn: Connection, article: int, rows: Sequence[Mapping[str, Any]], bounds: Bounds, case_id: UUID | None = None
) -> JudgedBatch:
    """The actas of an inventory, or why not. ``rows``: acta, curso, fecha and, of art. 2, firmas
    («olografa+digital»: the docente's and the authority's) and texto. What ``case_id`` itself registered is no
    obstacle to it."""
    if article not in (2, 3):
        return JudgedBatch((), ("Diga por qué artículo se digitaliza: el 2 o el 3.",))
    if not 1 <= len(rows) <= MOST:
        return JudgedBatch((), (f"Una tanda tiene de 1 a {MOST} actas.",))
    read = [_read(row, article) for row in rows]
    taken = _taken(conn, [one.base for one in read if isinstance(one, OldActa)], case_id)
    seen, kept, refused = set[str](), list[OldActa](), list[str]()
    for n, found in enumerate(read, 1):
        if isinstance(found, str):
            refused.append(f"Fila {n}: {found}")
            continue
        faults = list(_faults(found, bounds))
        if found.base in seen:
            faults.append("está dos veces en la tanda.")
        if found.base in taken:
            faults.append(taken[found.base])
        seen.add(found.base)
        kept.append(found)
        refused += [f"Fila {n}, {found.base}: {fault}" for fault in faults]
    return JudgedBatch(tuple(kept), tuple(refused))


def _taken(conn: Connection, bases: Sequence[str], case_id: UUID | None) -> dict[str, str]:
    """Those that are somebody's already, each with what to say."""
    issued = conn.scalars(sa.select(acta.c.base).where(acta.c.base.in_(bases)))
    others = (acta_digitalizada.c.base.in_(bases), acta_digitalizada.c.case_id.is_distinct_from(case_id))
    scanned = conn.scalars(sa.select(acta_digitalizada.c.base).where(*others))
    own = dict.fromkeys(issued, "es un acta de este sistema, no una antigua.")
    return own | dict.fromkeys(scanned, "ya está digitalizada y certificada.")


def _read(row: Mapping[str, Any], article: int) -> OldActa | str:
    """The row as an acta, or what cannot be read of it."""
    base = str(row.get("acta") or "").strip().upper()
    place, curso = read_base(base), plain(str(row.get("curso") or ""))
    if place is None or min(place) < 1 or len(base) > LONGEST_BASE or base_name(*place) != base:
        return "escriba el acta con año, libro y folio, como 2015-L0003-F0012."
    try:
        day = Day.fromisoformat(str(row.get("fecha") or ""))
    except ValueError:
        return "diga cuándo se emitió."
    if not 3 <= len(curso) <= 300:
        return "escriba el nombre del curso, en 300 letras o menos."
    docente, _, autoridad = str(row.get("firmas") or "").partition("+")
    alternative = (docente, autoridad, bool(row.get("texto"))) if article == 2 else (None, None, False)
    return OldActa(base, curso, day, article, *alternative)


def _faults(one: OldActa, bounds: Bounds) -> Iterator[str]:
    if one.articulo == 3:
        if one.fecha >= bounds.digitised_before:
            yield (
                f"se emitió el {one.fecha:%d/%m/%Y}, y el artículo 3 alcanza a las emitidas antes del "
                f"{bounds.digitised_before:%d/%m/%Y}."
            )
        return
    if not bounds.alternative_forms_from <= one.fecha <= bounds.alternative_forms_until:
        yield (
            f"se emitió el {one.fecha:%d/%m/%Y}, y el artículo 2 alcanza a las emitidas entre el "
            f"{bounds.alternative_forms_from:%d/%m/%Y} y el {bounds.alternative_forms_until:%d/%m/%Y}."
        )
    form = (one.docente or "", one.autoridad or "")
    if form not in FORMS and not (form == BY_HAND and one.texto):
        yield "la forma de sus firmas no es ninguna de las que el artículo 2 declara válidas."


class File(Protocol):
    """A scan as it was uploaded."""

    @property
    def name(self) -> str: ...


F = TypeVar("F", bound=File)


def base_of_file(name: str) -> str:
    """The acta that a file says it is of: its name without the extension."""
    return PurePath(name).stem.upper()


def match_scans(bases: Sequence[str], files: Sequence[F]) -> tuple[dict[str, F], list[str]]:
    """The file of each acta by its base name, whatever the extension (R-34), and what is wrong with the rest."""
    wanted, found, faults = set(bases), dict[str, F](), list[str]()
    for file in files:
        base = base_of_file(file.name)
        if base not in wanted:
            faults.append(f"«{file.name}» no lleva el nombre de un acta de la tanda, como «{bases[0]}.pdf».")
        elif base in found:
            faults.append(f"«{base}» vino en dos archivos: una todas sus páginas en uno.")
        found.setdefault(base, file)
    faults += [f"Falta escanear «{base}»." for base in bases if base not in found]
    return {base: found[base] for base in bases if base in found}, faults


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned acta of the register."""

    base: str
    curso: str
    fecha: Day
    articulo: int
    document_id: UUID
    sha256: str
    certificate_id: UUID
    case_id: UUID | None
    place: str | None
    at: datetime


def register_scan(
    conn: Connection,
    one: OldActa,
    *,
    document_id: UUID,
    sha256: str,
    certificate_id: UUID,
    case_id: UUID | None,
    index: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Keep it for ever, once. ``index``: what else it is found by. Raises InvalidAnswers when another case has it."""
    row = {
        "id": uuid4(), "base": one.base, "curso": one.curso, "fecha": one.fecha, "articulo": one.articulo,
        "docente": one.docente, "autoridad": one.autoridad, "texto": one.texto, "document_id": document_id,
        "sha256": sha256, "certificate_id": certificate_id, "case_id": case_id, "by": by, "at": at,
        "search": f" {search_text([one.base, one.curso, index])} ",
    }  # fmt: skip
    if insert_once(conn, acta_digitalizada, row, key="base"):
        return
    theirs = sa.select(acta_digitalizada.c.case_id).where(acta_digitalizada.c.base == one.base)
    if conn.scalar(theirs) != case_id:
        raise InvalidAnswers({"base": f"«{one.base}» ya está digitalizada y certificada en otro trámite."})


def shelve_scan(conn: Connection, base: str, place: str, case_id: UUID, at: datetime) -> None:
    """Where its paper went back to (R-53). Raises InvalidAnswers, NotFound."""
    said = " ".join(place.split())
    if not 1 <= len(said) <= 200:
        raise InvalidAnswers({"lugar": f"Diga dónde quedó «{base}»: estante, caja, legajo; en 200 letras o menos."})
    mine = (acta_digitalizada.c.base == base, acta_digitalizada.c.case_id == case_id)
    changed = conn.execute(acta_digitalizada.update().where(*mine).values(place=said, placed_at=at))
    if not changed.rowcount:
        raise NotFound(f"«{base}» no es un acta digitalizada en este trámite.")


def find_scans(conn: Connection, text: str = "", *, size: int = 50) -> list[Scan]:
    """By base name, course or student, the oldest issued first."""
    of = acta_digitalizada.c
    conditions = [
        sa.or_(*(of.search.contains(f" {word}", autoescape=True) for word in group)) for group in query_words(text)
    ]
    columns = [of[name] for name in Scan.__dataclass_fields__]
    found = sa.select(*columns).where(*conditions).order_by(of.fecha, of.base).limit(size)
    return [Scan(*row) for row in conn.execute(found)]


def scan_with(conn: Connection, sha256: str) -> str | None:
    """The base name of the scanned acta whose bytes these are, if any."""
    return conn.scalar(sa.select(acta_digitalizada.c.base).where(acta_digitalizada.c.sha256 == sha256).limit(1))
