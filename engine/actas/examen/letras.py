"""Grades in letters, in Spanish, and back (R-37, R-38): «7 (siete)», «8,50 (ocho con cincuenta)».

Called by the scale when a docente's statement is checked and when letters are filled in. Words are compared without
accents, capitals and punctuation. A value has one written form and several that are read: people write «ocho coma
cinco» and «ocho con cincuenta centésimos».
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_ONES = [
    *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    *("trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno"),
    *("veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho"),
    "veintinueve",
]
_TENS = {3: "treinta", 4: "cuarenta", 5: "cincuenta", 6: "sesenta", 7: "setenta", 8: "ochenta", 9: "noventa"}
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def whole_in_letters(number: int) -> str:
    """0 … 100."""
    if number < 30:
        return _ONES[number]
    if number == 100:
        return "cien"
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} y {_ONES[ones]}" if ones else _TENS[tens]


def in_letters(grade: Decimal) -> str:
    """«ocho», «ocho con cincuenta», «ocho con cero cinco»: decimals are hundredths."""
    whole, cents = divmod(int(grade.scaleb(2)), 100)
    if not cents:
        return whole_in_letters(whole)
    return f"{whole_in_letters(whole)} con {'cero ' if cents < 10 else ''}{whole_in_letters(cents)}"


def same_letters(grade: Decimal, written: str) -> bool:
    """Whether ``written`` says ``grade`` in one of the ways that people do; «siete (7)» too, but no other number."""
    if any(Decimal(number.replace(",", ".")) != grade for number in _NUMBER.findall(written)):
        return False
    plain = folded(_NUMBER.sub(" ", written))
    return any(folded(way) == plain for way in _ways(grade))


def ways_to_say(grade: Decimal) -> list[str]:
    """Every wording that is read as ``grade``."""
    return list(_ways(grade))


def folded(text: str) -> str:
    """Words and numbers without accents, capitals or punctuation, one space between them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(one for one in decomposed if not unicodedata.combining(one))))


def _ways(grade: Decimal) -> Iterator[str]:
    whole, cents = divmod(int(grade.scaleb(2)), 100)
    said = whole_in_letters(whole)
    if whole == 1:
        yield from (f"un{rest}" for rest in _fractions(cents))
    yield from (said + rest for rest in _fractions(cents))


def _fractions(cents: int) -> Iterator[str]:
    if not cents:
        yield from ("", " con cero", " con cero cero", " coma cero", " con cero centésimos")
        return
    tenths, rest = divmod(cents, 10)
    zero = "cero " if cents < 10 else ""
    for joint in ("con", "coma", "punto"):
        yield f" {joint} {zero}{whole_in_letters(cents)}"
        if not rest:
            yield f" {joint} {whole_in_letters(tenths)}"
    yield f" con {'un' if cents == 1 else whole_in_letters(cents)} centésimo{'' if cents == 1 else 's'}"
    if not rest:
        yield f" con {'una' if tenths == 1 else whole_in_letters(tenths)} décima{'' if tenths == 1 else 's'}"
    if cents == 50:
        yield " y medio"
