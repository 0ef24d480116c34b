"""Join a certification page and the pages that it certifies into one PDF. Called by the operation ``certify_copy``.

A page of the original keeps its size, its place and its content: it is drawn whole on a taller page, and the strip with
the code goes in the space that was added below, never over it. What a reader sees besides the content (stamps, filled
fields) is drawn with it; scripts, links and attachments stay behind. Of a page that is left out nothing comes along,
not even unseen. The result says that it is PDF/A only when the original says so of itself: an unknown page cannot be
promised.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Rectangle

from engine.documents.used_resources import keep_used

STRIP_HEIGHT = 84.0  # points, as _base/tira_copia.css
STRIP_WIDTH = 595.276
_SHOWN_BOXES = ("/TrimBox", "/BleedBox", "/ArtBox")  # a screen shows the crop box


class UnreadableOriginal(Exception):
    """The original cannot be read; ``args[0]`` says why, for whoever mends it."""


def join_copy(cover: bytes, strips: bytes, original: bytes, pages: Sequence[int]) -> bytes:
    """``pages``: which of the original, from 1, in order; ``strips`` has a page for each. Same input, same bytes.

    Raises UnreadableOriginal.
    """
    try:
        with pikepdf.open(io.BytesIO(original), attempt_recovery=False, suppress_warnings=True) as source:
            return _join(cover, strips, source, pages)
    except (pikepdf.PdfError, IndexError, ValueError, RuntimeError) as error:
        raise UnreadableOriginal("el PDF no se puede leer") from error


def _join(cover: bytes, strips: bytes, source: Pdf, pages: Sequence[int]) -> bytes:
    promised = _says_pdfa(source)
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    if len(set(pages)) < len(source.pages):
        keep_used([source.pages[number - 1] for number in pages])
    with pikepdf.open(io.BytesIO(cover)) as made, pikepdf.open(io.BytesIO(strips)) as feet:
        for number, foot in zip(pages, feet.pages, strict=True):
            _add_page(made, source.pages[number - 1], foot)
        if "/OCProperties" in source.Root:  # layers: what is hidden stays hidden
            made.Root.OCProperties = made.copy_foreign(source.make_indirect(source.Root.OCProperties))
        if not promised:
            _promise_nothing(made)
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
    return out.getvalue()


def _add_page(made: Pdf, page: Page, foot: Page) -> None:
    for box in _SHOWN_BOXES:
        if box in page:
            del page[box]
    width, height = _seen_size(page)
    content = made.copy_foreign(page.as_form_xobject())
    strip = made.copy_foreign(foot.as_form_xobject())
    below = float(round(STRIP_HEIGHT * min(1.0, width / STRIP_WIDTH)))  # whole points: the page keeps its raster
    scale = below / STRIP_HEIGHT
    placed = Page(
        made.make_indirect(
            Dictionary(Type=Name.Page, MediaBox=Array([0, 0, width, height + below]), Resources=Dictionary())
        )
    )
    boxes = [
        (content, "/Pagina", Rectangle(0, below, width, height + below)),
        (strip, "/Tira", Rectangle(0, 0, STRIP_WIDTH * scale, below)),
    ]
    drawn = b""
    for form, name, rectangle in boxes:
        placed.add_resource(form, Name.XObject, Name(name))
        drawn += placed.calc_form_xobject_placement(
            form, Name(name), rectangle, invert_transformations=False, allow_shrink=True, allow_expand=True
        )
    placed.obj.Contents = made.make_stream(drawn)
    made.pages.append(placed)


def _seen_size(page: Page) -> tuple[float, float]:
    """Width and height as a reader sees them: cropped, turned and in its own unit."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    return (height, width) if page.rotation % 180 else (width, height)


def _says_pdfa(source: Pdf) -> bool:
    """Declares PDF/A-1 or 2 and means screen colours, as our page does."""
    with source.open_metadata(set_pikepdf_as_editor=False) as metadata:
        if metadata.pdfa_status[:1] not in ("1", "2"):
            return False
    intents = source.Root.get("/OutputIntents", Array())
    return all(int(one.DestOutputProfile.get("/N", 0)) == 3 for one in intents if "/DestOutputProfile" in one)


def _promise_nothing(made: Pdf) -> None:
    with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for key in ("pdfaid:part", "pdfaid:conformance"):
            if key in metadata:
                del metadata[key]
