"""Tables for people who count in a spreadsheet: CSV and XLSX, with the guard against formulas.

Used by the Matriz and by the indicators. A text that a spreadsheet would take for a formula never becomes one: in CSV
an apostrophe precedes it, in XLSX its cell is of type text. Numbers and dates stay numbers and dates in XLSX.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets read the accents wrongly
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold
_MAX_TEXT = 32_767  # characters in a cell
_MAX_WIDTH = 60
_ROWS_OF_A_CHUNK = 500

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()  # characters, at least; none: those of the heading


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Some hundred rows a chunk, with a byte order mark before the first."""
    target = io.StringIO()
    target.write(BYTE_ORDER_MARK)
    writer = csv.writer(target)
    writer.writerow([_harmless(cell) for cell in headings])
    for n, row in enumerate(rows, start=1):
        writer.writerow([_harmless(cell) for cell in row])
        if n % _ROWS_OF_A_CHUNK == 0:
            yield target.getvalue()
            target.seek(0)
            target.truncate()
    yield target.getvalue()


def _harmless(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(_FORMULA) else value


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook, a sheet for each; headings in bold and kept in sight."""
    book = Workbook(write_only=True)
    for one in sheets:
        page: Any = book.create_sheet(_sheet_title(one.title))
        page.freeze_panes = "A2"
        for column, width in enumerate(_widths(one), start=1):
            page.column_dimensions[get_column_letter(column)].width = min(width, _MAX_WIDTH)
        page.append([_cell(page, heading, bold=True) for heading in one.headings])
        for row in one.rows:
            page.append([_cell(page, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _widths(sheet: Sheet) -> list[int]:
    """As wide as the heading and, of a list, as its first values; what is read as it goes is not read twice."""
    widths = list(sheet.widths) or [len(heading) + 4 for heading in sheet.headings]
    if isinstance(sheet.rows, Sequence):
        for row in sheet.rows[:_ROWS_OF_A_CHUNK]:
            for n, value in enumerate(row[: len(widths)]):
                widths[n] = max(widths[n], len(str(value)) + 2)
    return widths


def _sheet_title(title: str) -> str:
    """At most 31 letters, without those that a sheet's name may not have."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]


def _cell(page: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:  # a spreadsheet knows no zones
        value = value.replace(tzinfo=None)
    if isinstance(value, str):
        value = _UNWRITABLE.sub("", value)[:_MAX_TEXT]
    if not bold and not (isinstance(value, str) and value.startswith("=")):
        return value  # the writer's own cell, made once, costs a third less
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # also when it begins with «=»
    if bold:
        cell.font = Font(bold=True)
    return cell
