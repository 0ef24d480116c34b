"""Filters of the indicators, in the URL: ?desde=2026-01&hasta=2026-03&servicio=B1&producto=…&canal=…"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from babel.dates import format_date
from flask_babel import get_locale

from engine.indicators import Offer, Query
from engine.indicators import months as m

MOST = 120  # months on offer, and the longest period

CHANNELS = ("portal", "mostrador", "lote", "api", "sistema")


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, made good: a month that is none, or a product of another service, counts as not said."""

    query: Query
    now: int  # the month of today
    first: int  # the first with anything to tell

    @property
    def months(self) -> list[int]:
        """On offer, the newest first."""
        first = max(min(self.first, self.query.since), m.shift(self.now, 1 - MOST))
        return m.months(first, max(self.now, self.query.until))[::-1]

    def address(self, path: str, **changes: str) -> str:
        query = self.query
        given = {
            "desde": m.write_month(query.since),
            "hasta": m.write_month(query.until),
            "servicio": query.service,
            "producto": query.product,
            "canal": query.channel,
        } | changes
        return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"

    @property
    def title(self) -> str:
        """«marzo de 2026», «enero a marzo de 2026»"""
        since, until = self.query.since, self.query.until
        if since == until:
            return month_title(until)
        if since // 100 == until // 100:
            return f"{month_word(since)} – {month_title(until)}"
        return f"{month_title(since)} – {month_title(until)}"


def read_filters(args: Mapping[str, str], offers: list[Offer], now: int, first: int, length: int) -> Filters:
    """``length``: months of the period when none is given, the last one being ``now``."""
    until = m.read_month(args.get("hasta", "")) or now
    since = m.read_month(args.get("desde", "")) or m.shift(until, 1 - length)
    since, until = min(since, until), max(since, until)
    since = max(since, m.shift(until, 1 - MOST))
    service = next((one for one in offers if one.code == args.get("servicio")), None)
    products = [one.code for offer in ([service] if service else offers) for one in offer.products]
    product = args.get("producto", "")
    channel = args.get("canal", "")
    query = Query(
        since,
        until,
        service.code if service else "",
        product if product in products else "",
        channel if channel in CHANNELS else "",
    )
    return Filters(query, now, first)


def _format(month: int, spanish: str, english: str) -> str:
    locale = get_locale()
    pattern = english if locale and locale.language == "en" else spanish
    return format_date(m.first_day(month), pattern, locale=locale or "es")


def month_title(month: int) -> str:
    """«marzo de 2026»"""
    return _format(month, "MMMM 'de' y", "MMMM y")


def month_word(month: int) -> str:
    """«marzo»"""
    return _format(month, "MMMM", "MMMM")


def month_short(month: int) -> str:
    """«mar», for an axis"""
    return _format(month, "MMM", "MMM").replace(".", "")[:3]
