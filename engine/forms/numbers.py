"""Numbers as people write and read them here: a comma for the decimals.

Called by ``clean`` (reading) and by ``describe`` and the renderer (showing).
"""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["read_number", "show_number"]

_SHAPE = re.compile(r"[-+−]?(?:[0-9]{1,15}|[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3}){1,4})(?:,[0-9]{1,10})?")
_POINT = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,10}")


def read_number(text: str) -> int | float | None:
    """«7,5», «7.5», «1.200,50» or «1 200»; None when it is not a number. A point followed by exactly three digits is
    read as decimals only when no other reading is possible: «1.200» is one thousand two hundred."""
    text = text.strip()
    if _SHAPE.fullmatch(text):
        plain = re.sub(r"[. \u00a0\u202f]", "", text).replace(",", ".").replace("−", "-")
    elif _POINT.fullmatch(text):
        plain = text
    else:
        return None
    value = Decimal(plain)
    return int(value) if value == value.to_integral_value() else float(value)


def show_number(value: int | float, digits: int | None = None) -> str:
    """With a comma, without grouping (identifiers and grades read badly with it); ``digits`` decimals when given."""
    if isinstance(value, float) and value.is_integer() and not digits:
        value = int(value)
    text = (
        f"{value:.{digits}f}"
        if digits is not None and digits > 0
        else str(Decimal(str(value)).normalize().__format__("f"))
    )
    return text.replace(".", ",")
