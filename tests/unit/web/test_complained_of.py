"""A complaint is not read by the person complained of: ``lectores`` of its ``proceso.toml`` says who reads each one."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from engine import people
from engine.cases import AnswerRequester, StartCase, answer_requester, start_case
from engine.errors import NotFound
from engine.history.case_file import find_case
from tests.support.face import MONDAY, House, Visitor, complete, publish_process, run_jobs

TOLD = {"clase": "queja", "texto": "Rosa Elvira me pidió dinero en la ventanilla."}
REPORT = {"accion": "informe", "pregunta": "Quién atendió la ventanilla ese día."}


@pytest.fixture
def complaint(house: House, maria: Visitor) -> tuple[str, str]:
    """→ the number of the case complained of, which Rosa filed for María, and the complaint's."""
    publish_process(house, "atender_queja")
    house.person("jefa", "Ana Lucía", "Villacís Arteaga", "jefe_secretaria")
    asked = maria.file()
    with house.app.database.read() as conn:
        about = find_case(conn, asked).id
    told = start_case(StartCase("atender_queja", house.people["maria"], TOLD, uuid4(), about=about), house.app.engine)
    run_jobs(house)
    return asked, told.number


def token(house: House, who: str) -> dict[str, str]:
    with house.app.database.write() as conn:
        made = people.create_token(conn, house.people[who], "programa", house.clock.now(), 30)
    return {"Authorization": f"Bearer {made}"}


def found_by(house: House, who: str, number: str) -> list[bool]:
    """Its page, the lists by word and whole, the desk; the same by the API."""
    visitor, program, by_token = house.enter(who), house.visitor().client, token(house, who)
    pages = ("/casos?q=dinero", "/casos", "/bandeja?bandeja=todas", f"/mostrador/personas/{house.people['maria']}")
    found = [visitor.open(f"/casos/{number}").status_code == 200]
    found += [number in visitor.open(page).text for page in pages]
    found += [program.get(f"/api/v1/cases/{number}", headers=by_token).status_code == 200]
    return [*found, number in program.get("/api/v1/cases?q=dinero", headers=by_token).text]


def test_the_clerk_complained_of_finds_the_complaint_nowhere_and_the_head_everywhere(
    house: House, complaint: tuple[str, str]
) -> None:
    asked, told = complaint
    assert not any(found_by(house, "rosa", told))
    assert all(found_by(house, "jefa", told))
    assert told not in house.enter("rosa").open(f"/casos/{asked}").text
    assert told in house.enter("jefa").open(f"/casos/{asked}").text
    assert told in house.enter("maria").open(f"/tramites/{asked}").text


def test_the_clerk_complained_of_writes_nothing_to_who_complained(house: House, complaint: tuple[str, str]) -> None:
    with house.app.database.read() as conn:
        case_id = find_case(conn, complaint[1]).id
    with pytest.raises(NotFound):
        answer_requester(AnswerRequester(case_id, house.people["rosa"], "Retírela.", uuid4()), house.app.engine)


def test_who_filed_the_case_at_the_desk_is_not_told_of_the_complaint_about_it(house: House, maria: Visitor) -> None:
    publish_process(house, "atender_queja")
    answers = {"productos": ["certificado_institucional"], "tipo": "matricula", "destino": "X", "declaracion": True}
    filed = StartCase("solicitar_certificacion", house.people["maria"], answers, uuid4(), filed_by=house.people["rosa"])
    asked = start_case(filed, house.app.engine)
    about = StartCase("atender_queja", house.people["maria"], TOLD, uuid4(), about=asked.case_id)
    told = start_case(about, house.app.engine).number
    assert told not in house.enter("rosa").open(f"/tramites/{asked.number}").text
    assert told in maria.open(f"/tramites/{asked.number}").text


def test_secretaria_reads_the_complaint_of_which_a_report_is_asked_and_no_other(
    house: House, complaint: tuple[str, str]
) -> None:
    other = start_case(StartCase("atender_queja", house.people["tadeo"], TOLD, uuid4()), house.app.engine).number
    run_jobs(house)
    complete(house, complaint[1], "responder_queja", "jefa", **REPORT)
    house.person("carla", "Carla", "Ñacato", "secretaria")
    carla = house.enter("carla")
    assert carla.open(f"/casos/{complaint[1]}").status_code == 200
    assert complaint[1] in carla.open("/casos?q=dinero").text
    assert carla.open(f"/casos/{other}").status_code == 404
    assert other not in carla.open("/casos?q=dinero").text


def test_a_role_lent_for_complaints_reads_those_that_came_to_it(house: House, complaint: tuple[str, str]) -> None:
    house.person("docente", "Doris", "Ayala")
    lent = (house.people["rosa"], house.people["docente"], "secretaria")
    with house.app.database.write() as conn:
        until = date(2026, 12, 31)
        people.delegate(conn, *lent, MONDAY.date(), until, "Vacaciones", MONDAY, process="atender_queja")
    docente = house.enter("docente")
    assert docente.open(f"/casos/{complaint[1]}").status_code == 404
    complete(house, complaint[1], "responder_queja", "jefa", **REPORT)
    assert docente.open(f"/casos/{complaint[1]}").status_code == 200
    assert complaint[1] in docente.open("/casos").text
