"""A calendar that changes after the pauses of a case: its terms are those of who counts the days one by one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from engine.calendar import Calendar
from engine.cases.past_clocks import Asked
from engine.cases.terms import Term, TermBook

ZONE = ZoneInfo("America/Guayaquil")
FIRST = date(2026, 3, 2)  # a Monday
HOUR = timedelta(hours=15)  # ten in the morning there

days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
holidays = st.sets(days, max_size=8)
gaps = st.lists(st.integers(0, 9), max_size=6)  # days to the next pause, its length, and so on


def calendar(rest: set[date]) -> Calendar:
    return Calendar(zone=ZONE, rest=dict.fromkeys(sorted(rest), "Feriado"))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + HOUR


def book(rest: set[date], now: datetime) -> TermBook:
    known = calendar(rest)
    return TermBook(cast(Connection, None), uuid.uuid4(), at(FIRST), now, ZONE, lambda _conn: known, new=True)


def history(length: int, steps: Sequence[int]) -> list[Asked]:
    asked: list[Asked] = [(at(FIRST), "iniciar_plazo", ["copia", length])]
    day = FIRST
    for n, gap in enumerate(steps):
        day += timedelta(days=gap)
        asked.append((at(day), "reanudar" if n % 2 else "pausar", []))
    return asked


def counted_by_hand(rest: set[date], length: int, asked: Sequence[Asked]) -> date:
    """The last of the business days that the office had whole; a pause that begins after it forgives nothing."""
    known, day, left = calendar(rest), FIRST, length
    stops = [when.date() for when, name, _ in asked if name != "iniciar_plazo"]
    pauses = [(stops[n], stops[n + 1] if n + 1 < len(stops) else stops[n]) for n in range(0, len(stops), 2)]
    if len(stops) % 2:
        pauses.pop()  # still standing still: its days are not known yet
    while left:
        day += timedelta(days=1)
        if known.is_business_day(day) and not any(first <= day <= last for first, last in pauses):
            left -= 1
    return day


def only(terms: dict[str, Term]) -> Term:
    return terms["copia"]


@pytest.mark.req("C-48")
@given(st.integers(1, 12), gaps, holidays, holidays)
def test_a_rest_day_declared_after_the_pauses_counts_as_if_it_had_always_been_known(
    length: int, steps: list[int], known: set[date], declared: set[date]
) -> None:
    asked = history(length, steps)
    lived = book(known, asked[-1][0]).counted_again(asked)
    again = book(known ^ declared, asked[-1][0]).counted_again(asked)
    for found, rest in ((only(lived), known), (only(again), known ^ declared)):
        assert found.due_at.astimezone(ZONE).date() == counted_by_hand(rest, length, asked)
        whole = calendar(rest).due_instant(found.started_at, found.days + found.paused_days)
        assert found.due_at == whole, "warnings are reckoned from the whole: they agree with the end"


def test_a_rest_day_inside_a_pause_that_is_over_moves_nothing() -> None:
    asked: list[Any] = [
        (at(date(2026, 3, 2)), "iniciar_plazo", ["copia", 5]),
        (at(date(2026, 3, 4)), "pausar", []),
        (at(date(2026, 3, 9)), "reanudar", []),
    ]
    before, after = (
        only(book(rest, at(date(2026, 3, 9))).counted_again(asked)) for rest in (set(), {date(2026, 3, 6)})
    )
    assert before.due_at == after.due_at == calendar(set()).end_of(date(2026, 3, 13)), "four days were left"
    assert (before.paused_days, after.paused_days) == (4, 3)
