"""Our model of the acta as a Word file, by Anexo II of the Resolución (R-31): drawn once, then filled by ``word``.

The places to fill are written in docxtpl's tags. One A4 page holds 21 rows: a long name gets a smaller letter, and a
row grows only with what the docente writes. «Calificación» has three columns below it, so that what comes back can be
read without guessing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

LETTER = "Arial"
COLUMNS = (("Expediente", 22), ("Apellido y nombre (completos)", 66), ("Tipo", 11), ("Documento", 22))
GRADE = "Calificación"
GRADES = (("En número", 16), ("En letras, o «ausente»", 27), ("Otra fecha", 16))
DATE, ENROLLED, EXAMINED = "Fecha (DD/MM/AA)", "Total de alumnos inscriptos", "Total de alumnos examinados"
LONG_NAME, LONG_COURSE = 38, 185  # letters
SHADE = "F2F2F2"
_ROW = 7.4  # mm
_CELLS = (
    "{{ fila.expediente }}",
    f"{{% if fila.nombre|length <= {LONG_NAME} %}}{{{{ fila.nombre }}}}{{% endif %}}",
    "{{ fila.tipo }}",
    "{{ fila.documento }}",
    "{{ fila.calificacion }}",
    "{{ fila.letras }}",
    "{{ fila.fecha }}",
)
_SMALL = f"{{% if fila.nombre|length > {LONG_NAME} %}}{{{{ fila.nombre }}}}{{% endif %}}"


@cache
def model() -> bytes:
    document = Document()
    _page(document)
    _heading(document)
    _list(document)
    _foot(document)
    properties = document.core_properties
    properties.title, properties.author = "{{ acta.base }}", "{{ acta.secretaria }}"
    properties.subject, properties.keywords, properties.comments = "Acta de Examen", "", ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(16), Mm(14)
    section.top_margin, section.bottom_margin = Mm(10), Mm(10)
    section.footer_distance = Mm(5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LETTER, Pt(8.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), LETTER)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.element.get_or_add_rPr().append(_element("w:lang", val="es-AR"))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(foot, "Modelo de Acta de Examen · Anexo II, Resolución CSU-142/2021 · Archivo: {{ acta.base }}", 7)


def _heading(document: Any) -> None:
    table = _table(document, 4, (116, 38, 26))
    left = table.cell(0, 0).merge(table.cell(3, 0))
    _write(left, "{{ acta.universidad }}", 12, bold=True)
    _write(left, "{{ acta.secretaria }}", 9)
    course = _write(left, "Curso/Seminario de Posgrado: ", 9, bold=True, before=3)
    _run(course, f"{{% if acta.curso|length <= {LONG_COURSE} %}}{{{{ acta.curso }}}}{{% endif %}}", 9, bold=True)
    _run(course, f"{{% if acta.curso|length > {LONG_COURSE} %}}{{{{ acta.curso }}}}{{% endif %}}", 7, bold=True)
    _write(left, "Código: {{ acta.codigo }}     Horas: {{ acta.horas }}", 9, before=3)
    _write(
        table.cell(0, 1).merge(table.cell(0, 2)),
        "Acta de Examen{% if acta.aclaracion %}. {{ acta.aclaracion }}{% endif %}",
        12,
        bold=True,
    )
    pairs = (("Libro", "{{ acta.libro }}"), ("Folio", "{{ acta.folio }}"), (DATE, "{{ acta.fecha }}"))
    for turn, (label, value) in enumerate(pairs, 1):
        _write(table.cell(turn, 1), label, 9)
        _write(table.cell(turn, 2), value, 10, bold=True)
    _to_fill(table.cell(3, 2))
    professors = _table(document, 1, (180,)).cell(0, 0)
    _write(professors, "Profesores que integran el tribunal", 7.5)
    names = "acta.tribunal|join(' - ')"
    said = _write(professors, f"{{% if not acta.tribunal_letra %}}{{{{ {names} }}}}{{% endif %}}", 8)
    for step, size in (("nutrido", 6.5), ("numeroso", 5.5)):
        _run(said, f"{{% if acta.tribunal_letra == '{step}' %}}{{{{ {names} }}}}{{% endif %}}", size)


def _list(document: Any) -> None:
    widths = [width for _title, width in (*COLUMNS, *GRADES)]
    table = _table(document, 5, widths)
    for place, (title, _width) in enumerate(COLUMNS):
        _write(table.cell(0, place).merge(table.cell(1, place)), title, 8, bold=True)
    _write(table.cell(0, len(COLUMNS)).merge(table.cell(0, len(widths) - 1)), GRADE, 8, bold=True)
    for place, (title, _width) in enumerate(GRADES, len(COLUMNS)):
        _write(table.cell(1, place), title, 7.5)
    _write(table.cell(2, 0), "{%tr for fila in acta.filas %}", 8)
    _write(table.cell(4, 0), "{%tr endfor %}", 8)
    row = table.rows[3]
    row.height, row.height_rule = Mm(_ROW), WD_ROW_HEIGHT_RULE.AT_LEAST
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for place, tag in enumerate(_CELLS):
        paragraph = _write(row.cells[place], tag, 8.5)
        if place == 1:
            _run(paragraph, _SMALL, 5.8)
        if place >= len(COLUMNS):
            _to_fill(row.cells[place])
        row.cells[place]._tc.get_or_add_tcPr().append(_element("w:vAlign", val="center"))


def _foot(document: Any) -> None:
    totals = _table(document, 1, (48, 42, 48, 42))
    for place, (label, value) in enumerate(((ENROLLED, "{{ acta.inscriptos }}"), (EXAMINED, "{{ acta.examinados }}"))):
        _write(totals.cell(0, 2 * place), label, 8.5)
        _write(totals.cell(0, 2 * place + 1), value, 10, bold=True)
        _to_fill(totals.cell(0, 2 * place + 1))
    last = _table(document, 1, (110, 70))
    _write(
        last.cell(0, 0),
        "OBSERVACIONES: {{ acta.leyenda }}{% if acta.observacion %}. {{ acta.observacion }}{% endif %}",
        7,
    )
    box = last.cell(0, 1)
    _write(box, "", 8.5)
    _write(box, "Autoridad del Departamento Académico [firma digital]", 7.5, before=36)
    _thin(document)  # a Word file may not end with a table


def _table(document: Any, rows: int, widths: Sequence[float]) -> Any:
    """A table of fixed columns; a thin empty line keeps it apart from the next, which would melt into it."""
    if document.tables:
        _thin(document)
    table = document.add_table(rows, len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for place, width in enumerate(widths):
        table.columns[place].width = Mm(width)
        for cell in table.columns[place].cells:
            cell.width = Mm(width)
    return table


def _thin(document: Any) -> None:
    document.add_paragraph().paragraph_format.line_spacing = Pt(4)


def _to_fill(cell: Any) -> None:
    """A light grey shows where the docente writes."""
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=SHADE))


def _write(cell: Any, text: str, size: float, *, bold: bool = False, before: float = 0) -> Any:
    first = cell.paragraphs[0]
    paragraph = cell.add_paragraph() if first.runs or first.paragraph_format.keep_with_next else first
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.keep_with_next = True  # also: this paragraph is taken
    _run(paragraph, text, size, bold=bold)
    return paragraph


def _run(paragraph: Any, text: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made
