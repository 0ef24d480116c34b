"""One task: take it, give it, put it off, write half of it, complete it; and what happens when somebody was first."""

import re
from io import BytesIO
from uuid import uuid4

import pytest

from engine.people import revoke_sessions
from tests.support.face import a_pdf, complete, run_jobs
from web.inbox.pane import undecided


def complete_by(visitor, task_id, **answers):
    data = {"request_id": str(uuid4()), "_despues": "lista", **answers}
    return visitor.send(f"/bandeja/{task_id}/completar?bandeja=grupos", data)


ADMIT = {"admision": "admitir", "fuente_registro": "libros"}


def test_a_task_shows_its_help_with_the_names_of_the_case_and_its_form(staff):
    answer = staff.open(staff.task())
    assert "María José Ñáñez de la Cruz pide: Certificación de matrícula" in answer.text
    assert 'name="admision"' in answer.text
    assert "{{" not in answer.text


@pytest.mark.parametrize("tab", ["historia", "diagrama", "documentos", "comentarios", "otra"])
def test_every_tab_opens(staff, tab):
    assert staff.open(staff.task(), tab).status_code == 200


def test_somebody_elses_task_does_not_exist(staff, maria):
    assert maria.open(f"/bandeja/{staff.task()}").status_code == 404
    assert staff.house.enter("general").open(f"/bandeja/{staff.task()}").status_code == 404
    assert staff.rosa.open(f"/bandeja/{uuid4()}").status_code == 404


def test_a_task_is_taken_and_given_back(staff):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/tomar")
    assert staff.row(task_id).assignee_id == staff.house.people["rosa"]
    staff.rosa.send(f"/bandeja/{task_id}/soltar")
    assert staff.row(task_id).assignee_id is None


def test_who_comes_second_reads_who_was_first(staff):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/tomar")
    answer = staff.ana.send(f"/bandeja/{task_id}/tomar")
    assert answer.status_code == 409
    assert "Rosa Elvira Peñafiel Güemes tomó esta tarea antes" in answer.text


def test_a_superior_hands_a_task_over_to_who_may_do_it(staff):
    task_id = staff.task()
    page = staff.open(task_id, who=staff.ana)
    assert "Peñafiel Güemes, Rosa Elvira" in page.text
    assert "Ángelo" not in page.text  # she does not hold the task's role
    staff.ana.send(f"/bandeja/{task_id}/asignar", {"a": str(staff.house.people["rosa"])})
    assert staff.row(task_id).assignee_id == staff.house.people["rosa"]


def test_a_task_put_off_comes_back_by_itself(staff):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/tomar")
    staff.rosa.send(f"/bandeja/{task_id}/posponer", {"hasta": "2026-11-25"})
    assert staff.row(task_id).snoozed_until.isoformat() == "2026-11-25T13:00:00+00:00"
    assert staff.numbers[0] in staff.rosa.open("/bandeja?bandeja=pospuestas").text
    staff.rosa.send(f"/bandeja/{task_id}/posponer", {"hasta": "ahora"})
    assert staff.row(task_id).snoozed_until is None


def test_a_day_that_is_none_is_refused_in_words(staff):
    answer = staff.rosa.send(f"/bandeja/{staff.task()}/posponer", {"hasta": "mañana"})
    assert answer.status_code == 422


def test_what_is_being_written_is_kept_and_shown_again(staff):
    task_id = staff.task()
    note = staff.rosa.send(
        f"/bandeja/{task_id}/borrador", {"admision": "devolver", "motivo_admision": "Falta la cédula"}
    )
    assert note.json["note"].startswith("Borrador guardado")
    assert "Falta la cédula" in staff.open(task_id).text


def test_a_draft_never_holds_the_pin(staff):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/borrador", {"admision": "admitir", "pin": "4821"})
    assert "4821" not in str(staff.row(task_id).draft)


def test_a_task_is_completed_and_the_list_comes_back_with_its_filters(staff):
    answer = complete_by(staff.rosa, staff.task(), **ADMIT)
    assert (answer.status_code, answer.location) == (303, "/bandeja?bandeja=grupos")
    assert "quedó completada" in staff.rosa.open(answer.location).text


def test_after_completing_the_next_task_of_the_list_opens(staff):
    done = staff.task()
    answer = complete_by(staff.rosa, done, _despues="siguiente", **ADMIT)
    assert answer.location.startswith("/bandeja/")
    assert str(done) not in answer.location
    assert staff.rosa.open(answer.location).status_code == 200


def test_an_answer_that_is_missing_is_told_and_the_rest_stays(staff):
    task_id = staff.task()
    answer = complete_by(staff.rosa, task_id, admision="devolver", motivo_admision="corto")
    assert answer.status_code == 422
    assert "Falta corregir" in answer.text
    assert re.search(r">\s*corto</textarea>", answer.text)
    assert staff.row(task_id).draft["motivo_admision"] == "corto"


def test_the_second_submit_of_the_same_page_changes_nothing(staff):
    task_id, key = staff.task(), str(uuid4())
    assert complete_by(staff.rosa, task_id, request_id=key, **ADMIT).status_code == 303
    again = staff.rosa.send(f"/bandeja/{task_id}/completar", {"request_id": key, "_despues": "lista", **ADMIT})
    assert again.status_code == 303


