"""The Carta as it was printed, line by line, and an edition laid out in the same way, to compare the two."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from engine.carta import Edition
from engine.carta.edition import CATALOGUE_COLUMNS, HISTORY_COLUMNS, Attribution, Management
from engine.carta.seed import read_seed
from engine.config import Config

PRINTED = Path(__file__).resolve().parents[1] / "fixtures" / "carta" / "impresa.txt"


def first_edition() -> Edition:
    edition = read_seed(Config())
    assert edition is not None
    return edition


def printed_lines() -> list[str]:
    return PRINTED.read_text(encoding="utf-8").splitlines()


def lines(edition: Edition) -> Iterator[str]:
    """In the order of the page, from the first section to the last signature."""
    titles = [f"{n}. {title}" for n, title in enumerate(edition.sections, 1)]
    yield from (titles[0], edition.mission, titles[1], edition.responsible.text, titles[2], edition.attributions_intro)
    for one in edition.attributions:
        yield from _attribution(one)
    yield titles[3]
    for management in edition.managements:
        yield from _management(management)
    yield from (titles[4], *edition.norms, titles[5], *HISTORY_COLUMNS)
    for change in edition.history:
        yield from (change.edition, f"{change.date:%d/%m/%Y}", change.changes)
    yield titles[6]
    for group in edition.indicators:
        yield from (group.title, *(f"- {one.text}" for one in group.indicators))
    yield titles[7]
    for office, signatures in groupby(edition.signatures, key=lambda one: one.office):
        yield office
        yield from (f"{one.act}: {one.name} {one.title}" for one in signatures)


def _attribution(one: Attribution) -> Iterator[str]:
    yield " ".join([f"- {one.letter}. {one.text}", *(f"{inner.letter}. {inner.text}" for inner in one.within)])
    for inner in one.items:
        yield from _attribution(inner)


def _management(management: Management) -> Iterator[str]:
    yield f"{management.letter}. {management.title}"
    yield f"{management.intro} {management.profile}:"
    yield from CATALOGUE_COLUMNS
    for service in management.services:
        yield from (f"{service.number}. {service.name}", service.description)
        for n, product in enumerate(service.products):
            yield from (product.name, product.term)
            if n == 0:
                yield service.responsible
