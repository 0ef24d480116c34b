"""The rows of a list in CSV or XLSX, as text, with the line where a person finds each. Called by ``enrolled``.

Of a CSV the encoding is told by its bytes and the separator by its heading; of an XLSX the sheet with a heading counts,
the last known value of a formula is its value, and numbers are written as a person reads them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from engine.actas.examen.package import Package, Unopened

MOST_ROWS = 3_000
MOST_COLUMNS = 60
LONGEST = 1_000  # letters of one cell
HEADING_WITHIN = 15  # lines: above it a list may carry its title
SEPARATORS = (";", ",", "\t", "|")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")

Knows = Callable[[Sequence[str]], int]  # how many columns it knows of a line; 0: no heading


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # as a person counts them in the file
    cells: tuple[str, ...]


class Unread(Exception):
    """``args[0]``: why the file as a whole cannot be read, and the mend."""


def csv_lines(data: bytes, knows: Knows) -> list[Line]:
    """From the heading on. Raises Unread."""
    text = _decoded(data)
    best: list[Line] = []
    most = 0
    for separator in SEPARATORS:
        lines = _from_heading(_csv(text, separator, HEADING_WITHIN), knows)
        if lines and (known := knows(lines[0].cells)) > most:
            most, best = known, _from_heading(_csv(text, separator), knows)
    return best


def xlsx_lines(data: bytes, knows: Knows) -> list[Line]:
    """From the heading on, of the one sheet that has one. Raises Unread, also when two sheets have students."""
    found: list[Line] = []
    try:
        book = Package(data, ".xlsx")
        if not book.has("xl/workbook.xml"):
            raise Unread("El archivo no es una hoja de cálculo .xlsx: guárdelo en ese formato, o como CSV.")
        strings = _strings(book)
        parts = book.related("xl/workbook.xml")
        for sheet in book.xml("xl/workbook.xml").iter(f"{_MAIN}sheet"):
            part = parts.get(sheet.get(_REL_ID, ""))
            if part is None or sheet.get("state", "visible") != "visible":
                continue
            lines = _from_heading(_rows(book.xml(part), strings), knows)
            if len(found) > 1 and len(lines) > 1:
                raise Unread("Hay alumnos en más de una hoja del archivo: únalos en una sola, o borre las que sobran.")
            found = max(found, lines, key=len)
    except Unopened as error:
        raise Unread(str(error)) from error
    return found


def _decoded(data: bytes) -> str:
    """UTF-8 or, by its mark, UTF-16; else what spreadsheets of the region write, if it can be that."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unread("No se reconoce en qué codificación está el archivo: guárdelo como «CSV UTF-8» o como .xlsx.")


def _csv(text: str, separator: str, most: int | None = None) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        before = 0
        for cells in islice(reader, most):
            yield _line(before + 1, cells)
            before = reader.line_num  # a cell may hold several lines: its row is where it begins
    except csv.Error as error:
        if most is None:
            raise Unread(f"No se entiende la línea {reader.line_num} ({error}): revise sus comillas.") from error


def _from_heading(lines: Iterator[Line], knows: Knows) -> list[Line]:
    found: list[Line] = []
    for turn, line in enumerate(lines):
        if not found and (turn >= HEADING_WITHIN or not knows(line.cells)):
            if turn >= HEADING_WITHIN:
                break
            continue
        if found and not any(line.cells):
            continue
        found.append(line)
        if len(found) > MOST_ROWS:
            raise Unread(f"La lista tiene más de {MOST_ROWS} filas: no es de una mesa de examen.")
    return found


def _line(number: int, cells: Sequence[str]) -> Line:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS or any(len(cell) > LONGEST for cell in cells):
        raise Unread(f"La línea {number} tiene más de {MOST_COLUMNS} columnas o una celda de más de {LONGEST} letras.")
    return Line(number, tuple(cell.strip() for cell in cells))


def _strings(book: Package) -> list[str]:
    if not book.has("xl/sharedStrings.xml"):
        return []
    return [_text(one) for one in book.xml("xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _text(element: Any) -> str:
    """What is written, without the reading aids of East Asian texts."""
    return "".join(piece.text or "" for piece in element.iter(f"{_MAIN}t") if piece.getparent().tag != f"{_MAIN}rPh")


def _rows(sheet: Any, strings: Sequence[str]) -> Iterator[Line]:
    number = 0
    for row in sheet.iter(f"{_MAIN}row"):
        number = _number(row.get("r"), number + 1)
        cells: list[str] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.get("r"), len(cells))
            if column >= MOST_COLUMNS:
                break
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, strings)
        yield _line(number, cells)


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 8 else otherwise


def _column(reference: str | None, otherwise: int) -> int:
    found = _CELL.fullmatch(reference or "")
    if found is None:
        return otherwise
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _value(cell: Any, strings: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    written = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        at = _number(written, -1)
        return strings[at] if 0 <= at < len(strings) else ""
    return _whole(written) if kind == "n" else written


def _whole(written: str) -> str:
    """25174940.0 and 2.517494E7 are 25174940."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return written
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return written
    return f"{number:f}" if number != number.to_integral_value() else f"{int(number)}"