def test_a_stale_page_says_who_was_first_and_gives_back_what_was_written(staff):
    task_id = staff.task()
    assert complete_by(staff.ana, task_id, **ADMIT).status_code == 303
    answer = complete_by(staff.rosa, task_id, admision="rechazar", motivo_admision="Debe pedirlo en su facultad")
    assert answer.status_code == 409
    assert "Ana Lucía Villacís Arteaga" in answer.text
    assert "Debe pedirlo en su facultad" in answer.text
    assert f"/casos/{staff.numbers[0]}?ver=historia" in answer.text


def test_a_session_that_ended_in_the_middle_loses_nothing(staff):
    task_id = staff.task()
    with staff.house.app.database.write() as conn:
        revoke_sessions(conn, staff.house.people["rosa"], staff.house.clock.now())
    page = f"/bandeja/{task_id}"
    data = {"_pagina": page, "admision": "devolver", "motivo_admision": "Falta la copia de la cédula", "pin": "4821"}
    answer = complete_by(staff.rosa, task_id, **data)
    assert answer.location.startswith("/ingresar?volver=")
    staff.rosa.sign_in("rosa", back=page)
    assert "Falta la copia de la cédula" in staff.rosa.open(page).text


def test_a_task_that_somebody_else_has_can_be_read_but_not_written(staff):
    task_id = staff.task()
    staff.ana.send(f"/bandeja/{task_id}/tomar")
    page = staff.open(task_id)
    assert "La tiene Ana Lucía Villacís Arteaga" in page.text
    assert "/completar" not in page.text


def test_a_closed_task_says_who_did_it(staff):
    task_id = staff.task()
    complete_by(staff.rosa, task_id, **ADMIT)
    assert "La completó Rosa Elvira Peñafiel Güemes" in staff.open(task_id).text


def test_a_comment_is_read_by_staff_only(staff, maria):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/comentarios", {"text": "¿Lo vio archivo? <b>no</b>"})
    assert "¿Lo vio archivo? &lt;b&gt;no&lt;/b&gt;" in staff.open(task_id, "comentarios", staff.ana).text
    assert "archivo?" not in maria.open(f"/tramites/{staff.numbers[0]}").text


def test_an_empty_comment_is_refused_in_words(staff):
    task_id = staff.task()
    staff.rosa.send(f"/bandeja/{task_id}/comentarios", {"text": "  "})
    assert "Escriba el comentario" in staff.open(task_id, "comentarios").text


def test_a_document_is_added_to_the_case_and_read_back(staff):
    task_id = staff.task()
    file = {"archivo": (BytesIO(a_pdf()), "acta antigua.pdf")}
    staff.rosa.send(f"/bandeja/{task_id}/adjuntos", file, content_type="multipart/form-data")
    page = staff.open(task_id, "documentos")
    address = re.search(r"/casos/documentos/[0-9a-f-]+", page.text)[0]
    answer = staff.rosa.open(address)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Adjuntó un documento" in staff.open(task_id, "historia").text


@pytest.mark.parametrize(("data", "name"), [(b"MZ\x90\x00" * 50, "acta.pdf"), (b"", "vacio.pdf")])
def test_a_file_that_is_not_what_it_says_is_refused_in_words(staff, data, name):
    task_id = staff.task()
    file = {"archivo": (BytesIO(data), name)}
    staff.rosa.send(f"/bandeja/{task_id}/adjuntos", file, content_type="multipart/form-data")
    page = staff.open(task_id, "documentos")
    assert "note warn" in page.text
    assert "/casos/documentos/" not in page.text


def test_a_document_of_a_case_is_nobody_elses(staff, maria):
    complete(staff.house, staff.numbers[0], "revisar_admisibilidad", "rosa", **ADMIT)
    task_id = staff.task(staff.numbers[0])
    file = {"archivo": (BytesIO(a_pdf()), "interno.pdf")}
    staff.rosa.send(f"/bandeja/{task_id}/adjuntos", file, content_type="multipart/form-data")
    address = re.search(r"/casos/documentos/[0-9a-f-]+", staff.open(task_id, "documentos").text)[0]
    assert maria.open(address).status_code == 404


def test_the_diagram_says_as_a_list_where_the_case_is(staff):
    run_jobs(staff.house)
    page = staff.open(staff.task(), "diagrama").text
    assert "Ver los pasos como lista" in page
    assert f"<b>{staff.row(staff.task()).name}</b>" in page
    source = re.search(r'data-diagram="([^"]+)"', page)[1]
    answer = staff.rosa.open(source)
    assert answer.mimetype == "application/xml"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_decision_of_an_earlier_round_is_not_chosen_by_itself():
    known = {
        "decision_control": "correcta",
        "admision": "admitir",
        "decision": "si",
        "conforme": "si",
        "alcanza": "no",
        "decisiones": 3,
        "motivo": "Falta.",
    }
    assert undecided(known) == {"decisiones": 3, "motivo": "Falta."}
