"""The people who asked for something during the demo's year: fictitious names put together, with identities that pass
their checksum. The same ones each time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_GIVEN = (
    "Ana Lucía", "Byron", "Carla Estefanía", "Darío", "Elvia", "Freddy Iván", "Génesis", "Héctor", "Íngrid", "Jhonny",
    "Karina", "Lenín", "Melany", "Nixon", "Ñusta", "Óscar", "Paola", "Quilla", "Ruth Noemí", "Segundo", "Tania",
    "Ulises", "Verónica", "Washington", "Ximena", "Yolanda", "Zoila Mercedes",
)  # fmt: skip
_FAMILY = (
    "Acurio", "Bustamante", "Cabezas", "Chiluiza", "D'Angelo", "de la Torre", "Espín", "Farinango", "Güemes", "Haro",
    "Intriago", "Jácome", "Lema", "Manobanda", "Ñáñez", "Oña", "Pilatuña", "Quishpe", "Remache", "Sagñay", "Toapanta",
    "Ugsha", "Vélez", "Yánez", "Zúñiga",
)  # fmt: skip
_CAREERS = (
    ("Ingeniería en Biotecnología", "Facultad de Ciencias e Ingeniería"),
    ("Licenciatura en Enfermería", "Facultad de Ciencias de la Salud"),
    ("Derecho", "Facultad de Ciencias Sociales, Educación Comercial y Derecho"),
    ("Educación Inicial", "Facultad de Educación"),
    ("Economía", "Facultad de Ciencias Sociales, Educación Comercial y Derecho"),
)


@dataclass(frozen=True)
class Neighbour:
    """One of the crowd."""

    username: str
    given: str
    family: str
    identity: str
    profile: str
    career: str
    faculty: str


def crowd(size: int = 40, seed: int = 27022024) -> tuple[Neighbour, ...]:
    dice = random.Random(seed)  # noqa: S311 - names for a demonstration
    found = []
    for n in range(size):
        career, faculty = dice.choice(_CAREERS)
        profile = (
            "externo"
            if n % 13 == 12
            else "administrativo"
            if n % 8 == 7
            else "graduado"
            if n % 3 == 2
            else "estudiante"
        )
        family = f"{dice.choice(_FAMILY)} {dice.choice(_FAMILY)}" if n % 9 else dice.choice(_FAMILY)
        identity = cedula(f"{dice.randint(1, 24):02d}{dice.randint(0, 5)}{dice.randint(0, 999_999):06d}")
        found.append(Neighbour(f"vecino{n + 1:02d}", dice.choice(_GIVEN), family, identity, profile, career, faculty))
    return tuple(found)


def cedula(nine: str) -> str:
    """Nine digits and the one that checks them: weights 2 and 1 by turns, modulo 10."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 - place % 2)
        total += product - 9 if product > 9 else product
    return f"{nine}{-total % 10}"
