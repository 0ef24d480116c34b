"""Put candidates of the register of session actas into a case: by reference, body, date, number and words (C-28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import Field
from sqlalchemy import Connection

from engine.actas import (
    ActaPage,
    ActaSearch,
    ActaSesion,
    acta_by_reference,
    read_date,
    reservation_on,
    reserved_words,
    search_actas,
)
from engine.errors import NotFound
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.words import long_day

MOST = 12


class Wanted(BaseParameters):
    reference: str | None = Field(
        default=None, description="Referencia, como CGA-2026-7; con ella no se mira lo demás.", max_length=60
    )
    body: str | None = Field(default=None, description="Código del órgano, como CGA.", max_length=12)
    date: str | None = Field(default=None, description="Fecha de la sesión, AAAA-MM-DD.", max_length=40)
    number: float | None = Field(default=None, description="Número del acta.")
    words: str | None = Field(default=None, description="Palabras de lo que se trató.", max_length=500)


class Candidate(BaseResult):
    referencia: str
    nombre: str
    organo: str
    numero: int
    fecha: str
    tipo: str
    titulo: str
    aprobada: str | None
    suscriben: str | None
    custodia: str | None
    paginas: int
    reserva: str
    paginas_reservadas: str
    motivo_reserva: str | None
    sha256: str


class Option(BaseResult):
    value: str
    label: str
    description: str


class ActasFound(BaseResult):
    candidatas: list[Candidate] = Field(
        description="Las actas: referencia, nombre, organo, numero, fecha, tipo, titulo, aprobada, suscriben, "
        "custodia, paginas, reserva (none, partial o whole), paginas_reservadas, motivo_reserva y sha256 (el resumen "
        "del original)."
    )
    opciones: list[Option] = Field(description="Las mismas, para elegir una en un formulario.")
    resumen: str = Field(description="Qué se buscó y cuántas se hallaron, en una frase, para quien debe elegir.")
    cuantas: int = Field(description="Cuántas se hallaron, hasta 12.")
    mas: bool = Field(description="Si hay más que las que se muestran.")
    parecidas: bool = Field(description="Si ninguna cumple todo lo pedido y estas cumplen solo una parte.")


class FindSessionActas(Operation[Wanted]):
    name = "find_session_actas"
    summary = "Busca actas de sesión en el registro y deja las candidatas en el trámite."
    Parameters = Wanted
    Result = ActasFound

    def run(self, parameters: Wanted, call: Call) -> ActasFound:
        today = call.tools.clock.now().astimezone(call.tools.config.zone).date()
        with call.tools.database.read() as conn:
            found, alike = _found(conn, parameters)
        actas = found.actas
        return ActasFound(
            candidatas=[_candidate(acta, today) for acta in actas],
            opciones=[_option(acta, today) for acta in actas],
            resumen=_summary(parameters, found, alike),
            cuantas=len(actas),
            mas=found.next is not None,
            parecidas=alike,
        )


def _found(conn: Connection, wanted: Wanted) -> tuple[ActaPage, bool]:
    """The actas, and whether they only match in part."""
    if wanted.reference and wanted.reference.strip():
        try:
            return ActaPage((acta_by_reference(conn, wanted.reference),), None), False
        except NotFound:
            return ActaPage((), None), False
    for turn, asked in enumerate(_searches(wanted)):
        page = search_actas(conn, asked)
        if page.actas:
            return page, turn > 0
    return ActaPage((), None), False


def _searches(wanted: Wanted) -> list[ActaSearch]:
    """All that was asked; then less: without the words, which people remember worst, the number, the day."""
    day = read_date(wanted.date or "")
    number = int(wanted.number) if wanted.number is not None and 0 < wanted.number < 1_000_000 else None
    full = ActaSearch(wanted.words or "", wanted.body or None, number, since=day, until=day, size=MOST)
    looser = [
        full,
        replace(full, text="") if day or number else full,
        replace(full, text="", number=None) if day or full.body else full,
        replace(full, since=None, until=None),
    ]
    return [asked for n, asked in enumerate(looser) if asked not in looser[:n] and _narrows(asked)]


def _narrows(asked: ActaSearch) -> bool:
    return bool(asked.text.strip() or asked.number or asked.since or asked.body)


def _candidate(acta: ActaSesion, today: date) -> Candidate:
    return Candidate(
        referencia=acta.reference,
        nombre=acta.name,
        organo=acta.body_name,
        numero=acta.number,
        fecha=acta.date.isoformat(),
        tipo=acta.kind,
        titulo=acta.title,
        aprobada=acta.approved_on.isoformat() if acta.approved_on else None,
        suscriben=acta.signed_by,
        custodia=acta.custody,
        paginas=acta.pages,
        reserva=reservation_on(acta, today),
        paginas_reservadas=reserved_words(acta, today),
        motivo_reserva=acta.reserved_reason if reservation_on(acta, today) != "none" else None,
        sha256=acta.sha256,
    )


def _option(acta: ActaSesion, today: date) -> Option:
    kept = reserved_words(acta, today)
    return Option(
        value=acta.reference,
        label=f"{acta.reference}: {acta.title}"[:200],
        description=f"{acta.body_name}, sesión {acta.kind} de {long_day(acta.date)}"
        + (f". Reservada: {kept}." if kept else "."),
    )


def _summary(wanted: Wanted, found: ActaPage, alike: bool) -> str:
    asked = {
        "referencia": wanted.reference,
        "órgano": wanted.body,
        "fecha": wanted.date,
        "número": int(wanted.number) if wanted.number is not None else None,
        "palabras": wanted.words,
    }
    told = "; ".join(f"{name}: {value}" for name, value in asked.items() if value) or "nada preciso"
    if not found.actas:
        return f"Se buscó {told}. El registro no tiene ninguna así."
    many = "una" if len(found.actas) == 1 else f"{len(found.actas)}" + (" y hay más" if found.next else "")
    return f"Se buscó {told}. El registro tiene {many}" + (", que cumplen solo una parte." if alike else ".")
