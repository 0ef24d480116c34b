"""Spanish where Babel is not at hand, in messages of the engine, documents and letters: a number with its noun («1 día
hábil», «3 días hábiles»; ``{{ dias|dias_habiles }}``), a day («1 de marzo de 2026»), names in
a row («uno, dos y tres»).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def business_days(number: int) -> str:
    return counted(number, "día hábil", "días hábiles")


def long_day(day: date) -> str:
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def listed(names: Sequence[str], joiner: str = "y") -> str:
    """«uno», «uno y otro», «uno, otro y un tercero»."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joiner} {names[-1]}"
