"""Ecuador's rest days against a table written by hand from the official calendars, day by day, 2018 to 2030."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays

from engine.calendar import rest_days
from engine.calendar.ecuador import easter

# month.day of each weekday rest, as published (to 2026) or as the law of 2016 gives it (from 2027)
OFFICIAL = {
    2018: "1.1 2.12 2.13 3.30 4.30 5.25 8.10 10.8 11.1 11.2 12.25",
    2019: "1.1 3.4 3.5 4.19 5.3 5.24 8.9 10.11 11.1 11.4 12.25",
    2020: "1.1 2.24 2.25 4.10 5.1 5.25 8.10 10.9 11.2 11.3 12.25",
    2021: "1.1 2.15 2.16 4.2 4.30 5.24 8.9 10.8 11.1 11.2 12.24 12.31",
    2022: "2.28 3.1 4.15 5.2 5.23 8.12 10.10 11.3 11.4 12.26",
    2023: "1.2 2.20 2.21 4.7 5.1 5.26 8.11 10.9 11.2 11.3 12.25",
    2024: "1.1 2.12 2.13 3.29 5.3 5.24 8.9 10.11 11.1 11.4 12.25",
    2025: "1.1 3.3 3.4 4.18 5.2 5.23 8.11 10.10 11.3 11.4 12.25",
    2026: "1.1 2.16 2.17 4.3 5.1 5.25 8.10 10.9 11.2 11.3 12.25",
    2027: "1.1 2.8 2.9 3.26 4.30 5.24 8.9 10.8 11.1 11.2 12.24 12.31",
    2028: "2.28 2.29 4.14 5.1 5.26 8.11 10.9 11.2 11.3 12.25",
    2029: "1.1 2.12 2.13 3.30 4.30 5.25 8.10 10.8 11.1 11.2 12.25",
    2030: "1.1 3.4 3.5 4.19 5.3 5.24 8.9 10.11 11.1 11.4 12.25",
}
EASTER = {2018: "4.1", 2019: "4.21", 2020: "4.12", 2021: "4.4", 2022: "4.17", 2023: "4.9", 2024: "3.31", 2025: "4.20",
          2026: "4.5", 2027: "3.28", 2028: "4.16", 2029: "4.1", 2030: "4.21"}  # fmt: skip


def days_of(year: int, text: str) -> set[date]:
    return {date(year, *map(int, part.split("."))) for part in text.split()}


@pytest.mark.parametrize("year", OFFICIAL)
def test_every_day_of_the_year_rests_or_works_as_the_official_calendar_says(year: int) -> None:
    official = days_of(year, OFFICIAL[year])
    ours = {rest.day for rest in rest_days("EC", None, "", year)}
    day = date(year, 1, 1)
    while day.year == year:
        assert (day in ours) == (day in official), day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", OFFICIAL)
def test_eleven_rest_days_belong_to_every_year_and_none_falls_on_a_weekend(year: int) -> None:
    rests = [*rest_days("EC", None, "", year - 1), *rest_days("EC", None, "", year)]
    own = [rest for rest in rests if rest.day >= date(year - 1, 12, 31) and (rest.day.month, rest.day.day) != (12, 31)]
    own += [rest for rest in rests if rest.day == date(year - 1, 12, 31)]  # 1 January on a Saturday
    assert len(own) == 11
    assert len({rest.day for rest in own}) == 11
    assert all(rest.day.weekday() < 5 for rest in own)


@pytest.mark.parametrize("year", EASTER)
def test_easter(year: int) -> None:
    assert {easter(year)} == days_of(year, EASTER[year])


# What the package adds (the day from which the rest moved) and what it lacks (3 November on a Saturday, when the 2nd is
# a Friday, rests on Thursday). When a new release of it mends one of these, this table tells.
KEPT_BY_PACKAGE = {
    2018: "5.1 5.24 10.9", 2019: "5.1 10.9", 2020: "", 2021: "8.10 11.3", 2022: "5.24 8.10 11.2", 2023: "5.24 8.10",
    2024: "5.1 10.9", 2025: "5.1 10.9", 2026: "", 2027: "8.10 11.3", 2028: "5.24 8.10", 2029: "5.1 5.24 10.9",
    2030: "5.1 10.9",
}  # fmt: skip
LACKING_IN_PACKAGE = {2018: "11.1", 2029: "11.1"}


@pytest.mark.parametrize("year", KEPT_BY_PACKAGE)
def test_the_holidays_package_differs_only_where_it_is_known_to(year: int) -> None:
    package = {
        day for day in country_holidays("EC", years=year, expand=False) if day.weekday() < 5 and day.year == year
    }
    ours = {rest.day for rest in rest_days("EC", None, "", year)}
    assert package - ours == days_of(year, KEPT_BY_PACKAGE[year])
    assert ours - package == days_of(year, LACKING_IN_PACKAGE.get(year, ""))


@pytest.mark.parametrize(
    ("year", "rest"),
    [(2024, "9.16"), (2025, "9.19"), (2026, "9.18"), (2021, "9.17"), (2022, "9.16"), (2023, "9.18")],
)
def test_milagros_own_day_moves_by_the_same_rule(year: int, rest: str) -> None:
    local = {found.day for found in rest_days("EC", None, "Milagro", year) if found.kind == "local"}
    assert local == days_of(year, rest)
