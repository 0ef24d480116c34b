"""A grade in letters, as actas carry it: 7 → «siete», 7,5 → «siete con cinco», 10 → «diez».

Called by the renderer for numbers whose owner asks for letters (custom property ``letras``).
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["in_words"]

_SMALL = (
    *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    *("diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve"),
    *("veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro"),
    *("veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve"),
)
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")


def in_words(value: int | float) -> str:
    """From 0 to 100, up to two decimals; empty for anything else."""
    exact = Decimal(str(value))
    if not 0 <= exact <= 100 or exact != round(exact, 2):
        return ""
    whole, _, rest = f"{exact.normalize():f}".partition(".")
    return _whole(int(whole)) + (f" con {_decimals(rest)}" if rest else "")


def _whole(number: int) -> str:
    if number == 100:
        return "cien"
    if number < 30:
        return _SMALL[number]
    tens, units = divmod(number, 10)
    return _TENS[tens] + (f" y {_SMALL[units]}" if units else "")


def _decimals(digits: str) -> str:
    return f"cero {_SMALL[int(digits)]}" if digits.startswith("0") else _whole(int(digits))
