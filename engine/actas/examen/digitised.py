"""Old exam actas on paper, brought in as certified scans (Resolución CSU-142/21, arts. 2 and 3).

``judge_batch`` refuses what the articles do not admit, each row with its article; ``match_scans`` finds the file of
each acta by its name (R-34). Called by the operations of «digitalizar_actas»; the register is in ``scanned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Day
from pathlib import PurePath
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.libro import base_name, read_base
from engine.actas.examen.mesa import plain
from engine.storage.tables import acta, acta_digitalizada

MOST = 300  # actas of a batch
LONGEST_BASE = 24
LONGEST_REASON = 300
ALREADY = (
    "ya está digitalizada y certificada. Si su copia está dañada o no se lee, diga en su fila por qué se escanea "
    "otra vez."
)
NOT_YET = "no está digitalizada todavía: no hay una copia que reemplazar. Borre el motivo."
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
    motivo: str | None = None  # why it is scanned again, of one that is in the register

    @property
    def forma(self) -> str:
        return form_of(self.articulo, self.docente, self.autoridad, self.texto)


def form_of(articulo: int, docente: str | None, autoridad: str | None, texto: bool) -> str:
    """The form of its signatures, in words; of art. 3 none is asked."""
    if articulo == 3:
        return "Original en papel"
    said = f"Firma {DOCENTE[str(docente)]} del docente y {AUTORIDAD[str(autoridad)]} de la autoridad"
    return said + ("; notas y fechas completadas con herramienta de texto" if texto else "")


@dataclass(frozen=True, slots=True)
class JudgedBatch:
    actas: tuple[OldActa, ...]
    refused: tuple[str, ...]  # one sentence for each acta or fault
    faulty: frozenset[str] = frozenset()  # the bases of ``actas`` that some of them name


def judge_batch(
    conn: Connection, article: int, rows: Sequence[Mapping[str, Any]], bounds: Bounds, case_id: UUID | None = None
) -> JudgedBatch:
    """The actas of an inventory, or why not. ``rows``: acta, curso, fecha and, of art. 2, firmas
    («olografa+digital»: the docente's and the authority's) and texto; of one that is in the register already, otra_vez:
    why it is scanned again. What ``case_id`` itself registered is no obstacle to it."""
    if article not in (2, 3):
        return JudgedBatch((), ("Diga por qué artículo se digitaliza: el 2 o el 3.",))
    if not 1 <= len(rows) <= MOST:
        return JudgedBatch((), (f"Una tanda tiene de 1 a {MOST} actas.",))
    read = [_read(row, article) for row in rows]
    bases = [one.base for one in read if isinstance(one, OldActa)]
    issued, scanned = _issued(conn, bases), _scanned(conn, bases)
    seen, kept, refused, faulty = set[str](), list[OldActa](), list[str](), set[str]()
    for n, found in enumerate(read, 1):
        if isinstance(found, str):
            refused.append(f"Fila {n}: {found}")
            continue
        faults = list(_faults(found, bounds))
        if found.base in seen:
            faults.append("está dos veces en la tanda.")
        known = scanned.get(found.base, _Known())
        if found.base in issued:
            faults.append("es un acta de este sistema, no una antigua.")
        elif case_id is None or case_id not in known.cases:
            faults += _of_register(found, known)
        seen.add(found.base)
        kept.append(found)
        refused += [f"Fila {n}, {found.base}: {fault}" for fault in faults]
        faulty |= {found.base} if faults else set()
    return JudgedBatch(tuple(kept), tuple(refused), frozenset(faulty))


@dataclass(slots=True)
class _Known:
    """What the register has of an acta."""

    fecha: Day | None = None
    cases: set[UUID | None] = field(default_factory=set)


def _issued(conn: Connection, bases: Sequence[str]) -> set[str]:
    return set(conn.scalars(sa.select(acta.c.base).where(acta.c.base.in_(bases))))


def _scanned(conn: Connection, bases: Sequence[str]) -> dict[str, _Known]:
    of, found = acta_digitalizada.c, dict[str, _Known]()
    for base, fecha, case_id in conn.execute(sa.select(of.base, of.fecha, of.case_id).where(of.base.in_(bases))):
        known = found.setdefault(base, _Known(fecha))
        known.cases.add(case_id)
    return found


def _of_register(one: OldActa, known: _Known) -> Iterator[str]:
    """A new acta has no reason; one of the register, a reason and its own date."""
    if known.fecha is None:
        if one.motivo:
            yield NOT_YET
    elif not one.motivo:
        yield ALREADY
    elif one.fecha != known.fecha:
        yield f"está en el registro como emitida el {known.fecha:%d/%m/%Y}: escriba esa fecha."


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
    motivo = " ".join(str(row.get("otra_vez") or "").split())
    if motivo and not 5 <= len(motivo) <= LONGEST_REASON:
        return f"diga por qué se escanea otra vez en 5 a {LONGEST_REASON} letras."
    if article == 2:
        return OldActa(base, curso, day, article, docente, autoridad, bool(row.get("texto")), motivo or None)
    return OldActa(base, curso, day, article, None, None, False, motivo or None)


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
