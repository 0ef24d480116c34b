"""Does a copy of an acta still say what is so: of which original, which pages, as its facts tell (C-27).

A reservation may be made or lifted while a copy is on its way. Asked before it is signed and before it is delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.actas.acta import SELECT, ActaSesion, open_pages, reservation_on, reserved_words
from engine.actas.pages import ranges_of, written_ranges
from engine.storage.tables import acta_sesion

ORIGINAL = "SHA-256 del original"
PAGES = "Páginas copiadas"
RESERVED = "Reservado del acta"  # of what is taken from an acta and is no copy of its pages


@dataclass(frozen=True, slots=True)
class Standing:
    """``holds``: made today, the copy would carry the same pages. ``reserved``: none | partial | whole, today."""

    acta: ActaSesion
    reserved: str
    holds: bool
    change: str  # what is different, for who prepares the copy; empty when it holds


def copy_facts(acta: ActaSesion, day: date) -> list[tuple[str, str]]:
    """What a copy made on that day says of itself to whoever verifies it."""
    return [("Original", acta.name), (PAGES, _pages(acta, day)), (ORIGINAL, acta.sha256)]


def standing_of(conn: Connection, facts: Sequence[Sequence[str]], day: date) -> Standing | None:
    """None: the document is taken from no acta of the register. One that says neither its pages nor what was reserved
    holds while something of the acta may be copied."""
    told = {pair[0]: pair[1] for pair in facts}
    if ORIGINAL not in told:
        return None
    query = SELECT.where(acta_sesion.c.sha256 == told[ORIGINAL]).order_by(acta_sesion.c.imported_at).limit(1)
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    acta = ActaSesion(*row)
    reserved = reservation_on(acta, day)
    now = {PAGES: _pages(acta, day), RESERVED: reserved_words(acta, day) or "nada"}
    holds = reserved != "whole" and all(told.get(name, today) == today for name, today in now.items())
    return Standing(acta, reserved, holds, "" if holds else _change(acta, reserved, day))


def _pages(acta: ActaSesion, day: date) -> str:
    """«1 y 3 a 5, de 5»"""
    return f"{written_ranges(ranges_of(open_pages(acta, day))) or 'ninguna'}, de {acta.pages}"


def _change(acta: ActaSesion, reserved: str, day: date) -> str:
    since = "después de componer este documento"
    if reserved == "whole":
        return f"El acta {acta.reference} se reservó entera {since}."
    now = f"ahora se reserva: {reserved_words(acta, day)}" if reserved == "partial" else "ya no se reserva nada"
    return f"La reserva del acta {acta.reference} cambió {since}: {now}."
