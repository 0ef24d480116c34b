"""The staff's page of a case: all of it, its troubles, and the ways to mend them."""

import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.people import end_holding, grant_role, list_holdings
from engine.storage.tables import case, incident, job, read_log, task
from tests.support.face import complete, run_jobs


@pytest.fixture
def troubled(staff):
    """A case whose record cannot be fetched: the demonstration has no folder of records."""
    number = staff.numbers[0]
    complete(staff.house, number, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="sistema")
    return number


def the_incident(staff):
    with staff.house.app.database.read() as conn:
        return conn.execute(sa.select(incident)).one()


@pytest.mark.parametrize("tab", ["resumen", "historia", "diagrama", "correos", "comentarios", "x"])
def test_every_part_of_a_case_opens(staff, tab):
    answer = staff.rosa.open(f"/casos/{staff.numbers[0]}?ver={tab}")
    assert answer.status_code == 200
    assert "Ñáñez de la Cruz, María José" in answer.text


def test_the_request_is_told_in_the_words_of_its_form(staff):
    page = staff.rosa.open(f"/casos/{staff.numbers[0]}").text
    assert "Universidad de Cuenca" in page
    assert "Que está matriculad" in page


def test_a_case_is_found_by_its_words(staff):
    page = staff.rosa.open("/casos?q=ñañez+cuenca").text
    assert all(number in page for number in staff.numbers)
    assert "Ningún trámite coincide" in staff.rosa.open("/casos?q=nadie").text


@pytest.mark.parametrize("query", ["desde=ayer&hasta=9999-99-99", "tras=nada", "estado=otro", "q=%00", "proceso=no"])
def test_odd_filters_still_open(staff, query):
    assert staff.rosa.open(f"/casos?{query}").status_code == 200


def test_who_opened_a_case_is_on_record_for_its_requester(staff):
    for _ in range(2):
        staff.rosa.open(f"/casos/{staff.numbers[0]}")
    with staff.house.app.database.read() as conn:
        [what] = conn.execute(sa.select(read_log.c.what)).scalars()
    assert what == "Abrió el trámite"


def test_a_case_does_not_exist_for_who_may_not_see_it(staff, maria):
    assert maria.open(f"/casos/{staff.numbers[0]}").status_code == 404
    assert staff.rosa.open("/casos/SG-2026-999999").status_code == 404


def test_an_incident_shows_its_cause_and_is_retried_with_a_reason(staff, troubled):
    found = the_incident(staff)
    page = staff.rosa.open(f"/casos/{troubled}").text
    assert "No se pudo:" in page
    assert found.cause.split(":")[0] in page
    staff.rosa.send(f"/incidentes/{found.id}/reintentar", {"request_id": str(uuid4()), "reason": "Se cargó el archivo"})
    with staff.house.app.database.read() as conn:
        assert conn.scalar(sa.select(job.c.status).where(job.c.key == found.job_key)) == "queued"
    assert "Reintentó" in staff.rosa.open(f"/casos/{troubled}?ver=historia").text


def test_mending_without_saying_why_is_refused_and_what_was_typed_stays(staff, troubled):
    found = the_incident(staff)
    data = {"request_id": str(uuid4()), "reason": "", "result": '{"carrera": "Derecho"}'}
    answer = staff.rosa.send(f"/incidentes/{found.id}/resolver", data)
    assert answer.status_code == 422
    assert "Derecho" in answer.text


@pytest.mark.parametrize("result", ["{mal", "[]", '{"a": 1, "a": 2}', "[" * 10_000])
def test_a_result_that_cannot_be_read_is_told(staff, troubled, result):
    data = {"request_id": str(uuid4()), "reason": "A mano", "result": result}
    answer = staff.rosa.send(f"/incidentes/{the_incident(staff).id}/resolver", data)
    assert answer.status_code == 422
    assert "JSON" in answer.text or "niveles" in answer.text


