"""A PDF that a person fills in: a template's «campo_…» boxes become text fields, and others go along unseen.

Called by the operation that makes an acta's files. The fields are written here and not by the renderer, which would
embed its letters whole in each file: these use a standard letter that every reader has, so the file does not claim to
be PDF/A. Same input, same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from engine.documents.pdfa import FIELD, SignatureBox
from engine.documents.render import RenderedPdf, render_plain

PRINT, HIDDEN = 4, 2
READ_ONLY = 1
LETTER = 9.5  # points
SMALL, FITS = 6.5, 18  # for more letters than these


@dataclass(frozen=True, slots=True)
class TextField:
    value: str = ""
    label: str = ""  # what a screen reader says
    most: int = 0  # letters; 0: no limit


def render_form(
    files: Mapping[str, bytes], template: str, data: Mapping[str, Any], fields: Mapping[str, TextField]
) -> RenderedPdf:
    """``fields`` by name, without «campo_»: those that the template has no box for go along hidden and locked.

    Raises as ``render_pdf``.
    """
    made = render_plain(files, template, data)
    return RenderedPdf(_with_fields(made.bytes, made.signature_boxes, fields), made.signature_boxes, made.pages)


def _with_fields(pdf: bytes, boxes: Mapping[str, SignatureBox], fields: Mapping[str, TextField]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        listed = list(_fields(document, boxes, fields))
        font = document.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
        document.Root.AcroForm = Dictionary(
            Fields=Array(listed),
            DA=String(f"/Helv {LETTER} Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font)),
        )
        if any(field.value for name, field in fields.items() if FIELD + name in boxes):
            document.Root.AcroForm.NeedAppearances = True  # else nothing is generated; it is not left behind
            document.generate_appearance_streams()
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _fields(
    document: Pdf, boxes: Mapping[str, SignatureBox], fields: Mapping[str, TextField]
) -> Iterator[pikepdf.Object]:
    for page in document.pages:
        if "/Annots" not in page:
            page.Annots = Array()
        page.Tabs = Name.R  # row by row
    for name, field in fields.items():
        box = boxes.get(FIELD + name)
        page = document.pages[box.page if box else 0]
        made = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(name),
            V=String(field.value),
            Rect=Array([round(edge, 3) for edge in _edges(box)]),
            F=PRINT if box else HIDDEN,
            Ff=0 if box else READ_ONLY,
            DA=String(f"/Helv {_size(field)} Tf 0 g"),
            P=page.obj,
        )
        if field.label:
            made.TU = String(field.label)
        if field.most:
            made.MaxLen = field.most
        widget = document.make_indirect(made)
        page.Annots.append(widget)
        yield widget


def _size(field: TextField) -> float:
    """None is said for a long field that is empty: its reader fits the letter to what is written."""
    if len(field.value) > FITS:
        return SMALL
    return 0 if field.most > FITS and not field.value else LETTER


def _edges(box: SignatureBox | None) -> tuple[float, float, float, float]:
    return (box.x1, box.y1, box.x2, box.y2) if box else (0, 0, 0, 0)
