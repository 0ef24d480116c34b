"""Formulas and months, against plain reckonings."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases import result_of
from engine.indicators import Figures, Measure
from engine.indicators import months as m
from engine.indicators.figures import quantile, share

DAYS = st.lists(st.integers(0, 30), min_size=1, max_size=60)


@given(DAYS)
def test_median_and_ninth_decile_of_a_histogram_are_those_of_the_list(days: list[int]) -> None:
    histogram = Counter(days)
    assert quantile(histogram, 50) == statistics.median(days)
    assert quantile(histogram, 90) == sorted(days)[math.ceil(0.9 * len(days)) - 1]


def test_a_share_that_falls_short_of_a_target_is_not_rounded_up_to_it() -> None:
    assert share(1799, 2000) == 89.9
    assert share(9, 10) == 90.0


def test_the_figure_of_a_corrective_measure_is_not_rounded_up_to_the_goal_beside_it() -> None:
    asked = Measure("B1", 202603, "MC-2026-000001", 1799, 2000, 90, False, "", "", "", None)
    assert asked.share == 89.9


def test_of_nothing_there_is_no_share_no_median_and_no_mean() -> None:
    nothing = Figures()
    assert (nothing.on_time, nothing.median, nothing.p90, nothing.satisfaction, nothing.return_rate) == (None,) * 5


def test_one_case_is_its_own_median() -> None:
    one = Figures()
    one.add("days", 3, 1)
    one.add("kept", 0, 1)
    one.add("score", 4, 1)
    assert (one.median, one.p90, one.on_time, one.satisfaction) == (3, 3, 100.0, 4.0)


@given(st.integers(190001, 209912).filter(lambda month: 1 <= month % 100 <= 12), st.integers(-200, 200))
def test_months_go_forth_and_back(month: int, by: int) -> None:
    assert m.shift(m.shift(month, by), -by) == month
    assert m.read_month(m.write_month(month)) == month
    assert m.span(month, m.shift(month, abs(by))) == abs(by) + 1


def test_the_last_minutes_of_a_month_belong_to_it_at_the_institutions_place() -> None:
    late = datetime(2026, 4, 1, 4, 59, tzinfo=UTC)
    assert m.month_of(late, ZoneInfo("America/Guayaquil")) == 202603
    assert m.month_of(late, ZoneInfo("America/Argentina/Buenos_Aires")) == 202604


@pytest.mark.parametrize(
    ("status", "outcome", "result"),
    [
        ("withdrawn", "retirada", "withdrawn"),
        ("completed", "entregada", "delivered"),
        ("completed", "respondida", "delivered"),
        ("completed", "rechazada", "refused"),
        ("completed", "denegada_por_reserva", "refused"),
        ("completed", "desistida", "abandoned"),
        ("completed", None, "delivered"),
    ],
)
def test_an_end_is_delivered_refused_abandoned_or_withdrawn(status: str, outcome: str | None, result: str) -> None:
    assert result_of(status, outcome) == result
