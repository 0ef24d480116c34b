"""The promised date, its bar and its sentence, on each kind of day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.calendar import Calendar, ProductPromise
from engine.history.case_file import CaseHead
from tests.support.face import House
from web.requests.term import TermView, term_view

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def request_at_hand(house: House) -> Iterator[None]:
    with house.flask.test_request_context("/"):
        yield


@pytest.fixture
def days(house: House) -> Calendar:
    return Calendar(house.app.config.zone)


def seen(days: Calendar, now: datetime, *, closed: datetime | None = None, **changes: object) -> TermView:
    due = days.due_instant(FRIDAY, 3)
    values = {"paused_at": None, "paused_days": 0, "met_at": None, "due_at": due, "original_due_at": due} | changes
    term = ProductPromise(key="uno", days=3, started_at=FRIDAY, **values)  # type: ignore[arg-type]
    head = CaseHead(
        uuid.uuid4(), "SG-2026-000001", "Certificación", "p", "P", uuid.uuid4(), 1, "completed" if closed else "open",
        None, None, None, None, {}, FRIDAY, term.due_at, term.paused_at, closed,
    )  # fmt: skip
    view = term_view(head, [term], days, now)
    assert view is not None
    return view


def test_a_case_without_a_term_has_no_date(days: Calendar) -> None:
    head = CaseHead(
        uuid.uuid4(), "SG-2026-000001", "C", "p", "P", uuid.uuid4(), 1, "open", None, None, None, None, {}, FRIDAY,
        None, None, None,
    )  # fmt: skip
    assert term_view(head, [], days, FRIDAY) is None


def test_the_day_of_filing_does_not_count(days: Calendar) -> None:
    view = seen(days, FRIDAY)
    assert (view.day, view.used, view.running) == (0, 0, False)
    assert view.sentence == "Empieza a contar el lunes 23 de noviembre."


def test_the_second_business_day_shows_one_used_and_one_running(days: Calendar) -> None:
    view = seen(days, datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert (view.day, view.used, view.running) == (2, 1, True)
    assert view.sentence == "Va el día hábil 2 de 3."
    assert view.moved == ""


def test_a_late_case_says_since_when(days: Calendar) -> None:
    view = seen(days, datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    assert view.late
    assert view.used == 3
    assert view.sentence.startswith("Venció hace 2 días hábiles.")


def test_a_paused_case_says_that_it_waits_for_the_person(days: Calendar) -> None:
    view = seen(days, datetime(2026, 12, 4, 15, 0, tzinfo=UTC), paused_at=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert view.paused
    assert not view.late
    assert "detenido desde el martes 24 de noviembre" in view.sentence


def test_a_date_that_moved_shows_the_old_one_and_why(days: Calendar) -> None:
    due = days.due_instant(FRIDAY, 6)
    view = seen(days, datetime(2026, 11, 27, 15, 0, tzinfo=UTC), due_at=due, paused_days=3)
    assert view.moved == (
        "La fecha inicial era el miércoles 25 de noviembre. Se movió 3 días hábiles, los que el plazo estuvo en pausa."
    )
    assert view.sentence == "Va el día hábil 2 de 3."


def test_a_closed_case_says_when_it_ended(days: Calendar) -> None:
    view = seen(days, datetime(2026, 12, 20, tzinfo=UTC), closed=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert view.closed
    assert not view.late
    assert view.sentence == "Terminó el martes 24 de noviembre."
