"""What WeasyPrint's PDF/A-2b still lacks, mended before anything is signed, and the empty fields for signatures.

PDF/A forbids the empty /Pattern and /Shading dictionaries that the renderer leaves. Each gap of the template becomes an
empty signature field of 72 × 24 mm; a file issued with its fields can later be compared with what comes back signed.
The bytes depend on nothing but the input.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

MM = 72 / 25.4
STAMP_WIDTH, STAMP_HEIGHT = 72 * MM, 24 * MM
PRINT_AND_LOCKED = 132
GAP, FIELD = "hueco", "campo_"  # how the ids of a template's elements begin: for a signature, for a form's field


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Where a signature goes: page from 0, corners in points from the page's lower left."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float


def conforming(pdf: bytes, boxes: Mapping[str, SignatureBox]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) and "/Resources" in thing:
                _strip_empty(thing["/Resources"])
        if gaps := {name: box for name, box in boxes.items() if name.startswith(GAP)}:
            _add_fields(document, gaps)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _strip_empty(resources: pikepdf.Object) -> None:
    for key in ("/Pattern", "/Shading"):
        if key in resources and not len(resources[key]):
            del resources[key]


def _add_fields(document: Pdf, boxes: Mapping[str, SignatureBox]) -> None:
    fields = Array()
    for name, box in sorted(boxes.items()):
        page = document.pages[box.page]
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(name),
                F=PRINT_AND_LOCKED,
                Rect=Array([round(v, 3) for v in (box.x1, box.y1, box.x2, box.y2)]),
                P=page.obj,
                AP=Dictionary(N=_blank(document)),
            )
        )
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(field)
        fields.append(field)
    document.Root.AcroForm = Dictionary(Fields=fields, SigFlags=3)


def _blank(document: Pdf) -> pikepdf.Stream:
    blank = document.make_stream(b"")
    blank.Type, blank.Subtype = Name.XObject, Name.Form
    blank.BBox = Array([0, 0, round(STAMP_WIDTH, 3), round(STAMP_HEIGHT, 3)])
    blank.Resources = Dictionary()
    return blank
