"""The scales of grades that institutions use: from where to where, with how many decimals, and what passes (R-37).

A mesa keeps the code of its scale. ``absent`` stands beside the scale: «ausente» is no grade.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from engine.actas.examen.letras import folded, in_letters, same_letters, ways_to_say
from engine.actas.examen.written import plain
from engine.errors import InvalidAnswers

ABSENT = "ausente"
PASSED, FAILED = "aprobado", "desaprobado"
_NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\Z", re.ASCII)


class NotAGrade(InvalidAnswers):
    """What was written is no grade of the scale; ``message`` says what it may be."""

    code = "not_a_grade"

    def __init__(self, message: str) -> None:
        super().__init__({"nota": message}, message)


@dataclass(frozen=True, slots=True)
class Escala:
    code: str
    name: str
    least: int
    most: int
    decimals: int  # 0, 1 or 2
    passes: Decimal  # the least grade that passes

    def read(self, written: str) -> Decimal:
        """«8», «8,5», «8.50». Raises NotAGrade."""
        found = _NUMBER.match(plain(written))
        if found is None:
            raise NotAGrade(f"La calificación es un número {self.range}{self._precision}, o «ausente».")
        fraction = (found[2] or "").rstrip("0")
        if len(fraction) > self.decimals:
            raise NotAGrade(f"La calificación va {self.range}{self._precision}.")
        grade = Decimal(f"{found[1]}.{fraction or 0}")
        if not self.least <= grade <= self.most:
            raise NotAGrade(f"La calificación va {self.range}.")
        return grade.normalize() if fraction else Decimal(int(grade))

    def stored(self, grade: Decimal) -> str:
        """ "8" or "8.5": how the database and the exchange files hold it."""
        return format(grade.normalize(), "f")

    def printed(self, stored: str) -> str:
        """ "8.5" as the acta prints it: «8», «8,50»."""
        grade = Decimal(stored)
        return str(int(grade)) if grade == int(grade) else f"{grade:.2f}".replace(".", ",")

    def letters(self, grade: Decimal) -> str:
        return in_letters(grade)

    def agrees(self, grade: Decimal, letters: str) -> bool:
        """Whether the letters say the number (R-38)."""
        return same_letters(grade, plain(letters))

    def ways(self, grade: Decimal) -> list[str]:
        """Every wording that says it."""
        return ways_to_say(grade)

    def condition(self, stored: str | None) -> str:
        if stored is None:
            return ABSENT
        return PASSED if Decimal(stored) >= self.passes else FAILED

    @property
    def range(self) -> str:
        return f"de {self.least} a {self.most}"

    @property
    def _precision(self) -> str:
        if not self.decimals:
            return ", sin decimales"
        return f", con {self.decimals} decimales a lo sumo" if self.decimals > 1 else ", con un decimal a lo sumo"


ESCALAS = {
    one.code: one
    for one in (
        Escala("uns", "De 0 a 10", 0, 10, 0, Decimal(4)),
        Escala("uns_decimal", "De 0 a 10, con decimales", 0, 10, 2, Decimal(4)),
        Escala("unemi", "De 0 a 100", 0, 100, 2, Decimal(70)),
    )
}


def escala(code: str) -> Escala:
    """Raises InvalidAnswers under ``escala``."""
    if code not in ESCALAS:
        known = ", ".join(sorted(ESCALAS))
        raise InvalidAnswers({"escala": f"No hay una escala de calificación «{code[:40]}»: use una de {known}."})
    return ESCALAS[code]


def says_absent(written: str) -> bool:
    """«Ausente», «AUSENTE.», «a»: what people write in the column of the grade."""
    return folded(plain(written)) in ("a", "aus", ABSENT)
