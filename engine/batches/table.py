"""A table that somebody filled in a spreadsheet, read into rows of texts: CSV (UTF-8, with or without its mark; comma,
semicolon or tab) or XLSX. A hostile or broken file is refused in words; a formula is only text here."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from openpyxl import load_workbook

from engine.batches.errors import FileRefused
from engine.errors import TooLarge

LARGEST: Final = 5 * 1024 * 1024  # bytes
INFLATED: Final = 40 * 1024 * 1024  # bytes of an XLSX once opened
MOST_TAGS: Final = 400_000  # in all its parts: each costs time and memory, however few bytes it takes
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 20_000
COMMENT: Final = "#"
DAY: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # as the spreadsheet numbers it
    cells: dict[str, str]  # by heading


def read_table(data: bytes) -> tuple[list[str], list[Row]]:
    """→ headings and rows; empty rows and those that begin with «#» are left out. Raises TooLarge, FileRefused."""
    if len(data) > LARGEST:
        raise TooLarge("El archivo pasa de 5 MB. Repártalo en varios.")
    lines = _xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    headings: list[str] = []
    rows: list[Row] = []
    for number, cells in lines:
        texts = [cell.strip() for cell in cells]
        if not any(texts) or texts[0].startswith(COMMENT):
            continue
        if not headings:
            headings = _headings(texts)
            continue
        if len(texts) > len(headings) and any(texts[len(headings) :]):
            raise FileRefused(f"La línea {number} tiene más celdas que la primera. Revise los separadores.")
        if len(rows) == MOST_ROWS:
            raise FileRefused(f"El archivo pasa de {MOST_ROWS} filas. Repártalo en varios.")
        padded = [*texts, *[""] * len(headings)]
        rows.append(Row(number, dict(zip(headings, padded, strict=False))))
    if not headings:
        raise FileRefused("El archivo está vacío. Descargue la plantilla y complétela.")
    return headings, rows


def typed_day(text: str) -> str:
    """A day as people write it, 31/12/2026, in ISO; anything else as it is, for who reads it to refuse."""
    written = DAY.fullmatch(text)
    return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else text


def _headings(texts: Sequence[str]) -> list[str]:
    found = [text.casefold() for text in texts]
    while found and not found[-1]:
        found.pop()
    if len(found) > MOST_COLUMNS:
        raise FileRefused(f"El archivo pasa de {MOST_COLUMNS} columnas.")
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise FileRefused(f"La columna «{twice}» está dos veces." if twice else "Hay una columna sin título.")
    return found


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"El archivo no está en UTF-8 (se nota en la línea {line}). En la planilla elija «Guardar como» y "
            "«CSV UTF-8», o envíe el XLSX."
        ) from error
    if "\0" in text:
        raise FileRefused("El archivo no es un CSV ni un XLSX.")
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith(COMMENT)), "")
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise FileRefused(f"La línea {reader.line_num} tiene una celda demasiado larga.")
            yield reader.line_num, cells
    except csv.Error as error:
        raise FileRefused(f"La línea {reader.line_num} no se puede leer: revise sus comillas.") from error


def _xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
            if size > INFLATED or sum(parts.read(part).count(b"<") for part in parts.infolist()) > MOST_TAGS:
                raise TooLarge("El archivo es demasiado grande una vez abierto. Envíelo como CSV.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
            if number > MOST_ROWS + 100:
                raise FileRefused(f"El archivo pasa de {MOST_ROWS} filas. Repártalo en varios.")
            yield number, [_text(cell)[:LONGEST_CELL] for cell in cells]
    except (TooLarge, FileRefused):
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it raise
        raise FileRefused("El archivo no es un XLSX que se pueda leer. Guárdelo otra vez, o como CSV UTF-8.") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute) == (0, 0) else cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
