"""Read the index that comes with a folder of actas: CSV (comma or semicolon) or JSON, in UTF-8. docs/actas_sesion.md
lists the columns. Here only its form is judged; what each row says is ``row``'s.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import CartularioError

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 2_000
LONGEST = 20_000  # letters of one value
REQUIRED = ("organo", "numero", "fecha", "titulo", "aprobada", "archivo")
OPTIONAL = (
    "tipo",
    "palabras",
    "suscriben",
    "custodia",
    "reserva",
    "paginas_reservadas",
    "motivo_reserva",
    "reserva_hasta",
)


class IndexRefused(CartularioError):
    """The index as a whole cannot be read, so nothing was loaded; the sentence says what to mend."""

    status = 422
    code = "index_refused"


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # as a person counts them: the first line of a CSV is its heading
    values: Mapping[str, str]


def read_index(name: str, data: bytes) -> list[Line]:
    """Raises IndexRefused."""
    if len(data) > LARGEST:
        raise IndexRefused("El índice pasa de 5 MB: repártalo en varios.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IndexRefused("El índice no está en UTF-8: guárdelo como «CSV UTF-8» o JSON.") from error
    lines = list(_json(text) if name.lower().endswith(".json") else _csv(text))
    if not lines:
        raise IndexRefused("El índice no tiene ninguna acta.")
    return lines


def _csv(text: str) -> Iterator[Line]:
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or []]
        _check_names(names, set(names))
        reader.fieldnames = names
        for row in reader:
            if None in row or None in row.values():
                raise IndexRefused(f"Línea {reader.line_num} del índice: no tiene tantas columnas como el título.")
            if any(value.strip() for value in row.values()):
                yield _line(reader.line_num, row)
    except csv.Error as error:
        raise IndexRefused(f"Línea {reader.line_num} del índice: no se entiende ({error}).") from error


def _json(text: str) -> Iterator[Line]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise IndexRefused("El índice no es un JSON válido.") from error
    listed = listed.get("actas") if isinstance(listed, dict) else listed
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise IndexRefused("El índice debe ser una lista de actas, o un objeto con la lista «actas».")
    for number, one in enumerate(listed, 1):
        _check_names(list(one), {*one, *REQUIRED})  # a value that is missing is the row's fault, not the index's
        yield _line(number, {name: _text(number, name, value) for name, value in one.items()})


def _line(number: int, row: Mapping[str, str]) -> Line:
    if number > MOST_ROWS + 1:
        raise IndexRefused(f"El índice tiene más de {MOST_ROWS} actas: repártalo en varios.")
    for name, value in row.items():
        if len(value) > LONGEST:
            raise IndexRefused(f"Línea {number} del índice: «{name}» tiene más de {LONGEST} letras.")
    return Line(number, {name: value.strip() for name, value in row.items()})


def _check_names(names: list[str], present: set[str]) -> None:
    unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
    if unknown:
        raise IndexRefused(f"El índice tiene una columna que no se conoce: «{unknown[0][:40]}».")
    missing = [name for name in REQUIRED if name not in present]
    if missing:
        raise IndexRefused(f"Al índice le falta la columna «{missing[0]}».")
    if len(set(names)) < len(names):
        raise IndexRefused("El índice tiene dos columnas con el mismo nombre.")


def _text(number: int, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise IndexRefused(f"Acta {number} del índice: «{name}» debe ser un texto, un número o una lista de textos.")
    return str(value)
