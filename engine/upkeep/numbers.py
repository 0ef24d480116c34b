"""After a restore: the numbers of cases, of the register of certificates and of batches that were given since the
backup was made are not known here, and none may be given twice. Called by ``cartulario restore`` and, for what was seen
later, by ``cartulario skip-numbers``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.errors import InvalidAnswers
from engine.storage.tables import numbering
from engine.storage.unit_of_work import Database

PASSED = 1_000  # numbers of each series that are passed over, at least: more than it gives between two backups
MOST = 1_000_000  # beyond, what somebody saw is taken for a slip of the pen
_NUMBER = re.compile(r"([A-Z][A-Z0-9]{0,19})-(\d{4})-(\d{6,9})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is passed over in a series of one year: never given to anything from now on."""

    series: str
    year: int
    last: int  # known here; 0: none
    next: int
    doubted: int = 0  # a number that somebody saw, too far away to be believed: left out


def read_number(text: str) -> tuple[str, int, int] | None:
    """Series, year and number of «SG-2026-000318»; none when it is no number."""
    found = _NUMBER.match(text.strip().upper())
    return (found[1], int(found[2]), int(found[3])) if found else None


def skip_numbers(database: Database, year: int, known: Sequence[str] = (), *, alone: bool = False) -> list[Skipped]:
    """Every series that the backup knows goes on in ``year``, the current one, from a round number well beyond its
    last. ``known``: the newest numbers that somebody saw since, where those are more; one that is too far
    away is left out and named; ``alone``: nothing but their series. Raises InvalidAnswers (it is no number)."""
    seen = _seen(known)
    with database.write() as conn:
        rows = conn.execute(sa.select(numbering).with_for_update()).all()
        given = {(row.series, row.year): row.next - 1 for row in rows}
        wanted = set(seen) if alone else {(row.series, year) for row in rows} | set(seen)
        made = []
        for series, of in sorted(wanted):
            last, said = given.get((series, of), 0), seen.get((series, of), 0)
            doubted = said if said > last + MOST else 0
            beyond = max(last, said) if not doubted else last
            skipped = Skipped(series, of, last, (beyond // PASSED + 2) * PASSED + 1, doubted)
            here = sa.and_(numbering.c.series == series, numbering.c.year == of)
            if (series, of) in given:
                conn.execute(numbering.update().where(here).values(next=skipped.next))
            else:
                conn.execute(numbering.insert().values(series=series, year=of, next=skipped.next))
            made.append(skipped)
    return made


def _seen(known: Sequence[str]) -> dict[tuple[str, int], int]:
    """By series and year, the newest."""
    found: dict[tuple[str, int], int] = {}
    for text in known:
        one = read_number(text)
        if one is None:
            raise InvalidAnswers({"numero": f"«{text[:40]}» no es un número de trámite, como SG-2026-000318."})
        series, year, number = one
        found[series, year] = max(number, found.get((series, year), 0))
    return found
