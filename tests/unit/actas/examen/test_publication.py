"""Grades become visible every ten days, and not before, to whom they are of (R-50)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas.examen import Schedule, historia_of, publish, publish_due, steps_of
from engine.config import Config
from engine.errors import Conflict
from engine.storage.tables import historia_academica
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, read_acta, student, students

SCHEDULE = Schedule(date(2026, 1, 5), 10, time(6), ZONE)
DUE = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)  # six in the morning of Buenos Aires: the first after AT


def locked(database, enrolled=2, at=AT, **stated):
    made = actas(database, open_mesa(database, enrolled))
    for one in made:
        bring(database, one.id, "bloqueada", at=at, **stated)
    return [one.id for one in made]


def account(database, kind, number, username="alumna"):
    with database.write() as conn:
        given = {"given_names": "Ana", "family_names": "Paz", "email": f"{username}@une.example", "at": AT}
        identity = {"identity_kind": kind, "identity_number": number, "profile": "estudiante"}
        return people.create_person(conn, username=username, **given, **identity)


def seen(database, person, at=DUE, **how):
    with database.read() as conn:
        return [(row.nota, row.base) for row in historia_of(conn, person, at, **how)]


@pytest.mark.req("R-50")
def test_publications_are_ten_calendar_days_apart_at_the_institution_s_hour():
    first = SCHEDULE.on_or_after(datetime(2025, 1, 1, tzinfo=UTC))
    assert first == datetime(2026, 1, 5, 6, tzinfo=ZONE)
    instants = [first + timedelta(days=10 * n) for n in range(100)]
    for n, instant in enumerate(instants):
        assert SCHEDULE.on_or_after(instant) == SCHEDULE.last(instant) == instant
        assert SCHEDULE.on_or_after(instant + timedelta(seconds=1)) == instant + timedelta(days=10)
        assert SCHEDULE.last(instant - timedelta(seconds=1)) == (instants[n - 1] if n else None)


def test_a_publication_keeps_its_local_hour_when_clocks_change():
    madrid = Schedule(date(2026, 3, 25), 10, time(6), ZoneInfo("Europe/Madrid"))
    before, after = (madrid.on_or_after(datetime(2026, 3, day, tzinfo=UTC)) for day in (24, 26))
    assert [one.strftime("%d %H:%M") for one in (before, after)] == ["25 06:00", "04 06:00"]
    assert (after.astimezone(UTC) - before.astimezone(UTC)) == timedelta(days=9, hours=23)


def test_the_calendar_is_configured():
    config = Config(publication_from="2026-02-01", publication_days=7, publication_time="20:30", timezone="UTC")
    following = Schedule.of(config).on_or_after(datetime(2026, 2, 2, tzinfo=UTC))
    assert following == datetime(2026, 2, 8, 20, 30, tzinfo=UTC)


@pytest.mark.req("R-50")
def test_before_its_day_nothing_of_a_locked_acta_is_there_to_see(database):
    (one,) = locked(database)
    person = account(database, "dni", "20000001")
    almost = DUE - timedelta(seconds=1)
    with database.write() as conn, pytest.raises(Conflict, match="06/03/2026 a las 06:00, no antes"):
        publish(conn, [one], SCHEDULE, almost)
    assert publish_due(database, SCHEDULE, almost).actas == 0
    assert seen(database, person, almost) == []
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(historia_academica)) == 0


@pytest.mark.req("R-50")
def test_on_its_day_it_is_visible_to_its_student_and_to_nobody_else(database):
    (one,) = locked(database)
    with database.write() as conn:
        assert publish(conn, [one], SCHEDULE, DUE).grades == 2
    base = read_acta(database, one).base
    assert seen(database, account(database, "dni", "20000001")) == [("10", base)]
    assert seen(database, account(database, "dni", "29999999", "otra")) == []
    assert seen(database, account(database, "pasaporte", "20000002", "ajeno")) == [], "another country's number"
    assert read_acta(database, one).state == "publicada"
    with database.read() as conn:
        assert steps_of(conn, one)[-1].to == "publicada"


@pytest.mark.req("R-50")
@pytest.mark.parametrize(
    ("kind", "number", "enrolled"),
    [
        ("cuil", "20123456786", student(1, documento="12345678")),
        ("dni", "12345678", student(1, tipo="CUIL", documento="20123456786")),
        ("cedula", "0912345675", student(1, tipo="CI", documento="0912345675")),
        ("pasaporte", "AX4471902", student(1, tipo="PAS", documento="AX4471902")),
    ],
)
def test_a_student_is_known_by_whichever_document_the_list_gave(database, kind, number, enrolled):
    person = account(database, kind, number)
    (one,) = locked(database, [enrolled])
    with database.write() as conn:
        publish(conn, [one], SCHEDULE, DUE)
    assert len(seen(database, person)) == 1


def test_what_is_published_once_is_not_published_again(database):
    (one,) = locked(database)
    for _ in range(2):
        with database.write() as conn:
            publish(conn, [one], SCHEDULE, DUE)
    assert publish_due(database, SCHEDULE, DUE).actas == 0
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(historia_academica)) == 2


@pytest.mark.req("R-50")
def test_a_publication_takes_all_that_was_locked_by_then_in_batches_and_nothing_later(database):
    due = locked(database, 43) + locked(database, students(2, 100))
    late = locked(database, students(1, 200), at=DUE + timedelta(minutes=1))
    done = publish_due(database, SCHEDULE, DUE + timedelta(hours=1), batch=2)
    assert (done.actas, done.grades) == (4, 45)
    assert {read_acta(database, one).state for one in due} == {"publicada"}
    assert {read_acta(database, one).state for one in late} == {"bloqueada"}


def test_a_publication_that_was_cut_off_goes_on_where_it_was(database):
    made = locked(database, 43)
    cut = 0

    @sa.event.listens_for(database.engine, "commit")
    def cut_off(_connection):
        nonlocal cut
        cut += 1
        if cut == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_due(database, SCHEDULE, DUE, batch=1)
    sa.event.remove(database.engine, "commit", cut_off)
    assert publish_due(database, SCHEDULE, DUE, batch=1).actas == 2
    assert {read_acta(database, one).state for one in made} == {"publicada"}
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(historia_academica)) == 43


@pytest.mark.req("R-50")
def test_an_acta_that_is_not_locked_is_not_published(database):
    (one,) = actas(database, open_mesa(database, 1))
    bring(database, one.id, "con_notas")
    with database.write() as conn, pytest.raises(Conflict, match="no está bloqueada"):
        publish(conn, [one.id], SCHEDULE, DUE)
    assert publish_due(database, SCHEDULE, DUE).actas == 0


def test_before_the_first_publication_nothing_is_due(database):
    locked(database)
    later = Schedule(date(2030, 1, 1), 10, time(6), ZONE)
    assert publish_due(database, later, DUE).actas == 0
