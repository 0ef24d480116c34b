"""The four counts of §7 of the Carta with the copies beside them, and every figure month by month. Pure, of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from engine.cases import WHOLE
from engine.indicators import months as m
from engine.indicators.counts import Key
from engine.indicators.figures import Figures, gather

YEAR = 12  # months in the series
COUNTED = ("B1", "B2", "B3")  # C-51, C-52, C-53; C-54 are the session actas, and the copies of A1 beside them
COPIES, COPY = "A1", "documentos_sesiones"  # the other products of A1 are no copies of actas
_TERMS = frozenset({"kept", "late"})  # of products only: each has its own clock (C-48)


@dataclass(frozen=True, slots=True)
class Query:
    """Months are both included. Empty: all."""

    since: int
    until: int
    service: str = ""
    product: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the four counts of §7, or the copies beside them."""

    code: str  # B1 B2 B3 actas A1
    now: int
    before: int  # in as many months before the period


@dataclass(frozen=True, slots=True)
class Point:
    month: int
    total: Figures  # without durations: those are of the period as a whole
    delivered: dict[str, int]  # by service
    actas: int
    copies: int  # of actas, delivered


def whole(product: str) -> Callable[[Key], bool]:
    """Which counts make up a line: those of the request, with the terms of its products; or those of one product."""
    if product:
        return lambda key: key.product == product
    return lambda key: key.product == WHOLE or key.measure in _TERMS


def headlines(query: Query, counts: Counter[Key], actas: dict[int, int]) -> tuple[Headline, ...]:
    """Of the period, and of as many months before it."""
    length = m.span(query.since, query.until)
    first, last = m.shift(query.since, -length), m.shift(query.until, -length)
    product = query.product or WHOLE
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    found = [
        (k.service, k.month, n)
        for k, n in counts.items()
        if k.measure == "delivered" and k.product == product and k.service in COUNTED
    ]
    found += [("actas", month, n) for month, n in actas.items()]
    found += [(COPIES, month, n) for month, n in _copies(query, counts).items()]
    for code, month, n in found:
        if query.since <= month <= query.until:
            now[code] += n
        elif first <= month <= last:
            before[code] += n
    return tuple(Headline(code, now[code], before[code]) for code in (*COUNTED, "actas", COPIES))


def series(query: Query, counts: Counter[Key], codes: set[str], actas: dict[int, int]) -> tuple[Point, ...]:
    axis = m.months(min(query.since, m.shift(query.until, 1 - YEAR)), query.until)
    of_whole = whole(query.product)
    chosen = [(k, n) for k, n in counts.items() if k.service in codes and of_whole(k) and k.measure != "days"]
    by_month = gather(chosen, lambda k: k.month)
    copies = _copies(query, counts) if COPIES in codes else {}
    delivered: dict[int, dict[str, int]] = {}
    for key, n in chosen:
        if key.measure == "delivered":
            of = delivered.setdefault(key.month, {})
            of[key.service] = of.get(key.service, 0) + n
    return tuple(
        Point(
            month,
            by_month.get(month) or Figures(),
            delivered.get(month, {}),
            actas.get(month, 0),
            copies.get(month, 0),
        )
        for month in axis
    )


def _copies(query: Query, counts: Counter[Key]) -> dict[int, int]:
    """Copies of actas delivered, by month: what else was delivered with them, or refused, is none."""
    found: Counter[int] = Counter()
    if query.product in ("", COPY):
        for k, n in counts.items():
            if (k.service, k.product, k.measure) == (COPIES, COPY, "delivered"):
                found[k.month] += n
    return found
