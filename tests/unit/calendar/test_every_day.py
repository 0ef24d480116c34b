"""Terms of 1 to 30 business days from every day of 2018 to 2030, in both countries, against an oracle that knows no rule: a
hand-written list of rest days and one long list of business days, in which the n-th is looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar, rest_days
from tests.unit.calendar.test_ecuador_days import OFFICIAL, days_of

FIRST, LAST = date(2018, 1, 1), date(2030, 10, 31)  # thirty business days more end within 2030
GUAYAQUIL, BUENOS_AIRES = ZoneInfo("America/Guayaquil"), ZoneInfo("America/Argentina/Buenos_Aires")
MILAGRO = {  # where 17 September rests, by the law's own rule
    2018: "9.17", 2019: "9.16", 2020: "9.18", 2021: "9.17", 2022: "9.16", 2023: "9.18", 2024: "9.16", 2025: "9.19",
    2026: "9.18", 2027: "9.17", 2028: "9.18", 2029: "9.17", 2030: "9.16",
}  # fmt: skip
# Argentina, as decreed: bridges on 1 April, 21 June and 11 October. Jueves Santo, a «día no laborable», closes its offices.
BRIDGES = {2024: "1.1 2.12 2.13 3.28 3.29 4.1 4.2 5.1 6.17 6.20 6.21 7.9 10.11 11.18 12.25"}


def every_day(first: date = FIRST, last: date = LAST) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def business(rests: Iterable[date]) -> list[date]:
    """One long list; nothing else is asked of it than the n-th after a day."""
    closed = set(rests)
    return [day for day in every_day(FIRST, date(2030, 12, 31)) if day.weekday() < 5 and day not in closed]


def nth_after(days: list[date], day: date, n: int) -> date:
    return days[bisect_right(days, day) + n - 1]


def ecuador() -> set[date]:
    years = range(2018, 2031)
    return {day for year in years for table in (OFFICIAL, MILAGRO) for day in days_of(year, table[year])}


def argentina() -> set[date]:
    package = country_holidays("AR", subdiv="B", years=range(2018, 2031), expand=False)
    return set(package) | {date(year, 4, 11) for year in range(2018, 2031)}


def seeded(country: str, subdivision: str | None, place: str, zone: ZoneInfo) -> Calendar:
    years = range(2017, 2032)
    rest = {one.day: one.name for year in years for one in rest_days(country, subdivision, place, year)}
    return Calendar(zone, rest, frozenset(years))


EC, AR = seeded("EC", None, "Milagro", GUAYAQUIL), seeded("AR", "B", "Bahía Blanca", BUENOS_AIRES)
BOTH = pytest.mark.parametrize(
    ("calendar", "rests"), [(EC, ecuador()), (AR, argentina())], ids=["Ecuador", "Argentina"]
)


@pytest.mark.req("C-48")
@BOTH
def test_a_term_from_any_day_ends_where_the_list_says(calendar: Calendar, rests: set[date]) -> None:
    listed = business(rests)
    for day in every_day():
        for n in (1, 2, 3, 5, 10, 15, 30):
            assert calendar.add_business_days(day, n) == nth_after(listed, day, n), (day, n)


@BOTH
def test_every_single_day_works_or_rests_as_listed(calendar: Calendar, rests: set[date]) -> None:
    listed = set(business(rests))
    wrong = [day for day in every_day(FIRST, date(2030, 12, 31)) if calendar.is_business_day(day) != (day in listed)]
    assert wrong == []


@pytest.mark.req("C-48")
@BOTH
def test_a_request_counts_the_day_on_which_it_is_sent_to_its_last_second(calendar: Calendar, rests: set[date]) -> None:
    """Whatever the timezone: in UTC it is already tomorrow."""
    listed = business(rests)
    for day in every_day(date(2026, 1, 1), date(2028, 3, 31)):
        for clock in (time(0, 0), time(23, 59, 59)):
            filed = datetime.combine(day, clock, calendar.zone).astimezone(UTC)
            due = calendar.due_instant(filed, 1).astimezone(calendar.zone)
            assert due == datetime.combine(nth_after(listed, day, 1), time(23, 59, 59), calendar.zone), filed


def test_the_table_of_ecuador_holds_every_edge_of_the_moving_rule() -> None:
    """Each weekday of each moved holiday, and of the two that are contiguous, within the years that are listed."""
    for month, day in ((5, 1), (5, 24), (8, 10), (10, 9), (11, 2), (11, 3), (9, 17)):
        assert {date(year, month, day).weekday() for year in OFFICIAL} == set(range(7)), (month, day)
    assert {date(year, 1, 1).weekday() for year in OFFICIAL} >= {5, 6}
    assert {date(year, 12, 25).weekday() for year in OFFICIAL} >= {5, 6}


def test_argentina_rests_on_the_bridge_days_that_were_decreed_in_each_of_its_subdivisions() -> None:
    for year, text in BRIDGES.items():
        ours = {one.day for one in rest_days("AR", None, "", year) if one.day.weekday() < 5}
        assert ours == days_of(year, text)
    for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ":
        for year in range(2018, 2031):
            package = country_holidays("AR", subdiv=letter, years=year, expand=False)
            ours = {one.day for one in rest_days("AR", letter, "", year)}
            assert ours == {day for day in package if day.year == year}, (letter, year)


def test_leap_days_count_when_they_work_and_do_not_when_they_rest() -> None:
    assert EC.add_business_days(date(2024, 2, 28), 1) == date(2024, 2, 29)
    assert EC.add_business_days(date(2020, 2, 28), 1) == date(2020, 3, 2), "29 February 2020, a Saturday"
    assert EC.add_business_days(date(2028, 2, 25), 1) == date(2028, 3, 1), "29 February 2028, martes de carnaval"
    assert AR.add_business_days(date(2024, 2, 28), 2) == date(2024, 3, 1)


@given(
    st.sampled_from([(EC, business(ecuador())), (AR, business(argentina()))]), st.dates(FIRST, LAST), st.integers(1, 30)
)
def test_the_nth_business_day_is_the_nth_of_the_list(both: tuple[Calendar, list[date]], day: date, n: int) -> None:
    calendar, listed = both
    due = calendar.add_business_days(day, n)
    assert due == nth_after(listed, day, n)
    assert calendar.business_days_between(day, due) == n


@given(st.dates(FIRST, LAST), st.integers(1, 10), st.sets(st.integers(1, 20), max_size=6))
def test_days_off_where_the_requester_is_move_a_term_and_never_bring_it_forward(
    day: date, n: int, offs: set[int]
) -> None:
    own = {day + timedelta(days=off): "Fundación" for off in offs}
    listed = [one for one in business(ecuador()) if one not in own]
    moved = EC.also_resting(own).add_business_days(day, n)
    assert moved == nth_after(listed, day, n)
    assert moved >= EC.add_business_days(day, n)
