"""Months of the institution as the indicators count them: 202603 is March 2026. Pure arithmetic."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from engine.words import MONTHS

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_of(instant: datetime, zone: ZoneInfo) -> int:
    return month_of_day(instant.astimezone(zone).date())


def month_of_day(day: date) -> int:
    return day.year * 100 + day.month


def read_month(text: str) -> int | None:
    """«2026-03»; none when it is not a month."""
    found = _WRITTEN.fullmatch(text.strip())
    return int(found[1]) * 100 + int(found[2]) if found else None


def write_month(month: int) -> str:
    return f"{month // 100:04d}-{month % 100:02d}"


def month_name(month: int) -> str:
    """«marzo de 2026», for papers; pages use their reader's language."""
    return f"{MONTHS[month % 100 - 1]} de {month // 100}"


def shift(month: int, by: int) -> int:
    years, index = divmod(month // 100 * 12 + month % 100 - 1 + by, 12)
    return years * 100 + index + 1


def span(since: int, until: int) -> int:
    """How many months there are from ``since`` to ``until``, both included."""
    return (until // 100 - since // 100) * 12 + until % 100 - since % 100 + 1


def months(since: int, until: int) -> list[int]:
    return [shift(since, n) for n in range(span(since, until))]


def first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def start_of(month: int, zone: ZoneInfo) -> datetime:
    """Its first instant at the institution's place."""
    return datetime.combine(first_day(month), time.min, zone)
