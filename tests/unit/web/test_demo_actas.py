"""The demo's actas of the last year are all good, whatever the day on which it opens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.actas import BODIES
from engine.actas.index import read_index
from engine.actas.row import read_row
from web.demo.actas import INDEX
from web.demo.recent import SESSIONS, recent_rows


@pytest.mark.parametrize("ahead", [0, 1, 2, 45, 400, 2000])
def test_what_goes_by_the_clock_was_approved_within_the_year_and_is_no_acta_of_the_index(ahead: int) -> None:
    today = date(2026, 11, 21) + timedelta(days=ahead)
    text = INDEX.read_text(encoding="utf-8") + recent_rows(today)
    rows = [read_row(line.values, BODIES, today) for line in read_index("actas.csv", text.encode())]
    assert [row.faults for row in rows if row.faults] == []
    assert len({row.reference for row in rows}) == len(rows)
    recent = rows[-len(SESSIONS) :]
    assert all(row.approved_on and today - timedelta(days=365) < row.approved_on <= today for row in recent)
    assert all(day.weekday() < 5 for row in recent for day in (row.date, row.approved_on or today))
