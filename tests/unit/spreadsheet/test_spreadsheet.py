"""Exported tables open in a spreadsheet as what they are, and run nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

from openpyxl import load_workbook

from engine.spreadsheet import Sheet, csv_lines, xlsx

ROWS = [
    ('=HYPERLINK("http://x")', 3, 91.5, date(2026, 3, 5), None),
    ("Ñáñez de la Cruz, María José", -2, 0.0, datetime(2026, 3, 5, 23, 59, tzinfo=UTC), "@cmd"),
]
HEADINGS = ("Título", "Cuántos", "Por ciento", "Día", "Nota")


def test_a_cell_that_looks_like_a_formula_is_a_text_in_csv() -> None:
    text = "".join(csv_lines(HEADINGS, ROWS))
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert read[1] == ['\'=HYPERLINK("http://x")', "3", "91.5", "2026-03-05", ""]
    assert read[2][1] == "-2"  # a number is a number
    assert read[2][4] == "'@cmd"


def test_a_long_table_comes_in_chunks_as_its_rows_are_read() -> None:
    read: list[int] = []

    def rows() -> Iterator[tuple[int, str]]:
        for n in range(1_200):
            read.append(n)
            yield n, f"Fila {n}"

    chunks = csv_lines(("N", "Fila"), rows())
    first = next(chunks)
    assert len(read) < 1_000, "the end is not read before the beginning is sent"
    whole = list(csv.reader(io.StringIO((first + "".join(chunks)).removeprefix("\ufeff"))))
    assert [whole[0], whole[1], whole[500], whole[501], whole[-1]] == [
        ["N", "Fila"], ["0", "Fila 0"], ["499", "Fila 499"], ["500", "Fila 500"], ["1199", "Fila 1199"],
    ]  # fmt: skip
    assert len(whole) == 1_201


def test_a_workbook_holds_texts_numbers_and_dates_as_such_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(xlsx([Sheet("Por mes: 2026/03", HEADINGS, ROWS)])))
    page = book.active
    assert page.title == "Por mes  2026 03"
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[0] == list(HEADINGS)
    assert cells[1][:3] == ['=HYPERLINK("http://x")', 3, 91.5]
    assert page["A2"].data_type == "s"
    assert str(cells[2][3]) == "2026-03-05 23:59:00"


def test_a_column_is_as_wide_as_what_it_holds_and_no_wider_than_a_screen() -> None:
    rows = [("2026-11", "Solicitar copia de Acta de sesión", "x" * 300)]
    (page,) = load_workbook(io.BytesIO(xlsx([Sheet("Uno", ("Mes", "Nombre", "Causa"), rows)]))).worksheets
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [9, 35, 60]
    (page,) = load_workbook(io.BytesIO(xlsx([Sheet("Uno", ("Mes", "N"), iter(rows), (12, 4))]))).worksheets
    assert [page.column_dimensions[letter].width for letter in "AB"] == [12, 4]


def test_what_xml_cannot_hold_is_left_out() -> None:
    book = load_workbook(io.BytesIO(xlsx([Sheet("Uno", ("a",), [("con\x00trol\x0b",)])])))
    assert book.active["A2"].value == "control"
