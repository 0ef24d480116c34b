"""The QR of a document, its quiet zone of four modules inside, so that no template loses it.

Six dots per module: sharp on a screen and in print; drawn as lines, it would cost five times as much.
"""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET = 4  # modules
DOTS = 6  # per module


def qr(text: str) -> Markup:
    symbol = segno.make(text, error="m", boost_error=False, micro=False)
    return Markup('<img class="qr" alt="" src="{}">').format(symbol.png_data_uri(scale=DOTS, border=QUIET))
