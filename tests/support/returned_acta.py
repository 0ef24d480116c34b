"""The copies of an acta as a docente fills them in: the Word file and the PDF form, from any acta's data."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import docx
import pikepdf

from engine.actas.examen import escala
from engine.actas.examen.printed import printed
from engine.actas.examen.word import word_acta
from engine.documents import render_form
from engine.operations.make_acta_files import form_fields
from tests.support.acta_papel import given, templates

DAY = "01/03/26"
MARKS = ("8", "10", "4", "2", "7")


def marks(acta: dict[str, Any], absent: Collection[int] = ()) -> list[tuple[str, str]]:
    """Number and letters of each row."""
    scale = escala(acta["escala"]["codigo"])
    said = []
    for row in acta["filas"]:
        mark = MARKS[row["n"] % len(MARKS)]
        said.append(("", "ausente") if row["n"] in absent else (mark, scale.letters(scale.read(mark))))
    return said


def filled_word(
    acta: dict[str, Any],
    absent: Collection[int] = (),
    change: Callable[[Any], None] = lambda document: None,
    empty: bytes = b"",
) -> bytes:
    """``empty``: the file as it was sent, when it is not to be made here."""
    document = docx.Document(io.BytesIO(empty or word_acta(printed(acta))))
    heading, _tribunal, grades, totals = document.tables[:4]
    if not heading.cell(3, 2).text.strip():
        heading.cell(3, 2).paragraphs[0].add_run(DAY)
    for row, said in zip(grades.rows[2:], marks(acta, absent), strict=False):
        for cell, text in zip(row.cells[4:], said, strict=False):
            cell.paragraphs[0].add_run(text)
    rows = len(acta["filas"])
    totals.cell(0, 1).paragraphs[0].add_run(str(rows))
    totals.cell(0, 3).paragraphs[0].add_run(str(rows - len(absent)))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filled_form(
    acta: dict[str, Any], absent: Collection[int] = (), change: Callable[[dict[str, str]], None] = lambda values: None
) -> bytes:
    rows = len(acta["filas"])
    values = {"fecha": DAY, "inscriptos": str(rows), "examinados": str(rows - len(absent))}
    for n, (mark, letters) in enumerate(marks(acta, absent), 1):
        values |= {f"nota_{n}": mark, f"letras_{n}": letters}
    change(values)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(_form(acta))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) in values:
                field.V = pikepdf.String(values[str(field.T)])
        pdf.save(out)
    return out.getvalue()


_FORMS: dict[str, bytes] = {}


def _form(acta: dict[str, Any]) -> bytes:
    key = repr(acta)
    if key not in _FORMS:  # composing takes most of a second
        shown = printed(acta)
        _FORMS[key] = render_form(_templates(), "acta_cargar.html", given(shown), form_fields(shown)).bytes
    return _FORMS[key]


@cache
def _templates() -> dict[str, bytes]:
    return templates()
