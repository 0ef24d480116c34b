"""The QR of a document, drawn: crisp on any screen and printer, its quiet zone of four modules inside."""

from __future__ import annotations

from itertools import groupby

import segno
from markupsafe import Markup

QUIET = 4  # modules
OVERLAP = 0.04  # of a module, so that no reader shows a seam between rows


def qr(text: str) -> Markup:
    """An <svg> of one path: a rectangle per run of dark modules."""
    rows = list(segno.make(text, error="m", boost_error=False, micro=False).matrix)
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x} {y}h{width}v{1 + OVERLAP}h-{width}z" for y, row in enumerate(rows, QUIET) for x, width in _runs(row)
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" width="{side}" height="{side}"><path d="{path}"/></svg>'
    ).format(side=side, path=path)


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Where each run of dark modules begins, and how long it is."""
    runs, x = [], QUIET
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            runs.append((x, width))
        x += width
    return runs
