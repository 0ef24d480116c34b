"""All that the face does, by programs: the main job from request to incident, with everybody's limits."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from engine.documents import store_document
from tests.integration.api.conftest import ADMIT, ANSWERS
from tests.support.face import a_pdf, run_jobs

READ_IN_THE_BOOKS = dict.fromkeys(
    ("identidad", "apellidos", "nombres", "facultad", "modalidad", "estado", "ingreso", "egreso", "fuente"), "-"
) | {"carrera": "Derecho", "escala": 100, "materias": [{"materia": "Redes", "nota": 94}]}


def test_the_document_of_the_api_is_openapi_3_1(api):
    document = api.house.flask.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]
    assert len(document["paths"]) > 30


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nada", "Basic cm9zYTp4", "Bearer cartulario_" + "x" * 43])
def test_without_a_good_token_nothing_is_told(api, token):
    answer = api.house.flask.test_client().get("/api/v1/me", headers={"Authorization": token})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_browsers_session_is_no_token(api):
    visitor = api.house.enter("rosa")
    assert visitor.open("/api/v1/me").status_code == 401


def test_a_token_acts_as_its_person_with_the_roles_of_today(api):
    assert api.caller("ana").get("/me").json["roles"] == ["jefe_secretaria", "secretaria"]


def test_services_tell_their_form_as_json_schema(api):
    maria = api.caller("maria")
    [service] = maria.get("/services").json["items"]
    form = maria.get(f"/services/{service['process']}").json["form"]
    assert "productos" in form["properties"]


def test_a_request_is_filed_worked_on_and_told_in_plain_words(api):
    number = api.start()
    task_id = api.task(number)
    rosa = api.caller("rosa")
    assert rosa.post(f"/tasks/{task_id}/claim").status_code == 204
    assert rosa.get("/tasks/counts").json["mias"]["value"] == 1
    done = rosa.post(f"/tasks/{task_id}/completion", {"answers": ADMIT, "request_id": str(uuid4())})
    assert done.json["number"] == number
    lines = api.caller("maria").get(f"/cases/{number}/timeline").json["items"]
    assert lines[0]["state"] == "done"
    assert lines[-1]["state"] == "now"


def test_a_request_repeated_gives_the_same_case(api):
    maria = api.caller("maria")
    body = {"process": "solicitar_certificacion", "answers": ANSWERS, "request_id": str(uuid4())}
    first, second = (maria.post("/cases", body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["number"] == second.json["number"]


def test_bad_answers_are_named_by_field(api):
    body = {
        "process": "solicitar_certificacion",
        "answers": {"productos": ["no"], "sobra": 1},
        "request_id": str(uuid4()),
    }
    answer = api.caller("maria").post("/cases", body)
    assert answer.status_code == 422
    assert {"productos", "sobra"} <= set(answer.json["errors"])


@pytest.mark.parametrize(
    "body",
    [b"{mal", b"", b"[]", b'"x"', b"\xff\xfe", b'{"a": ' + b"[" * 5000, b'{"process": "\\u0000", "request_id": 1}'],
)
def test_a_body_that_cannot_be_read_is_told(api, body):
    answer = api.caller("maria")("POST", "/cases", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 5000, "   "])
def test_text_that_no_database_keeps_is_refused(api, text):
    number = api.start()
    assert api.caller("rosa").post(f"/cases/{number}/comments", {"text": text}).status_code == 422


def test_somebody_elses_case_task_and_document_do_not_exist(api):
    number = api.start()
    task_id, tadeo = api.task(number), api.caller("tadeo")
    for answer in (
        tadeo.get(f"/cases/{number}"),
        tadeo.get(f"/cases/{number}/events"),
        tadeo.get(f"/tasks/{task_id}"),
        tadeo.post(f"/tasks/{task_id}/claim"),
        tadeo.post(f"/cases/{number}/withdrawal", {"reason": "x", "request_id": str(uuid4())}),
        tadeo.get(f"/documents/{uuid4()}"),
        tadeo.get("/cases"),
    ):
        assert answer.status_code == 404
        assert answer.json["type"] == "urn:cartulario:not_found"


def test_the_requester_reads_less_than_the_staff(api):
    number = api.start()
    api.caller("rosa").post(f"/cases/{number}/comments", {"text": "Ojo con esto"})
    assert api.caller("maria").get(f"/cases/{number}").json["comments"] == []
    assert len(api.caller("rosa").get(f"/cases/{number}").json["comments"]) == 1
    assert api.caller("maria").get(f"/cases/{number}/events").status_code == 404


def test_who_comes_second_is_told_who_was_first(api):
    task_id = api.task(api.start())
    api.caller("rosa").post(f"/tasks/{task_id}/claim")
    answer = api.caller("ana").post(f"/tasks/{task_id}/claim")
    assert (answer.status_code, answer.json["title"]) == (409, "task_taken")


def test_a_task_is_assigned_put_off_drafted_and_released(api):
    task_id = api.task(api.start())
    ana, rosa = api.caller("ana"), api.caller("rosa")
    assert ana.post(f"/tasks/{task_id}/assign", {"to": str(api.house.people["rosa"])}).status_code == 204
    assert rosa.post(f"/tasks/{task_id}/snooze", {"until": "2026-11-25T13:00:00Z"}).status_code == 204
    assert rosa("PUT", f"/tasks/{task_id}/draft", json={"answers": {"admision": "admitir"}}).status_code == 200
    task = rosa.get(f"/tasks/{task_id}").json
    assert task["draft"] == {"admision": "admitir"}
    assert task["snoozed_until"] == "2026-11-25T13:00:00Z"
    assert "admision" in task["form"]["properties"]
    assert rosa.post(f"/tasks/{task_id}/release").status_code == 204


def test_a_case_is_withdrawn_once(api):
    number = api.start()
    body = {"reason": "Ya no lo necesito", "request_id": str(uuid4())}
    maria = api.caller("maria")
    assert maria.post(f"/cases/{number}/withdrawal", body).json["status"] == "withdrawn"
    again = maria.post(f"/cases/{number}/withdrawal", body | {"request_id": str(uuid4())})
    assert (again.status_code, again.json["title"]) == (409, "case_closed")


def test_a_file_is_sent_named_in_an_answer_and_read_back(api):
    maria = api.caller("maria")
    sent = maria("POST", "/uploads", data={"file": (io.BytesIO(a_pdf()), "cédula.pdf")})
    assert sent.status_code == 201
    answers = ANSWERS | {"adjuntos": [sent.json["id"]]}
    body = {"process": "solicitar_certificacion", "answers": answers, "request_id": str(uuid4())}
    assert maria.post("/cases", body).status_code == 201
    content = api.caller("rosa").get(f"/documents/{sent.json['id']}/content")
    assert content.data == a_pdf() or content.data.startswith(b"%PDF")
    assert api.caller("tadeo").get(f"/documents/{sent.json['id']}/content").status_code == 404


def test_what_the_office_made_of_many_cases_is_not_read_by_whoever_made_it_once(api):
    app, rosa = api.house.app, api.house.people["rosa"]
    with app.database.write() as conn:
        run = store_document(
            conn, app.archive, case_id=None, kind="print", name="LOTE-2026-000001.pdf", title="Tirada",
            media_type="application/pdf", data=a_pdf(), created_by=rosa, at=app.clock.now(),
        )  # fmt: skip
    assert api.caller("rosa").get(f"/documents/{run.id}/content").status_code == 404


def test_a_file_that_lies_is_refused_in_words(api):
    answer = api.caller("maria")("POST", "/uploads", data={"file": (io.BytesIO(b"MZ" * 99), "x.pdf")})
    assert answer.status_code == 422


def test_staff_add_a_document_to_a_case(api):
    number = api.start()
    data = {"file": (io.BytesIO(a_pdf()), "acta.pdf")}
    assert api.caller("rosa")("POST", f"/cases/{number}/attachments", data=data).json["kind"] == "attachment"
    data = {"file": (io.BytesIO(a_pdf()), "acta.pdf")}
    assert api.caller("maria")("POST", f"/cases/{number}/attachments", data=data).status_code == 404


def test_an_incident_is_retried_and_resolved_by_staff(api):
    number = api.start()
    rosa = api.caller("rosa")
    answers = {"admision": "admitir", "fuente_registro": "sistema"}
    rosa.post(f"/tasks/{api.task(number)}/completion", {"answers": answers, "request_id": str(uuid4())})
    run_jobs(api.house)
    found = [i for i in rosa.get(f"/cases/{number}").json["incidents"] if i["element"] == "obtener_registro"]
    body = {"reason": "Se cargó el archivo", "request_id": str(uuid4())}
    assert rosa.post(f"/incidents/{found[0]['id']}/retry", body).status_code == 200
    run_jobs(api.house)
    [again] = [i for i in rosa.get(f"/cases/{number}").json["incidents"] if i["element"] == "obtener_registro"]
    place = f"/incidents/{again['id']}/resolve"
    body = {"reason": "De los libros", "request_id": str(uuid4()), "result": {"carrera": "Derecho"}}
    assert rosa.post(place, body).status_code == 422
    assert rosa.post(place, body | {"result": READ_IN_THE_BOOKS}).status_code == 200


def test_the_auditor_proves_a_case(api):
    number, teo = api.start(), api.caller("teo")
    assert teo.get(f"/audit/cases/{number}/chain").json["intact"] is True
    assert teo.post(f"/audit/cases/{number}/replay").json["identical"] is True
    assert teo.get(f"/audit/cases/{number}/export").json["case"]["number"] == number
    made = teo.post("/audit/seals")
    held = teo.get(f"/audit/seals/{made.json['n']}").text
    assert teo.post("/audit/seals/comparison", {"seal": held}).json["intact"] is True
    assert api.caller("rosa").get(f"/audit/cases/{number}/chain").status_code == 403


def test_pages_of_cases_follow_each_other(api):
    numbers = {api.start() for _ in range(3)}
    rosa, seen, after = api.caller("rosa"), [], ""
    while True:
        page = rosa.get(f"/cases?limit=2{after}").json
        seen += [case["number"] for case in page["items"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 3
    assert set(seen) == numbers


def test_a_code_is_verified_without_a_token_and_an_unknown_one_is_not_found(api):
    answer = api.house.flask.test_client().get("/api/v1/verification/7K3M-Q9PX-2B4H")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_method_that_is_not_offered_says_which_are(api):
    answer = api.caller("rosa")("DELETE", "/cases")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_codes_cannot_be_tried_without_end(api):
    client = api.house.flask.test_client()
    from_elsewhere = {"REMOTE_ADDR": "127.0.0.77"}
    answers = [
        client.get(f"/api/v1/verification/7K3M-Q9PX-2B{n:02}", environ_overrides=from_elsewhere) for n in range(10, 45)
    ]
    assert {answer.status_code for answer in answers} == {404, 429}
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert refused.get_json()["title"] == "too_many"


def test_a_file_is_verified_without_a_token_in_four_answers(api):
    sent = {"file": (io.BytesIO(b"%PDF-1.7 nada"), "foto.pdf")}
    answer = api.house.flask.test_client().post(
        "/api/v1/verification", data=sent, environ_overrides={"REMOTE_ADDR": "127.0.0.78"}
    )
    assert answer.status_code == 200, answer.json
    assert answer.json["accepted"] is False
    assert set(answer.json["answers"]) == {"integrity", "trust", "changes", "archive"}
    assert answer.json["signers"] == []


def test_the_administration_ends_a_stuck_case_and_the_secretary_does_not(api):
    number = api.start()
    rosa, adan = api.caller("rosa"), api.caller("adan")
    body = {"reason": "El registro se perdió", "request_id": str(uuid4())}
    answers = {"admision": "admitir", "fuente_registro": "sistema"}
    rosa.post(f"/tasks/{api.task(number)}/completion", {"answers": answers, "request_id": str(uuid4())})
    run_jobs(api.house)
    assert rosa.post(f"/cases/{number}/closing", body).status_code == 403
    assert api.caller("maria").post(f"/cases/{number}/closing", body).status_code == 404
    ended = adan.post(f"/cases/{number}/closing", body)
    assert (ended.status_code, ended.json["outcome"]) == (200, "archivada_por_la_oficina")
    assert adan.post(f"/cases/{number}/closing", body).json == ended.json, "sent twice, it is done once"
    again = adan.post(f"/cases/{number}/closing", {**body, "request_id": str(uuid4())})
    assert (again.status_code, again.json["type"]) == (409, "urn:cartulario:case_closed")
