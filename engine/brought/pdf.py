"""What is in a PDF that somebody brings: pages, text, and whatever would act by itself when it is opened.

Runs in the child only. The bytes of a sealed file are kept as they came, so what is dangerous in them
cannot be taken out: it is named, and the file refused.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from engine.brought.limits import MAX_OBJECTS, MAX_PAGES, MAX_SIDE, MAX_TEXT, MIN_SIDE

_ACTS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/ImportData": "form_data",
    "/SubmitForm": "form_data",
    "/GoToE": "attachment",
    "/GoToR": "other_file",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
}
_HOLDS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/XFA": "xfa",
    "/EF": "attachment",
    "/EmbeddedFiles": "attachment",
    "/RichMediaContent": "media",
    "/3DD": "media",
}


def look_at_pdf(data: bytes) -> dict[str, Any]:
    """``trouble``: why the file cannot be taken, as a word that ``files`` explains; else its pages and their text."""
    trouble, active, pages = _structure(data)
    if trouble:
        return {"trouble": trouble, "pages": pages, "active": active, "texts": []}
    texts = page_texts(data)
    if len(texts) != pages:
        return {"trouble": "damaged", "pages": pages, "active": active, "texts": []}
    return {"trouble": "active" if active else None, "pages": pages, "active": active, "texts": texts}


def rebuilt_pdf(data: bytes) -> bytes:
    """The same pages in a file whose structure follows the norm. Raises ValueError when it would break signatures."""
    if b"/ByteRange" in data:
        raise ValueError("signed")
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()


def page_texts(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [_text(document, number) for number in range(min(len(document), MAX_PAGES))]


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        return str(page.get_textpage().get_text_bounded())[:MAX_TEXT]
    finally:
        page.close()


def _structure(data: bytes) -> tuple[str | None, list[str], int]:
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                return "encrypted", [], 0
            if len(document.objects) > MAX_OBJECTS:
                return "complex", [], 0
            pages = len(document.pages)
            if not 0 < pages <= MAX_PAGES:
                return ("pages" if pages else "damaged"), [], pages
            if any(_odd_size(page) for page in document.pages):
                return "page_size", [], pages
            return None, sorted(set(_active(document))), pages
    except pikepdf.PasswordError:
        return "encrypted", [], 0
    except pikepdf.PdfError:
        return "damaged", [], 0


def _odd_size(page: pikepdf.Page) -> bool:
    x1, y1, x2, y2 = (float(v) for v in page.mediabox)
    return not all(MIN_SIDE <= side <= MAX_SIDE for side in (abs(x2 - x1), abs(y2 - y1)))


def _active(document: pikepdf.Pdf) -> Iterator[str]:
    """Every object of the file, those inside object streams too; direct ones by walking down from them."""
    for thing in document.objects:
        yield from _walk(thing, 0)


def _walk(thing: Any, depth: int) -> Iterator[str]:
    if depth > 30:
        return
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict if hasattr(thing, "stream_dict") else thing
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        act = thing.get("/S")
        if isinstance(act, pikepdf.Name) and str(act) in _ACTS:
            yield _ACTS[str(act)]
        if thing.get("/Type") == pikepdf.Name.EmbeddedFile:
            yield "attachment"
        for key, value in thing.items():
            if key in _HOLDS and value is not None:
                yield _HOLDS[key]
            yield from _direct(value, depth)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            yield from _direct(value, depth)


def _direct(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        yield from _walk(value, depth + 1)
