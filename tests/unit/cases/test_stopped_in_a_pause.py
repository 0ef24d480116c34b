"""A clock that is stopped while it stands still keeps the pause: its days were never the office's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.cases.past_clocks import Asked
from tests.unit.cases.test_terms_counted_again import FIRST, ZONE, at, book

WEEK = timedelta(days=7)


@pytest.mark.req("C-48")
@pytest.mark.parametrize("stops", ["cumplir_plazo", "negar_plazo", "desistir_plazo"])
@pytest.mark.parametrize("later", [0, 21])
def test_what_stops_within_a_pause_of_two_weeks_is_in_time(stops: str, later: int) -> None:
    back = FIRST + 2 * WEEK
    asked: list[Asked] = [
        (at(FIRST), "iniciar_plazo", ["copia", 3]),
        (at(FIRST), "iniciar_plazo", ["otra", 3]),
        (at(FIRST + timedelta(days=1)), "pausar", []),
        (at(back), stops, ["copia"]),
        (at(back + timedelta(days=later)), "reanudar", []),
    ]
    terms = book(set(), at(back)).counted_again(asked)
    stopped, other = terms["copia"], terms["otra"]
    assert stopped.met_at == at(back)
    assert stopped.paused_at is None
    assert stopped.due_at.astimezone(ZONE).date() == back + timedelta(days=3), "three days more, as from an answer"
    assert stopped.paused_days == 10
    assert other.paused_days == 10 + later // 7 * 5, "the other stands still until the answer"
    assert other.met_at is None


@pytest.mark.req("C-48")
def test_what_was_late_before_the_pause_is_late_when_it_stops_within_it() -> None:
    asked: list[Asked] = [
        (at(FIRST), "iniciar_plazo", ["copia", 1]),
        (at(FIRST + timedelta(days=3)), "pausar", []),
        (at(FIRST + WEEK), "desistir_plazo", ["copia"]),
    ]
    late = book(set(), at(FIRST + WEEK)).counted_again(asked)["copia"]
    assert late.due_at == late.original_due_at
    assert late.met_at is not None
    assert late.met_at > late.due_at
