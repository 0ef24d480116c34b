"""A number with its noun, in Spanish: «1 día hábil», «3 días hábiles». For who writes one where Babel is not at hand:
messages of the engine, documents and letters (``{{ dias|dias_habiles }}``).
"""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def business_days(number: int) -> str:
    return counted(number, "día hábil", "días hábiles")
