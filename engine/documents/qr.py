"""The QR of a document: one pixel per module, its quiet zone of four modules inside, so that no template loses it."""

from __future__ import annotations

import segno
from markupsafe import Markup, escape


def qr_data_uri(text: str) -> str:
    symbol = segno.make(text, error="m", boost_error=False, micro=False)
    return symbol.png_data_uri(scale=1, border=4)


def qr(text: str) -> Markup:
    """An <img>; the class keeps it crisp, without which the image is interpolated and the file no PDF/A."""
    return Markup('<img class="qr" alt="" src="{}">').format(escape(qr_data_uri(text)))
