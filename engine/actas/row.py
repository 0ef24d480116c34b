"""What one row of an index says of an acta, judged whole: every fault at once, each with its mend."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date as Day

from engine.actas.pages import parse_ranges
from engine.actas.search import read_date

KINDS = ("ordinaria", "extraordinaria", "solemne", "otra")
RESERVED = {"": "none", "no": "none", "ninguna": "none", "parcial": "partial", "total": "whole"}
EARLIEST = Day(1900, 1, 1)
LIMITS = {"titulo": 300, "palabras": 20_000, "suscriben": 300, "custodia": 200, "motivo_reserva": 1_000}


@dataclass(slots=True)
class Row:
    """``faults`` empty: what the other fields hold may be kept."""

    body: str = ""
    number: int = 0
    date: Day = EARLIEST
    kind: str = "ordinaria"
    title: str = ""
    keywords: str | None = None
    signed_by: str | None = None
    custody: str | None = None
    approved_on: Day | None = None
    file: str = ""
    reserved: str = "none"
    reserved_pages: str = ""
    reserved_reason: str | None = None
    reserved_until: Day | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return f"{self.body}-{self.date.year}-{self.number}"

    def ranges(self, pages: int) -> list[list[int]] | None:
        """What is reserved of a file of so many pages; a fault more when it cannot be."""
        if self.reserved != "partial":
            return None
        try:
            return parse_ranges(self.reserved_pages, pages)
        except ValueError as error:
            self.faults.append(str(error))
            return None


def read_row(values: Mapping[str, str], bodies: Collection[str], today: Day) -> Row:
    given = {name: unicodedata.normalize("NFC", value) for name, value in values.items()}
    row = Row(
        body=given.get("organo", "").upper(),
        title=" ".join(given.get("titulo", "").split()),
        keywords=given.get("palabras") or None,
        signed_by=given.get("suscriben") or None,
        custody=given.get("custodia") or None,
        file=given.get("archivo", ""),
        kind=given.get("tipo", "").lower() or "ordinaria",
    )
    for check in (_check_what, _check_when, _check_reservation):
        check(row, given, bodies, today)
    return row


def _check_what(row: Row, given: Mapping[str, str], bodies: Collection[str], _today: Day) -> None:
    if row.body not in bodies:
        known = ", ".join(sorted(bodies))
        row.faults.append(f"El órgano «{row.body[:20]}» no está en el catálogo ({known}): corríjalo o agréguelo.")
    number = given.get("numero", "")
    if number.isascii() and number.isdigit() and len(number) <= 12 and 1 <= int(number) <= 999_999:
        row.number = int(number)
    else:
        row.faults.append(f"El número «{number[:20]}» no es de un acta: escriba solo cifras.")
    if row.kind not in KINDS:
        row.faults.append(f"El tipo «{row.kind[:20]}» no se conoce: {', '.join(KINDS)}.")
    if not row.title:
        row.faults.append("Falta el título.")
    if not row.file:
        row.faults.append("Falta el nombre del archivo.")
    for name, most in LIMITS.items():
        if len(given.get(name, "")) > most:
            row.faults.append(f"«{name}» tiene más de {most} letras.")
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for value in given.values() for c in value):
        row.faults.append("Tiene signos de control que no se pueden guardar.")


def _check_when(row: Row, given: Mapping[str, str], _bodies: Collection[str], today: Day) -> None:
    held, approved = read_date(given.get("fecha", "")), read_date(given.get("aprobada", ""))
    if held is None or not EARLIEST <= held <= today:
        row.faults.append(f"La fecha «{given.get('fecha', '')[:20]}» no es de una sesión pasada: AAAA-MM-DD.")
    else:
        row.date = held
    if approved is None or not row.date <= approved <= today:
        row.faults.append(
            f"La aprobación «{given.get('aprobada', '')[:20]}» no es una fecha entre la sesión y hoy: solo se cargan "
            "actas aprobadas."
        )
    else:
        row.approved_on = approved


def _check_reservation(row: Row, given: Mapping[str, str], _bodies: Collection[str], _today: Day) -> None:
    written = given.get("reserva", "").lower()
    if written not in RESERVED:
        row.faults.append(f"La reserva «{written[:20]}» no se conoce: no, parcial o total.")
        return
    row.reserved, row.reserved_pages = RESERVED[written], given.get("paginas_reservadas", "")
    if row.reserved == "none":
        if row.reserved_pages or given.get("motivo_reserva"):
            row.faults.append("Trae páginas o motivo de reserva, pero dice que no es reservada.")
        return
    row.reserved_reason = given.get("motivo_reserva") or None
    if len(row.reserved_reason or "") < 10:
        row.faults.append("Una reserva lleva su motivo legal: la norma y por qué se aplica.")
    until = given.get("reserva_hasta", "")
    row.reserved_until = read_date(until)
    if until and row.reserved_until is None:
        row.faults.append(f"«{until[:20]}» no es la fecha hasta la que se reserva.")
