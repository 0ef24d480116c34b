"""By programs: the same asked twice, filing for others, what requesters say of how they were served."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from engine.config import ROOT
from engine.definitions import Bundle, publish
from engine.documents import release, store_document
from engine.history.case_file import find_case
from engine.storage.tables import case, read_log
from tests.integration.api.conftest import ANSWERS, Api
from tests.support.face import MONDAY, a_pdf

PROCESS = "solicitar_certificacion"
ORIGIN = "Consejo de Educación Superior, oficio CES-SG-2026-0123-O"


def asking(**more) -> dict:
    return {"process": PROCESS, "answers": ANSWERS, "request_id": str(uuid4()), **more}


def test_the_same_asked_twice_is_a_409_that_says_how_to_go_on(api: Api) -> None:
    maria = api.caller("maria")
    first = maria.post("/cases", asking()).json["number"]
    body = asking()
    problem = maria.post("/cases", body)
    assert problem.status_code == 409
    told = problem.json
    assert (told["title"], told["earlier"], told["confirm"]) == ("same_request_today", first, {"confirmed": True})
    second = maria.post("/cases", body | told["confirm"])
    assert second.status_code == 201
    assert second.json["number"] != first


def test_the_secretariat_files_for_somebody_with_the_organism_that_asks_and_nobody_else_does(api: Api) -> None:
    maria = api.house.people["maria"]
    made = api.caller("rosa").post("/cases", asking(requester=str(maria), origin=ORIGIN))
    assert made.status_code == 201, made.text
    with api.house.app.database.read() as conn:
        head = find_case(conn, made.json["number"])
    assert (head.requester_id, head.filed_by_id, head.origin) == (maria, api.house.people["rosa"], ORIGIN)
    assert api.caller("tadeo").post("/cases", asking(requester=str(maria))).status_code == 403


def test_a_complaint_names_ones_own_case_and_a_mark_is_given_once(api: Api) -> None:
    house = api.house
    with house.app.database.write() as conn:
        bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", "atender_queja")
        publish(conn, bundle, None, MONDAY, house.app.operations)
    number = api.start()
    maria, tadeo = api.caller("maria"), api.caller("tadeo")
    answers = {"clase": "sugerencia", "texto": "Avisen también por la tarde.", "adjuntos": []}
    body = {"process": "atender_queja", "answers": answers, "about": number}
    assert maria.post("/cases", body | {"request_id": str(uuid4())}).json["number"].startswith("QS-")
    assert tadeo.post("/cases", body | {"request_id": str(uuid4())}).status_code == 404
    place = f"/cases/{number}/satisfaction"
    assert maria.post(place, {"score": 5}).status_code == 409
    with house.app.database.write() as conn:
        made = store_document(
            conn, house.app.archive, case_id=find_case(conn, number).id, kind="issued", name="a.pdf", title="A",
            media_type="application/pdf", data=a_pdf(), at=MONDAY,
        )  # fmt: skip
        release(conn, [made.id], MONDAY)
        conn.execute(case.update().where(case.c.number == number).values(status="completed", closed_at=MONDAY))
    assert [tadeo.post(place, {"score": 5}).status_code, maria.post(place, {"score": 0}).status_code] == [404, 422]
    assert maria.post(place, {"score": 5, "comment": "Bien"}).status_code == 204
    assert maria.post(place, {"score": 1}).status_code == 409


def test_what_the_office_reads_by_programs_is_on_record_for_its_requester(api: Api) -> None:
    number = api.start()
    maria, rosa = api.caller("maria"), api.caller("rosa")
    for reader in (maria, rosa):
        for place in ("", "/timeline"):
            assert reader.get(f"/cases/{number}{place}").status_code == 200
    assert rosa.get(f"/cases/{number}/events").status_code == 200
    with api.house.app.database.read() as conn:
        reads = conn.execute(sa.select(read_log.c.person_id, read_log.c.what).order_by(read_log.c.at)).all()
    told = {"Abrió el trámite", "Abrió la historia del trámite"}
    assert {tuple(read) for read in reads} == {(api.house.people["rosa"], what) for what in told}