def test_the_result_given_by_hand_moves_the_case_in_the_persons_name(staff, troubled):
    page = staff.rosa.open(f"/casos/{troubled}").text
    skeleton = json.loads(re.search(r'name="result"[^>]*>([^<]+)<', page)[1].replace("&#34;", '"'))
    skeleton |= {"carrera": "Derecho", "facultad": "Ciencias Sociales"}
    assert '"escala": null' in json.dumps(skeleton)
    data = {"request_id": str(uuid4()), "reason": "Se leyó en los libros", "result": json.dumps(skeleton)}
    answer = staff.rosa.send(f"/incidentes/{the_incident(staff).id}/resolver", data)
    assert answer.status_code == 422
    assert "«escala»" in answer.text
    skeleton |= {"escala": 10}
    data = {"request_id": str(uuid4()), "reason": "Se leyó en los libros", "result": json.dumps(skeleton)}
    answer = staff.rosa.send(f"/incidentes/{the_incident(staff).id}/resolver", data)
    assert answer.status_code == 302
    assert the_incident(staff).status == "resolved"
    run_jobs(staff.house)
    assert "Resolvió a mano" in staff.rosa.open(f"/casos/{troubled}?ver=historia").text


def test_somebody_elses_incident_does_not_exist(staff, maria, troubled):
    data = {"request_id": str(uuid4()), "reason": "x"}
    assert maria.send(f"/incidentes/{the_incident(staff).id}/reintentar", data).status_code == 404
    assert staff.rosa.send(f"/incidentes/{uuid4()}/reintentar", data).status_code == 404


def test_terms_are_counted_again_by_who_may(staff):
    number = staff.numbers[0]
    assert staff.rosa.send(f"/casos/{number}/plazos", {"reason": "Feriado"}).status_code == 403
    assert staff.ana.send(f"/casos/{number}/plazos", {"reason": "Feriado"}).status_code == 302
    assert "Ningún plazo cambió" in staff.ana.open(f"/casos/{number}").text


def test_who_left_the_office_reads_no_case_that_they_worked_on(staff, troubled):
    """Nor writes in it; what they did stays theirs in its history."""
    house, number = staff.house, staff.numbers[0]
    with house.app.database.write() as conn:
        for held in list_holdings(conn, person_id=house.people["rosa"]):
            end_holding(conn, held.id, house.clock.now().astimezone(house.app.config.zone).date() - timedelta(days=1))
    rosa = house.enter("rosa")
    assert rosa.open(f"/casos/{number}").status_code == 404
    assert (
        rosa.send(f"/casos/{number}/comentarios", {"text": "Sigo aquí", "request_id": str(uuid4())}).status_code == 404
    )


def test_nobody_attends_to_what_they_asked_for(staff):
    """A student who works in the Secretaría asks like everybody, and somebody else attends."""
    house, number = staff.house, staff.numbers[0]
    with house.app.database.write() as conn:
        grant_role(conn, house.people["maria"], "secretaria", date(2024, 1, 1))
    with pytest.raises(NotAllowed, match="Es su propio trámite"):
        complete(house, number, "revisar_admisibilidad", "maria", admision="admitir", fuente_registro="libros")
    complete(house, number, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="libros")


def test_what_staff_filed_themselves_and_must_answer_stands_above_their_tasks(staff):
    """Who works in the office files too; «todo está al día» would be false."""
    house = staff.house
    assert "espera su respuesta" not in staff.rosa.open("/bandeja").text
    with house.app.database.write() as conn:
        conn.execute(case.update().where(case.c.number == staff.numbers[0]).values(requester_id=house.people["rosa"]))
        mine = sa.select(case.c.id).where(case.c.number == staff.numbers[0]).scalar_subquery()
        conn.execute(task.update().where(task.c.case_id == mine).values(role="solicitante"))
    page = staff.rosa.open("/bandeja").text
    assert "Lo que usted presentó espera su respuesta" in page
    assert f"/tramites/{staff.numbers[0]}/responder/" in page
