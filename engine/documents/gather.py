"""Several PDFs in one, to be printed: a cover and the documents in their order, each beginning on the front of a sheet
when printed on both sides. A signature's stamp is drawn into its page: this is a paper copy, not a signed file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack

import pikepdf

from engine.documents.errors import UploadRefused

MOST_PAGES = 2_000


def count_pages(pdf: bytes) -> int:
    """Raises UploadRefused for what cannot be printed."""
    with _open(pdf) as document:
        return len(document.pages)


def gather(parts: Sequence[bytes], *, both_sides: bool) -> bytes:
    """Raises UploadRefused when one of them cannot be printed or all of them are too many pages."""
    made, out = pikepdf.new(), io.BytesIO()
    with ExitStack() as sources:  # open until what was taken from them is saved
        for part in parts:
            document = sources.enter_context(_open(part))
            document.flatten_annotations("print")
            made.pages.extend(document.pages)
            if both_sides and len(document.pages) % 2:
                box = document.pages[-1].mediabox
                made.add_blank_page(page_size=(float(box[2]) - float(box[0]), float(box[3]) - float(box[1])))
            if len(made.pages) > MOST_PAGES:
                raise UploadRefused(f"Son más de {MOST_PAGES} páginas. Imprima menos documentos por vez.")
        made.save(out, deterministic_id=True)
    return out.getvalue()


def _open(pdf: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise UploadRefused("El documento no es un PDF que se pueda imprimir.", cause=type(error).__name__) from error
