"""What the articles ask of a docente's mail and it lacks: noted for the Departamento, never a reason to refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.inbound.received.facts import ActaFacts
from engine.mail.incoming import Incoming, ReceivedMail
from engine.storage.search import words
from engine.words import listed


def lacks(letter: Incoming, mail: ReceivedMail, facts: ActaFacts) -> Iterator[str]:
    """R-40: libro, folio and course in the text. R-41: a copy to each member of the tribunal."""
    said = words(f"{letter.subject} {letter.text}")
    acta = facts.acta
    missing = [
        name
        for name, there in (
            (f"el libro {acta.libro}", _has_number(said, "libro", acta.libro)),
            (f"el folio {acta.folio}", _has_number(said, "folio", acta.folio)),
            (f"el curso «{facts.mesa.curso}»", _has(said, words(facts.mesa.curso))),
        )
        if not there
    ]
    if missing:
        yield f"El texto del correo no nombra {listed(missing, 'ni')} (punto 3.2)."
    copied = {*mail.recipients.get("to", ()), *mail.recipients.get("cc", ())}
    away = [address for address in facts.tribunal if address not in copied and address != facts.docente]
    if away:
        yield f"El correo no lleva copia al tribunal: {', '.join(away)} (punto 3.2)."


def _has_number(said: list[str], name: str, number: int) -> bool:
    """«libro 12», «Libro Nº 0012», «folios 34, 35 y 36»: the name, and the number somewhere after it."""
    at = next((n for n, word in enumerate(said) if re.fullmatch(rf"{name}s?", word)), None)
    return at is not None and any(word.isdecimal() and int(word[:9]) == number for word in said[at + 1 :])


def _has(said: list[str], wanted: list[str]) -> bool:
    return f" {' '.join(wanted)} " in f" {' '.join(said)} "
