"""What the chip of a task says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import Calendar
from engine.inbox.chip import Notice, done_chip, due_chip, group_of, notice_chip

DAYS = Calendar(zone=ZoneInfo("America/Guayaquil"))
NOW = datetime(2025, 11, 20, 3, 0, tzinfo=UTC)  # Wednesday 19, 22:00 in Guayaquil


@pytest.mark.parametrize(
    ("due", "text", "kind", "group"),
    [
        (date(2025, 11, 14), "Venció vie 14 nov", "bad", "vencidas"),
        (date(2024, 12, 31), "Venció mar 31 dic 2024", "bad", "vencidas"),
        (date(2025, 11, 18), "Venció ayer", "bad", "vencidas"),
        (date(2025, 11, 19), "Vence hoy", "warn", "hoy"),
        (date(2025, 11, 20), "jue 20 nov", "neutral", "proximas"),
        (date(2026, 1, 2), "vie 2 ene 2026", "neutral", "proximas"),
    ],
)
def test_a_term_is_told_in_the_institutions_own_days(due: date, text: str, kind: str, group: str) -> None:
    chip = due_chip(DAYS.end_of(due), False, NOW, DAYS)
    assert (chip.text, chip.kind, chip.day, group_of(chip)) == (text, kind, due, group)


def test_a_term_that_passed_an_hour_ago_expired_today() -> None:
    chip = due_chip(NOW - timedelta(hours=1), False, NOW, DAYS)
    assert (chip.text, chip.kind, group_of(chip)) == ("Venció hoy", "bad", "vencidas")


def test_a_pause_says_until_when_an_answer_is_awaited() -> None:
    chip = due_chip(DAYS.end_of(date(2025, 11, 26)), True, NOW, DAYS)
    assert (chip.text, chip.kind, group_of(chip)) == ("Responde hasta 26 nov", "paused", "pausa")
    assert due_chip(None, True, NOW, DAYS).text == "En pausa"


def test_without_a_term_it_says_so() -> None:
    chip = due_chip(None, False, NOW, DAYS)
    assert (chip.text, chip.kind, group_of(chip)) == ("Sin plazo", "neutral", "sin_plazo")


def test_what_is_closed_was_in_time_or_late() -> None:
    due = DAYS.end_of(date(2025, 11, 18))
    assert done_chip(due - timedelta(hours=1), due, DAYS, NOW).text == "Cerrada mar 18 nov"
    assert done_chip(due - timedelta(hours=1), due, DAYS, NOW).kind == "ok"
    late = done_chip(NOW, due, DAYS, NOW)
    assert (late.text, late.kind) == ("Cerrada mié 19 nov, fuera de término", "bad")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("recuerda", "Se recuerda el mié 26 nov"),
        ("demora", "Se avisa la demora el mié 26 nov"),
        ("cierra", "Se cierra el mié 26 nov"),
    ],
)
def test_a_task_without_a_term_says_when_its_person_hears_of_it(kind: str, text: str) -> None:
    chip = notice_chip(Notice(kind, DAYS.end_of(date(2025, 11, 26))), NOW, DAYS)
    assert (chip.text, chip.kind, group_of(chip)) == (text, "neutral", "sin_plazo")
