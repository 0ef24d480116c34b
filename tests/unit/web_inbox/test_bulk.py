"""The same thing done to several tasks."""

from uuid import UUID, uuid4

import pytest

from tests.support.face import complete


@pytest.fixture
def both(staff):
    return [str(staff.task(number)) for number in staff.numbers]


def bulk(visitor, action, tasks, **more):
    return visitor.send("/bandeja/masivo?bandeja=grupos", {"accion": action, "t": tasks, **more})


def test_several_are_taken_at_once_and_given_back(staff, both):
    assert bulk(staff.rosa, "tomar", both).location == "/bandeja?bandeja=grupos"
    assert {staff.row(t).assignee_id for t in map(staff.task, staff.numbers)} == {staff.house.people["rosa"]}
    bulk(staff.rosa, "soltar", both)
    assert {staff.row(t).assignee_id for t in map(staff.task, staff.numbers)} == {None}


def test_what_could_not_be_done_is_told_with_its_reason(staff, both):
    staff.ana.send(f"/bandeja/{both[0]}/tomar")
    bulk(staff.rosa, "tomar", both)
    page = staff.rosa.open("/bandeja").text
    assert "Hecho con 1 tarea" in page
    assert "Ana Lucía Villacís Arteaga tomó esta tarea antes" in page


def test_assigning_asks_to_whom_among_those_who_may(staff, both):
    page = bulk(staff.ana, "asignar", both)
    assert "Asignar 2 tareas" in page.text
    assert "Peñafiel Güemes, Rosa Elvira" in page.text
    bulk(staff.ana, "asignar", both, a=str(staff.house.people["rosa"]))
    assert staff.row(UUID(both[0])).assignee_id == staff.house.people["rosa"]


def test_putting_off_asks_until_when(staff, both):
    bulk(staff.rosa, "tomar", both)
    assert "Posponer 2 tareas" in bulk(staff.rosa, "posponer", both).text
    bulk(staff.rosa, "posponer", both, hasta="2026-11-27")
    assert staff.row(UUID(both[0])).snoozed_until is not None


def test_several_of_one_step_are_completed_with_one_form(staff, both):
    page = bulk(staff.rosa, "completar", both)
    assert 'name="admision"' in page.text
    answer = bulk(staff.rosa, "completar", both, request_id=str(uuid4()), admision="admitir", fuente_registro="libros")
    assert answer.status_code == 303
    assert [staff.row(UUID(t)).status for t in both] == ["completed", "completed"]


def test_a_wrong_answer_for_several_completes_none(staff, both):
    answer = bulk(staff.rosa, "completar", both, request_id=str(uuid4()), admision="")
    assert answer.status_code == 422
    assert [staff.row(UUID(t)).status for t in both] == ["open", "open"]


def test_different_steps_are_not_completed_together(staff, both):
    complete(
        staff.house, staff.numbers[0], "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="libros"
    )
    mixed = [str(staff.task(number)) for number in staff.numbers]
    assert bulk(staff.rosa, "completar", mixed).location == "/bandeja?bandeja=grupos"
    assert "tienen que ser del mismo paso" in staff.rosa.open("/bandeja").text


@pytest.mark.parametrize(("action", "tasks"), [("tomar", []), ("tomar", ["nada"]), ("volar", None)])
def test_nothing_chosen_or_nothing_to_do_is_said(staff, both, action, tasks):
    assert bulk(staff.rosa, action, both if tasks is None else tasks).status_code == 303
    assert "note warn" in staff.rosa.open("/bandeja").text
