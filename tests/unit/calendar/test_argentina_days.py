"""Argentina's rest days: moved ones, bridge days, those of a province, and Bahía Blanca's own."""

from datetime import date

import pytest
from holidays import country_holidays

from engine.calendar import rest_days


def days(year: int, subdivision: str | None = "B", place: str = "Bahía Blanca") -> set[date]:
    return {rest.day for rest in rest_days("AR", subdivision, place, year)}


@pytest.mark.parametrize("year", range(2018, 2031))
def test_bahia_blanca_rests_on_11_april_besides_the_nations_days(year: int) -> None:
    package = {day for day in country_holidays("AR", subdiv="B", years=year) if day.year == year}
    assert days(year) == package | {date(year, 4, 11)}


def test_moved_and_bridge_days_rest_where_they_moved_to() -> None:
    assert date(2024, 6, 17) in days(2024)  # Güemes: Monday
    assert date(2024, 6, 21) in days(2024)  # bridge by decree
    assert date(2025, 11, 24) in days(2025)  # Soberanía Nacional: from Thursday 20
    assert date(2025, 11, 20) not in days(2025)


def test_a_province_has_days_that_others_lack() -> None:
    assert date(2025, 7, 25) in days(2025, "M", "Mendoza")  # Santiago Apóstol
    assert date(2025, 7, 25) not in days(2025, "B")


@pytest.mark.parametrize("letter", "ABCDEFGHJKLMNPQRSTUVWXYZ")
def test_each_of_the_24_subdivisions_is_known(letter: str) -> None:
    assert date(2026, 5, 25) in days(2026, letter)
