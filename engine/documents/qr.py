"""The QR of a document, its quiet zone of four modules inside, so that no template loses it.

In a document it is an image of six dots per module: sharp on a screen and in print, at a fifth of the cost of lines.
On a page it is drawn, so that it takes the page's colours.
"""

from __future__ import annotations

from itertools import groupby

import segno
from markupsafe import Markup

QUIET = 4  # modules
DOTS = 6  # per module


def qr(text: str) -> Markup:
    """For a document: an <img>."""
    return Markup('<img class="qr" alt="" src="{}">').format(_symbol(text).png_data_uri(scale=DOTS, border=QUIET))


def qr_svg(text: str) -> Markup:
    """For a page: an <svg> of one path, a rectangle per run of dark modules."""
    rows = list(_symbol(text).matrix)
    side = len(rows) + 2 * QUIET
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(rows, QUIET) for x, width in _runs(row))
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" aria-hidden="true" shape-rendering="crispEdges">'
        '<path d="{path}"/></svg>'
    ).format(side=side, path=path)


def _symbol(text: str) -> segno.QRCode:
    return segno.make(text, error="m", boost_error=False, micro=False)


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Where each run of dark modules begins, and how long it is."""
    runs, x = [], QUIET
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            runs.append((x, width))
        x += width
    return runs
