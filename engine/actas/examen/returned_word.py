"""What a docente wrote into the Word file of an acta. Called apart, by ``returned_apart``.

Only text is read, and of tracked changes what they leave: no field is computed, no relation followed. The table of the
grades is found by its headings, so a file that another program saved is read too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from engine.actas.examen.package import Package, Unopened
from engine.actas.examen.returned import Returned, ReturnedRow, own_bases, read_count

MOST_ROWS = 60
LONGEST = 300  # letters of one cell
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {  # removed, computed, or there twice for older programs
    f"{_W}del", f"{_W}moveFrom", f"{_W}delText", f"{_W}instrText", f"{_W}pict",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
_TEXT = f"{_W}t"
_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}p": " ", f"{_W}noBreakHyphen": "-"}
_COLUMNS = ("expediente", "nombre", "documento", "nota", "letras", "fecha")
_HEADINGS = {
    "expediente": "expediente",
    "apellido y nombre": "nombre",
    "documento": "documento",
    "en numero": "nota",
    "en letras": "letras",
    "otra fecha": "fecha",
}
_NOT_ACTA = "El archivo no tiene la tabla del acta: complete el que se le envió, sin cambiarle las columnas."

Row = list[str]


def read_word(data: bytes) -> Returned:
    """Raises Unopened."""
    package = Package(data, ".docx")
    if not package.has("word/document.xml"):
        raise Unopened("not_acta", _NOT_ACTA)
    root = package.xml("word/document.xml")
    tables = [_rows(table) for table in root.iter(f"{_W}tbl")]
    grades = next((found for rows in tables if (found := _grades(rows))), None)
    if grades is None:
        raise Unopened("not_acta", _NOT_ACTA)
    labels = {_plain(row[at]): row[at + 1] for rows in tables for row in rows for at in range(len(row) - 1) if row[at]}
    return Returned(
        base=_base(package, root),
        written_day=_labelled(labels, "fecha"),
        inscriptos=read_count(_labelled(labels, "total de alumnos inscriptos")),
        examinados=read_count(_labelled(labels, "total de alumnos examinados")),
        rows=tuple(grades),
    )


def _rows(table: Any) -> list[Row]:
    """Text by place of the grid: a cell that spans several has its text in the first."""
    rows = []
    for row in _direct(table, f"{_W}tr"):
        cells: Row = []
        for cell in _direct(row, f"{_W}tc"):
            text = _text(cell)
            if len(text) > LONGEST:
                text = text[:LONGEST]
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = span.get(f"{_W}val", "1") if span is not None else "1"
            cells += [text, *[""] * (min(int(width), 20) - 1 if width.isdecimal() else 0)]
        rows.append(cells)
    return rows


def _direct(parent: Any, tag: str) -> Iterator[Any]:
    """Children of that name, also those that a program wrapped in content controls or marked as inserted."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _direct(child, tag)


def _text(element: Any) -> str:
    pieces = [(one.text or "") if one.tag == _TEXT else _SIGNS[one.tag] for one in _said(element)]
    return " ".join(unicodedata.normalize("NFC", "".join(pieces)).split())


def _said(element: Any) -> Iterator[Any]:
    """In the order in which it is read. Most elements hold nothing that is skipped, and much that is only format."""
    if next(element.iter(*_SKIPPED), None) is None:
        yield from element.iter(_TEXT, *_SIGNS)
        return
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if one.tag in _SKIPPED:
            continue
        if one.tag == _TEXT or one.tag in _SIGNS:
            yield one
        waiting.extend(reversed(one))


def _grades(rows: Sequence[Row]) -> list[ReturnedRow]:
    columns: dict[str, int] = {}
    for turn, row in enumerate(rows[:4]):
        columns |= {
            column: place
            for place, cell in enumerate(map(_plain, row))
            for said, column in _HEADINGS.items()
            if cell.startswith(said)
        }
        if set(columns) == set(_COLUMNS):
            return _students(rows[turn + 1 :], columns)
    return []


def _students(rows: Sequence[Row], columns: dict[str, int]) -> list[ReturnedRow]:
    found: list[ReturnedRow] = []
    for row in rows:
        said = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        if any(said.values()):
            found.append(ReturnedRow(n=len(found) + 1, **said))
        if len(found) > MOST_ROWS:
            raise Unopened("not_acta", _NOT_ACTA)
    return found


def _labelled(labels: dict[str, str], label: str) -> str:
    return next((value for said, value in labels.items() if said.startswith(label)), "")


@lru_cache(1_024)  # of a process that ends with this file
def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(sign for sign in folded if sign.isalnum() or sign == " ").split())


def _base(package: Package, root: Any) -> str:
    """What its text, its foot or its properties say; only one of them may be said."""
    parts = [root]
    parts += [package.xml(name) for name in package.names() if re.fullmatch(r"word/(?:footer|header)[0-9]*\.xml", name)]
    if package.has("docProps/core.xml"):
        parts.append(package.xml("docProps/core.xml"))
    told = {base for part in parts for base in own_bases(" ".join(part.itertext()))}
    return told.pop() if len(told) == 1 else " y ".join(sorted(told))
