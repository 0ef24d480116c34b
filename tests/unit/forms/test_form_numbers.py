"""Numbers with a comma, and grades in letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.numbers import read_number, show_number
from engine.forms.words import in_words


@pytest.mark.parametrize(
    ("text", "value"),
    [("7,5", 7.5), ("7.5", 7.5), ("7", 7), (" 10 ", 10), ("7,0", 7), ("-3", -3), ("1.200,50", 1200.5), ("1.200", 1200),
     ("1 200", 1200), ("0,1", 0.1), ("1.2345", 1.2345)],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "siete", "7,5,5", "1e5", "NaN", "Infinity", "0x10", "7,", ",5", "9" * 40, "٣", "1.20.3"]
)
def test_what_is_not_a_number_is_not_one(text: str) -> None:
    assert read_number(text) is None


@given(st.decimals(min_value=-1000000, max_value=1000000, places=2).map(float))
def test_what_is_shown_is_read_back_the_same(value: float) -> None:
    assert read_number(show_number(value)) == pytest.approx(value)


def test_a_number_is_shown_with_a_comma_and_the_decimals_of_its_field() -> None:
    assert [show_number(7.5), show_number(7.0), show_number(7.5, 2), show_number(10), show_number(0.1)] == [
        "7,5",
        "7",
        "7,50",
        "10",
        "0,1",
    ]


def test_a_grade_is_written_in_letters() -> None:
    shown = [in_words(n) for n in (0, 7, 7.5, 10, 9.25, 8.05, 31, 100, 101, 7.123, -1)]
    expected = ["cero", "siete", "siete con cinco", "diez", "nueve con veinticinco", "ocho con cero cinco"]
    assert shown == [*expected, "treinta y uno", "cien", "", "", ""]
