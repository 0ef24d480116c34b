"""The rest days that can be derived for one institution and year: its country's, its province's and its town's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from engine.calendar import argentina, ecuador

Kind = Literal["nacional", "local", "receso", "decreto"]

LOCAL: dict[str, tuple[int, int, str]] = {
    "Milagro": (9, 17, "Cantonización de Milagro"),
    "Bahía Blanca": (4, 11, "Fundación de Bahía Blanca"),
}


@dataclass(frozen=True, slots=True)
class RestDay:
    day: date
    name: str
    kind: Kind


def _local(country: str, place: str, year: int) -> Iterable[RestDay]:
    if place not in LOCAL:
        return
    month, day, name = LOCAL[place]
    own = date(year, month, day)  # Ecuador moves local days by the same rule; Argentina's towns keep theirs
    yield RestDay(ecuador.moved(own) if country == "EC" else own, name, "local")


def _national(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    return ecuador.national(year) if country == "EC" else argentina.national(year, subdivision)


@lru_cache(maxsize=256)
def rest_days(country: str, subdivision: str | None, place: str, year: int) -> tuple[RestDay, ...]:
    """Every derived rest day that falls in ``year``, in order; a day that is both national and local is national."""
    found: dict[date, RestDay] = {}
    for source in (year, year + 1):  # 1 January on a Saturday rests on 31 December
        for local in _local(country, place, source):
            found.setdefault(local.day, local)
        for day, name in _national(country, subdivision, source).items():
            found[day] = RestDay(day, name, "nacional")
    return tuple(found[day] for day in sorted(found) if day.year == year)
