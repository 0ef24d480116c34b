"""What people write in a cell, made plain before it is read: by web, by mail or by hand, the same is read of the same.

Spaces of every kind are one space, signs that nobody sees are none, full-width letters and figures are the usual ones.
Nothing else is changed: «7²» is no 72.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import date as Day
from datetime import datetime

_USUAL = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}  # ！ … ～
_DAYS = ("%d/%m/%y", "%d/%m/%Y", "%Y/%m/%d")


def plain(written: str) -> str:
    seen = (sign for sign in written.translate(_USUAL) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(seen).split())


def read_day(written: str) -> Day | None:
    """15/04/26, 15-4-2026, 15.04.2026, 2026-04-15; none when it is no day."""
    text = plain(written).replace("-", "/").replace(".", "/")
    for form in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no timezone
    return None
