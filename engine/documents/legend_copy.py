"""The printed copy of a document (R-52): its own pages, each with a legend at its foot, on A4.

Called by ``print_copy``. A page is drawn whole, with the stamp of its signature, a little smaller, so that the legend
has its own place and covers nothing. It is paper: it claims to be neither the signed file nor PDF/A. Same input, same
bytes.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Rectangle

from engine.documents.certified_copy import UnreadableOriginal

A4 = (595.276, 841.89)  # points
STRIP_HEIGHT = 56.0  # points, as forms/_comunes/tira_leyenda.css
_SHOWN_BOXES = ("/TrimBox", "/BleedBox", "/ArtBox")  # a screen shows the crop box


def pages_of(original: bytes) -> int:
    """Raises UnreadableOriginal."""
    try:
        with pikepdf.open(io.BytesIO(original), attempt_recovery=False, suppress_warnings=True) as source:
            return len(source.pages)
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise UnreadableOriginal("el PDF no se puede leer") from error


def with_legend(original: bytes, strips: bytes) -> bytes:
    """``strips`` has a page for each of the original. Raises UnreadableOriginal."""
    made, out = pikepdf.new(), io.BytesIO()
    try:
        with (
            pikepdf.open(io.BytesIO(original), attempt_recovery=False, suppress_warnings=True) as source,
            pikepdf.open(io.BytesIO(strips)) as feet,
        ):
            if "/AcroForm" in source.Root:
                source.generate_appearance_streams()
            source.flatten_annotations("all")
            for page, foot in zip(source.pages, feet.pages, strict=True):
                _add_page(made, page, foot)
            if "/OCProperties" in source.Root:  # layers: what is hidden stays hidden
                made.Root.OCProperties = made.copy_foreign(source.make_indirect(source.Root.OCProperties))
            made.save(out, deterministic_id=True)
    except (pikepdf.PdfError, IndexError, ValueError, RuntimeError) as error:
        raise UnreadableOriginal("el PDF no se puede leer") from error
    return out.getvalue()


def _add_page(made: Pdf, page: Page, foot: Page) -> None:
    for box in _SHOWN_BOXES:
        if box in page:
            del page[box]
    sheet = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *A4]), Resources=Dictionary())
    placed = Page(made.make_indirect(sheet))
    drawn = b""
    for one, name, rectangle in (
        (page, "/Pagina", Rectangle(0, STRIP_HEIGHT, *A4)),
        (foot, "/Leyenda", Rectangle(0, 0, A4[0], STRIP_HEIGHT)),
    ):
        content = made.copy_foreign(one.as_form_xobject())
        placed.add_resource(content, Name.XObject, Name(name))
        drawn += placed.calc_form_xobject_placement(
            content, Name(name), rectangle, invert_transformations=False, allow_shrink=True, allow_expand=True
        )
    placed.obj.Contents = made.make_stream(drawn)
    made.pages.append(placed)
