"""Business-day arithmetic: days, not hours; counting from the next business day (COA arts. 158-160)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar, rest_days

GUAYAQUIL, BUENOS_AIRES = ZoneInfo("America/Guayaquil"), ZoneInfo("America/Argentina/Buenos_Aires")


def calendar(country: str = "EC", place: str = "Milagro", zone: ZoneInfo = GUAYAQUIL) -> Calendar:
    return Calendar(zone=zone, rule=lambda year: [rest.day for rest in rest_days(country, None, place, year)])


EC, AR = calendar(), calendar("AR", "Bahía Blanca", BUENOS_AIRES)


def local(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=GUAYAQUIL)


def end(day: date, zone: ZoneInfo = GUAYAQUIL) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)


def test_one_day_filed_on_friday_is_due_on_monday() -> None:
    assert EC.due_instant(local(21, 10), 1) == end(date(2025, 11, 24))


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_hour_of_filing_does_not_matter_and_23_59_counts_that_day(hour: int) -> None:
    assert EC.due_instant(local(19, hour, 59), 1) == end(date(2025, 11, 20))
    assert EC.due_instant(local(19, hour, 59), 3) == end(date(2025, 11, 24))


def test_filed_on_saturday_or_sunday_counts_from_monday() -> None:
    assert EC.due_instant(local(22, 12), 1) == EC.due_instant(local(23, 12), 1) == end(date(2025, 11, 24))


def test_holidays_moved_by_the_law_do_not_count_and_their_old_days_do() -> None:
    filed = local(31, 10, month=10)  # Friday; 2 and 3 November 2025 rest on Monday 3 and Tuesday 4
    assert EC.due_instant(filed, 1) == end(date(2025, 11, 5))
    assert EC.is_business_day(date(2024, 5, 1))
    assert not EC.is_business_day(date(2024, 5, 3))


def test_due_instants_are_utc() -> None:
    assert EC.due_instant(local(19, 9), 1) == datetime(2025, 11, 21, 4, 59, 59, tzinfo=UTC)
    assert EC.due_instant(local(19, 9), 1).tzinfo is UTC


def test_the_same_instant_is_another_day_in_another_timezone() -> None:
    instant = datetime(2025, 11, 13, 3, 30, tzinfo=UTC)  # 22:30 on 12 in Guayaquil, 00:30 on 13 in Buenos Aires
    assert EC.due_instant(instant, 1) == end(date(2025, 11, 13))
    assert AR.due_instant(instant, 1) == end(date(2025, 11, 14), BUENOS_AIRES)


def test_a_holiday_of_the_requesters_place_counts_too() -> None:
    there = EC.also_resting({date(2025, 11, 20): "Fiesta de allá"})
    assert there.due_instant(local(19, 9), 1) == end(date(2025, 11, 21))


def test_eighty_percent_falls_inside_office_hours() -> None:
    assert EC.fraction_instant(local(21, 10), 1, 80) == local(24, 15, 12)
    assert EC.fraction_instant(local(19, 10), 5, 80) == local(25, 17)  # four whole days
    assert EC.fraction_instant(local(19, 10), 3, 50) == local(21, 12, 30)
    assert EC.fraction_instant(local(19, 10), 3, 0) == local(20, 8)
    assert EC.fraction_instant(local(19, 10), 3, 100) == EC.due_instant(local(19, 10), 3)


def test_a_pause_gives_back_every_day_that_the_term_did_not_run_whole() -> None:
    due = EC.due_instant(local(12, 10), 3)  # Wednesday: 13, 14, 17
    assert due == end(date(2025, 11, 17))
    assert EC.shift_due(due, local(13, 9, 5), local(17, 11, 42)) == end(date(2025, 11, 20))


def test_a_pause_before_counting_began_gives_back_only_what_was_owed() -> None:
    filed = local(21, 10)
    due = EC.due_instant(filed, 1)
    assert EC.shift_due(due, local(21, 11), local(21, 16), since=filed) == due
    assert EC.shift_due(due, local(21, 11), local(24, 16), since=filed) == end(date(2025, 11, 25))


def test_a_pause_after_the_term_was_missed_forgives_nothing() -> None:
    due = EC.due_instant(local(12, 10), 1)
    assert EC.shift_due(due, local(18, 9), local(25, 9)) == due


def test_a_term_cannot_run_backwards_nor_a_pause_end_before_it_began() -> None:
    with pytest.raises(ValueError, match="backwards"):
        EC.add_business_days(date(2025, 1, 1), -1)
    with pytest.raises(ValueError, match="before it began"):
        EC.shift_due(local(20, 1), local(19, 2), local(19, 1))
    with pytest.raises(ValueError, match="timezone"):
        EC.local_day(datetime(2025, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="0 to 100"):
        EC.fraction_instant(local(19, 9), 1, 101)


def test_a_calendar_without_one_business_day_says_so() -> None:
    broken = Calendar(zone=GUAYAQUIL, rule=lambda year: [date(year, 1, 1) + timedelta(days=n) for n in range(366)])
    with pytest.raises(ValueError, match="no business day"):
        broken.add_business_days(date(2025, 1, 1), 1)


def test_a_year_on_record_follows_the_record_and_another_one_the_rule() -> None:
    mixed = Calendar(zone=GUAYAQUIL, rest={date(2025, 7, 1): "Decreto"}, covered=frozenset({2025}), rule=EC.rule)
    assert not mixed.is_business_day(date(2025, 7, 1))
    assert mixed.is_business_day(date(2025, 5, 2))  # taken from the record by a person
    assert not mixed.is_business_day(date(2026, 5, 1))


DAYS = st.dates(date(2018, 1, 1), date(2030, 6, 30))
INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2030, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
CALENDARS = st.sampled_from([EC, AR])


@given(CALENDARS, INSTANTS, st.integers(0, 40))
def test_what_is_due_is_never_due_on_a_rest_day(days: Calendar, start: datetime, n: int) -> None:
    due = days.due_instant(start, n)
    assert days.is_business_day(days.local_day(due))
    assert due.astimezone(days.zone).time() == time(23, 59, 59)


@given(CALENDARS, DAYS, st.integers(1, 40))
def test_the_nth_business_day_has_n_business_days_up_to_it(days: Calendar, day: date, n: int) -> None:
    assert days.business_days_between(day, days.add_business_days(day, n)) == n


@given(CALENDARS, INSTANTS, INSTANTS, st.integers(0, 20), st.integers(0, 20))
def test_filing_later_or_with_more_days_is_never_due_sooner(
    days: Calendar, a: datetime, b: datetime, n: int, more: int
) -> None:
    first, second = sorted((a, b))
    assert days.due_instant(first, n) <= days.due_instant(second, n)
    assert days.due_instant(first, n) <= days.due_instant(first, n + more)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_business_days_add_up(days: Calendar, a: date, b: date, c: date) -> None:
    between = days.business_days_between
    a, b, c = sorted((a, b, c))
    c = min(c, a + timedelta(days=200))
    b = min(b, c)
    assert between(a, c) == between(a, b) + between(b, c)
    assert between(c, a) == -between(a, c)


@given(CALENDARS, INSTANTS, st.integers(1, 30), st.integers(0, 100), st.integers(0, 100))
def test_the_warning_rises_with_its_percentage_and_stays_inside_the_term_and_the_office(
    days: Calendar, start: datetime, n: int, a: int, b: int
) -> None:
    low, high = sorted((a, b))
    first, second = days.fraction_instant(start, n, low), days.fraction_instant(start, n, high)
    assert first <= second <= days.due_instant(start, n)
    assert days.local_day(first) > days.local_day(start)
    if low < 100:
        assert days.is_business_day(days.local_day(first))
        assert days.opens <= first.astimezone(days.zone).time() <= days.closes


@given(CALENDARS, INSTANTS, st.integers(1, 15), st.integers(0, 400), st.integers(0, 400))
def test_a_pause_never_brings_a_term_forward_and_a_longer_one_never_shortens_it(
    days: Calendar, start: datetime, n: int, hours: int, longer: int
) -> None:
    due = days.due_instant(start, n)
    paused = start + timedelta(hours=hours % 72)
    resumed = paused + timedelta(hours=hours)
    shifted = days.shift_due(due, paused, resumed, since=start)
    assert due <= shifted <= days.shift_due(due, paused, resumed + timedelta(hours=longer), since=start)
    assert days.is_business_day(days.local_day(shifted))
    assert shifted == due or shifted > resumed


@given(CALENDARS, INSTANTS, st.integers(1, 15), st.integers(0, 60), st.integers(0, 400))
def test_a_term_counted_from_its_start_plus_the_days_it_stood_still_is_the_shifted_one(
    days: Calendar, start: datetime, n: int, wait: int, hours: int
) -> None:
    due = days.due_instant(start, n)
    paused = start + timedelta(hours=wait)
    shifted = days.shift_due(due, paused, paused + timedelta(hours=hours), since=start)
    still = days.business_days_between(days.local_day(due), days.local_day(shifted))
    assert days.due_instant(start, n + still) == shifted
