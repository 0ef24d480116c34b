"""Where a request comes from, when an organism asks by letter (C-10): its name, its reference, the letter's date.

Read at the desk and in the import of requests; kept on the case as one line that lists, letters and search can show.
``start_case`` asks for it whatever the door: what Secretaría files for an outsider says which organism asks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.cases.ports import Person
from engine.definitions import Definition
from engine.errors import InvalidAnswers

NAMELESS: Final = "Escriba el nombre del organismo que lo pide."
NUMBERLESS: Final = "Escriba el número del oficio de esa fecha, como CES-SG-2026-0123-O."
NO_DAY: Final = "Escriba la fecha del oficio, como 2026-11-12."
NOT_YET: Final = "El oficio no puede ser de una fecha que no llegó."
LONGEST = {"organism": 90, "reference": 40, "contact": 45}  # characters; together they fit case.origin


@dataclass(frozen=True, slots=True)
class Origin:
    organism: str
    reference: str = ""
    day: date | None = None
    contact: str = ""

    def __str__(self) -> str:
        """«Consejo de Educación Superior, oficio CES-SG-2026-0123-O del 12/11/2026 (Ana Güemes)»"""
        letter = f", oficio {self.reference}" if self.reference else ""
        day = f" del {self.day:%d/%m/%Y}" if self.day else ""
        return f"{self.organism}{letter}{day}{f' ({self.contact})' if self.contact else ''}"


def read_origin(typed: Mapping[str, str], today: date, *, required: bool) -> Origin | None:
    """``typed``: organism, reference, day (ISO) and contact. None when nothing is said and nothing has to be.

    Raises InvalidAnswers with every field that is wrong."""
    text = {name: " ".join(unicodedata.normalize("NFC", typed.get(name, "")).split()) for name in (*LONGEST, "day")}
    if not any(text.values()) and not required:
        return None
    errors = {
        name: f"Escriba {longest} caracteres como máximo, sin signos de control."
        for name, longest in LONGEST.items()
        if len(text[name]) > longest or any(unicodedata.category(letter) in ("Cc", "Cf") for letter in text[name])
    }
    if not text["organism"]:
        errors["organism"] = NAMELESS
    day = _day(text["day"], today, errors)
    if day and not text["reference"]:
        errors["reference"] = NUMBERLESS
    if errors:
        raise InvalidAnswers(errors)
    return Origin(text["organism"], text["reference"], day, text["contact"])


def needs_origin(definition: Definition, requester: Person | None) -> bool:
    """Of the services of the Carta, what an outsider asks for; a complaint, one makes in one's own name."""
    return requester is not None and requester.profile == "externo" and bool(definition.manifest.process.service)


def require_origin(definition: Definition, requester: Person | None, origin: str | None, *, at_desk: bool) -> None:
    """Raises InvalidAnswers. Who files for themselves is asked for none."""
    if at_desk and needs_origin(definition, requester) and not (origin or "").strip():
        raise InvalidAnswers({"origin": NAMELESS})


def _day(text: str, today: date, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["day"] = NO_DAY
        return None
    if day > today:
        errors["day"] = NOT_YET
    return day
