"""What differs between a page and its reference: lines of text that went and came, and where the ink is not the same.

Runs in the child only.
"""

from __future__ import annotations

import difflib
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from engine.brought.limits import PDF
from engine.brought.picture import draw_page, png

Brought = tuple[bytes, str]  # bytes, media type
MAX_LINES = 60
MAX_LETTERS = 300
NOTICED = 48  # of 255: less is how two programmes smooth the same letter
SWELL = 9  # dots around a difference that are marked with it
MARK = (214, 60, 20)


def compare(submitted: Brought, reference: Brought, page: int, width: int) -> dict[str, Any]:
    """``page`` from 0, of both; what one lacks counts as blank. ``share``: of the page's dots, those that differ."""
    removed, added = _lines(_text(*reference, page), _text(*submitted, page))
    share, drawn = _ink(_drawn(*submitted, page, width), _drawn(*reference, page, width))
    return {"removed": removed, "added": added, "share": share, "png": png(drawn)}


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _tidy(before), _tidy(after)
    removed: list[str] = []
    added: list[str] = []
    for line in difflib.unified_diff(old, new, lineterm="", n=0):
        if line.startswith(("---", "+++", "@@")):
            continue
        (removed if line[0] == "-" else added).append(line[1:])
    return removed[:MAX_LINES], added[:MAX_LINES]


def _tidy(text: str) -> list[str]:
    return [" ".join(line.split())[:MAX_LETTERS] for line in text.splitlines() if line.strip()][:2_000]


def _text(data: bytes, media_type: str, page: int) -> str:
    if media_type != PDF:
        return ""
    with pypdfium2.PdfDocument(data) as document:
        return str(document[page].get_textpage().get_text_bounded()) if page < len(document) else ""


def _drawn(data: bytes, media_type: str, page: int, width: int) -> Image.Image | None:
    try:
        return draw_page(data, media_type, page, width)
    except IndexError:
        return None


def _ink(submitted: Image.Image | None, reference: Image.Image | None) -> tuple[float, Image.Image]:
    either = submitted or reference
    if either is None:
        raise IndexError
    blank = Image.new("RGB", either.size, "white")
    shown, other = submitted or blank, reference or blank
    if other.size != shown.size:
        other = other.resize(shown.size, Image.Resampling.LANCZOS)
    differs = ImageChops.difference(shown.convert("L"), other.convert("L")).point(lambda v: 255 if v > NOTICED else 0)
    share = differs.histogram()[255] / (shown.width * shown.height)
    marked = differs.filter(ImageFilter.MaxFilter(SWELL))
    pale = Image.blend(shown, Image.new("RGB", shown.size, "white"), 0.55)
    tint = Image.blend(shown, Image.new("RGB", shown.size, MARK), 0.5)
    return round(share, 6), Image.composite(tint, pale, marked)
