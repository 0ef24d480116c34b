"""The calendar on record: seeded, edited with a reason, every change kept; on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.calendar import (
    LiveCalendar,
    list_changes,
    list_feriados,
    load_calendar,
    seed_feriados,
    set_feriado,
    set_recess,
)
from engine.config import Config
from engine.errors import InvalidAnswers
from engine.storage.unit_of_work import Database

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONFIG = Config()
PUENTE = date(2026, 7, 6)


def test_seeding_writes_each_years_days_once(database: Database) -> None:
    with database.write() as conn:
        assert seed_feriados(conn, CONFIG, (2026, 2027)) == 12 + 13
        assert seed_feriados(conn, CONFIG, (2026, 2027)) == 0
        found = list_feriados(conn, 2026)
    assert [(day.day, day.kind) for day in found if day.kind == "local"] == [(date(2026, 9, 18), "local")]
    assert found == sorted(found, key=lambda day: day.day)


def test_a_change_keeps_the_old_the_new_the_reason_and_the_moment(database: Database) -> None:
    with database.write() as conn:
        seed_feriados(conn, CONFIG, (2026,))
        assert set_feriado(conn, PUENTE, "Puente", "decreto", "Decreto 123", None, AT)
        assert set_feriado(conn, PUENTE, "Puente nacional", "decreto", "Nombre exacto", None, AT + timedelta(1))
        assert set_feriado(conn, PUENTE, None, "decreto", "Decreto derogado", None, AT + timedelta(2))
        changes = list_changes(conn, 2026)
    puente, nacional = ({"name": name, "kind": "decreto"} for name in ("Puente", "Puente nacional"))
    assert [(change.old, change.new, change.reason) for change in changes] == [
        (nacional, None, "Decreto derogado"),
        (puente, nacional, "Nombre exacto"),
        (None, puente, "Decreto 123"),
    ]


def test_saying_the_same_again_is_no_change(database: Database) -> None:
    with database.write() as conn:
        set_feriado(conn, PUENTE, "Puente", "decreto", "Decreto 123", None, AT)
        assert not set_feriado(conn, PUENTE, "Puente", "decreto", "Otra vez", None, AT)
        assert not set_feriado(conn, date(2026, 7, 7), None, "decreto", "No estaba", None, AT)
        assert len(list_changes(conn)) == 1


def test_a_change_moves_what_is_due(database: Database) -> None:
    filed = datetime(2026, 7, 3, 15, tzinfo=UTC)  # Friday
    with database.write() as conn:
        seed_feriados(conn, CONFIG, (2026,))
        before = load_calendar(conn, CONFIG).due_instant(filed, 1)
        set_feriado(conn, PUENTE, "Puente", "decreto", "Decreto 123", None, AT)
        after = load_calendar(conn, CONFIG).due_instant(filed, 1)
    assert after - before == timedelta(days=1)


def test_a_day_that_a_person_removed_is_not_seeded_again(database: Database) -> None:
    with database.write() as conn:
        seed_feriados(conn, CONFIG, (2026,))
        set_feriado(conn, date(2026, 10, 9), None, "nacional", "Se trabaja por recuperación", None, AT)
        assert seed_feriados(conn, CONFIG, (2026,)) == 0
        assert load_calendar(conn, CONFIG).is_business_day(date(2026, 10, 9))


def test_a_year_that_was_never_seeded_follows_the_rule(database: Database) -> None:
    with database.write() as conn:
        seed_feriados(conn, CONFIG, (2026,))
        days = load_calendar(conn, CONFIG)
    assert not days.is_business_day(date(2029, 11, 1))


def test_the_recess_covers_the_weekdays_that_do_not_rest_already(database: Database) -> None:
    argentina = Config(country="AR", place="Bahía Blanca", timezone="America/Argentina/Buenos_Aires", subdivision="B")
    with database.write() as conn:
        seed_feriados(conn, argentina, (2026,))
        first, last = date(2026, 7, 6), date(2026, 7, 19)
        assert set_recess(conn, first, last, "Receso invernal", "Res. CSU 1/26", None, AT) == 8  # 9 and 10 rest already
        names = {day.name for day in list_feriados(conn, 2026) if first <= day.day <= last}
        assert "Día de la Independencia" in names
        days = load_calendar(conn, argentina)
        assert days.add_business_days(date(2026, 7, 3), 1) == date(2026, 7, 20)
        with pytest.raises(InvalidAnswers):
            set_recess(conn, last, first, "Receso", "x", None, AT)
        with pytest.raises(InvalidAnswers):
            set_recess(conn, first, date(2026, 12, 1), "Receso", "x", None, AT)


@pytest.mark.parametrize(
    ("name", "kind", "reason", "field"),
    [
        ("Puente", "decreto", "  ", "reason"),
        ("Puente", "decreto", "x" * 301, "reason"),
        ("Puente", "capricho", "Sí", "kind"),
        ("x" * 161, "decreto", "Sí", "name"),
    ],
)
def test_a_change_without_reason_or_of_no_kind_is_refused(
    database: Database, name: str, kind: str, reason: str, field: str
) -> None:
    with database.write() as conn, pytest.raises(InvalidAnswers) as refused:
        set_feriado(conn, PUENTE, name, kind, reason, None, AT)
    assert set(refused.value.errors) == {field}


def test_pages_see_a_change_within_seconds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("engine.calendar.live.time.monotonic", lambda: now[0])
    live = LiveCalendar(database, CONFIG)
    assert live.is_business_day(PUENTE)
    with database.write() as conn:
        set_feriado(conn, PUENTE, "Puente", "decreto", "Decreto 123", None, AT)
    now[0] += 6
    assert not live.is_business_day(PUENTE)
    assert live.end_of(PUENTE) == datetime(2026, 7, 7, 4, 59, 59, tzinfo=UTC)
    assert live.business_days_between(PUENTE - timedelta(3), PUENTE) == 0
    assert live.local_day(AT) == date(2026, 6, 1)
