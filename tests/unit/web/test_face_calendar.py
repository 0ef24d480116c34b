"""The calendar's page: the year as it is on record, who may change it, what a change says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import calendar
from engine.errors import NotAllowed
from engine.inbound.calendar_changes import follow_calendar
from engine.inbound.edit_calendar import EditCalendar, edit_calendar
from engine.storage.tables import case
from tests.support.face import House, Visitor

NEW = {"first": "2026-11-24", "name": "Puente", "kind": "decreto", "reason": "Decreto 123"}


@pytest.fixture
def admin(house: House) -> Visitor:
    house.person("admin", "Mauro", "Quishpe Naula", "administrador")
    return house.enter("admin")


def test_anybody_reads_the_year_and_nobody_else_is_offered_to_change_it(visitor: Visitor) -> None:
    page = visitor.open("/calendario?anio=2026").text
    for said in (
        "viernes 18 de septiembre",
        "Cantonización de Milagro",
        "Local: Milagro",
        "Todavía no están en el registro",
    ):
        assert said in page
    assert "Declarar un descanso" not in page
    assert "Días que no cuentan en 2027" in visitor.open("/calendario?anio=2027").text
    assert visitor.open("/calendario?anio=veinte").status_code == 200


def test_only_the_administration_changes_the_calendar_also_in_the_engine(house: House) -> None:
    rosa = house.enter("rosa")
    assert "Declarar un descanso" not in rosa.open("/calendario").text
    assert rosa.send("/calendario", NEW).status_code == 403
    assert rosa.open("/calendario/2026-12-25/quitar").status_code == 403
    with pytest.raises(NotAllowed):
        edit_calendar(EditCalendar(house.people["rosa"], date(2026, 11, 24), None, "P", "local", "", "x"), house.app)


def test_a_declared_day_moves_the_open_cases_and_is_on_record_with_its_reason(
    house: House, maria: Visitor, admin: Visitor
) -> None:
    number = maria.file()
    assert "martes 24 de noviembre" in maria.open(f"/tramites/{number}").text
    assert admin.send("/calendario", NEW).location == "/calendario?anio=2026"
    page = admin.open("/calendario?anio=2026").text
    for said in ("se cuentan de nuevo", "martes 24 de noviembre", "Decreto 123", "Quishpe Naula, Mauro", "Contando"):
        assert said in page
    assert follow_calendar(house.app) == 1
    assert "Contando" not in admin.open("/calendario?anio=2026").text
    page = maria.open(f"/tramites/{number}").text
    assert "miércoles 25 de noviembre" in page
    assert "La fecha inicial era el martes 24 de noviembre" in page
    with house.app.database.read() as conn:
        assert (
            conn.scalar(sa.select(case.c.due_at).where(case.c.number == number)).day == 26
        )  # 23:59 of the 25th, in UTC


def test_a_day_is_taken_back_with_its_reason(house: House, admin: Visitor) -> None:
    admin.send("/calendario", NEW)
    assert "¿Vuelve a ser hábil el martes 24 de noviembre" in admin.open("/calendario/2026-11-24/quitar").text
    house.clock.advance(timedelta(minutes=1))
    refused = admin.send("/calendario/2026-11-24/quitar", {"reason": " "})
    assert refused.status_code == 422
    assert "Diga por qué cambia el calendario" in refused.text
    assert admin.send("/calendario/2026-11-24/quitar", {"reason": "Se derogó"}).status_code == 302
    assert admin.open("/calendario/2026-11-24/quitar").status_code == 404
    with house.app.database.read() as conn:
        assert [one.reason for one in calendar.list_changes(conn)] == ["Se derogó", "Decreto 123"]


def test_the_recess_is_several_days_and_a_local_holiday_names_its_place(house: House, admin: Visitor) -> None:
    recess = {"first": "2026-12-28", "last": "2027-01-08", "name": "Receso", "kind": "receso", "reason": "Res. 1"}
    assert admin.send("/calendario", recess).status_code == 302
    local = {"first": "2026-11-26", "name": "Fundación", "kind": "local", "place": "Naranjito", "reason": "Ordenanza"}
    assert admin.send("/calendario", local).status_code == 302
    page = admin.open("/calendario?anio=2026").text
    assert page.count("Receso</td>") >= 4
    assert "Local: Naranjito" in page
    assert admin.send("/calendario/2026-11-26/quitar", {"lugar": "Naranjito", "reason": "Error"}).status_code == 302
    assert "Local: Naranjito" not in admin.open("/calendario?anio=2026").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": ""}, "Escriba la fecha."),
        ({"first": "1999-01-04"}, "El calendario llega hasta 2100."),
        ({"name": ""}, "Escriba el nombre del feriado."),
        ({"reason": ""}, "Diga por qué cambia el calendario"),
        ({"kind": "capricho"}, "Elija la clase de feriado"),
        ({"last": "2026-11-27"}, "Solo un receso de la institución dura varios días."),
        ({"last": "2026-11-20", "kind": "receso"}, "El receso termina después de empezar"),
        ({"place": "Milagro"}, "es el lugar de la oficina"),
    ],
)
def test_what_cannot_be_is_told_beside_what_was_typed(admin: Visitor, changed: dict[str, str], words: str) -> None:
    answer = admin.send("/calendario", {**NEW, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Puente"' in answer.text or changed.get("name") == ""
