"""A Word file printed to PDF roughly as a word processor does: its tables with their widths, heights and sizes of letter.

Where the suite runs there is no word processor; what a docente sends by R-39 is what one makes of our copy.
"""

from __future__ import annotations

import html
import io
from typing import Any

import docx
from docx.oxml.ns import qn
from weasyprint import HTML

_STYLE = """@page { size: A4; margin: 10mm 14mm 10mm 16mm; @bottom-right { content: "%s"; font: 7pt sans-serif } }
body { font: 8.5pt/1.15 sans-serif; margin: 0 } p { margin: 0 }
table { border-collapse: collapse; table-layout: fixed; margin: 0 auto 4pt } td { border: .5pt solid #000; padding: 0 5.4pt }"""


def word_print(data: bytes, raised: float = 0) -> bytes:
    """``raised``: points by which every other word stands higher, as the boxes of some letters do in what they make."""
    document = docx.Document(io.BytesIO(data))
    body = "".join(_table(table._tbl, raised) for table in document.tables)
    foot = " ".join(paragraph.text for paragraph in document.sections[0].footer.paragraphs)
    made = HTML(string=f"<style>{_STYLE % foot}</style>{body}").write_pdf()
    return bytes(made)


def _table(table: Any, raised: float) -> str:
    widths = [int(column.get(qn("w:w"))) / 20 for column in table.find(qn("w:tblGrid"))]
    rows = table.findall(qn("w:tr"))
    columns = "".join(f'<col style="width: {width}pt">' for width in widths)
    inner = "".join(_row(rows, number, raised) for number in range(len(rows)))
    return f'<table style="width: {sum(widths)}pt"><colgroup>{columns}</colgroup>{inner}</table>'


def _row(rows: list[Any], number: int, raised: float) -> str:
    height = rows[number].find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
    style = "" if height is None else f"height: {int(height.get(qn('w:val'))) / 20}pt"
    cells, place = "", 0
    for cell in rows[number].findall(qn("w:tc")):
        span = _span(cell)
        if not _goes_on(cell):
            deep = 1
            while number + deep < len(rows) and _goes_on(_at(rows[number + deep], place)):
                deep += 1
            inner = "".join(_paragraph(one, raised) for one in cell.findall(qn("w:p")))
            middle = "middle" if cell.find(f"{qn('w:tcPr')}/{qn('w:vAlign')}") is not None else "top"
            cells += f'<td colspan="{span}" rowspan="{deep}" style="vertical-align: {middle}">{inner}</td>'
        place += span
    return f'<tr style="{style}">{cells}</tr>'


def _span(cell: Any) -> int:
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if found is None else int(found.get(qn("w:val")))


def _goes_on(cell: Any) -> bool:
    """It is the lower part of a cell that spans rows."""
    found = None if cell is None else cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return found is not None and found.get(qn("w:val")) != "restart"


def _at(row: Any, place: int) -> Any:
    at = 0
    for cell in row.findall(qn("w:tc")):
        if at == place:
            return cell
        at += _span(cell)
    return None


def _paragraph(paragraph: Any, raised: float) -> str:
    pieces = ""
    for run in paragraph.iter(qn("w:r")):
        size = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        points = 8.5 if size is None else int(size.get(qn("w:val"))) / 2
        text = html.escape("".join(part.text or "" for part in run.iter(qn("w:t"))))
        if raised:
            higher = f'<span style="position: relative; top: -{raised}pt">'
            text = " ".join(f"{higher}{word}</span>" if n % 2 else word for n, word in enumerate(text.split(" ")))
        pieces += f'<span style="font-size: {points}pt">{text}</span>' if text else ""
    return f"<p>{pieces or '&nbsp;'}</p>"
