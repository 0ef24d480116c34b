"""Exam actas for programs: what is found is the caller's to see, a docente states grades, a student reads what is
published and nothing before (R-27, R-37, R-50)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine import people
from engine.actas import examen as exam
from tests.integration.api.conftest import Api
from tests.support import examen
from tests.support.face import House, a_pdf, open_house
from tests.support.grading import waiting_acta
from tests.support.old_scans import CODES, old_acta, scan_one

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # both databases: see tests/unit/actas


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Api]:
    house: House = open_house(database_url, tmp_path)
    with house.app.database.write() as conn:
        house.people["docente"] = examen.prepare(conn)
        people.grant_role(conn, house.people["docente"], "docente", date(2024, 1, 1))
    house.person("jefa", "Ana Lucía", "Güemes", "sgpyec")
    house.person("economia", "Rosa", "Peñafiel", "departamento:economia")
    house.person("maria", "María José", "Ñáñez", profile="estudiante")
    yield Api(house)
    house.app.close()


@pytest.mark.req("R-27")
def test_the_register_and_an_acta_are_for_those_who_may_see_them(office: Api) -> None:
    database = office.house.app.database
    first, second = examen.actas(database, examen.open_mesa(database, 22))
    examen.bring(database, first.id, "bloqueada", absent=[2])
    chief = office.caller("jefa")
    found = chief.get("/exam-records?limit=1").json
    assert [one["base"] for one in found["items"]] == [second.base]
    following = chief.get(f"/exam-records?limit=1&after={found['next']}").json
    assert ([one["base"] for one in following["items"]], following["next"]) == ([first.base], None)
    assert [one["base"] for one in chief.get("/exam-records?q=L1 F1&state=bloqueada").json["items"]] == [first.base]
    assert [one["holder"] for one in chief.get("/exam-records?waiting=true").json["items"]] == ["sgpyec"]
    one = chief.get(f"/exam-records/{first.base}").json
    assert (one["book"], one["folio"], one["enrolled"], one["examined"], one["state"]) == (1, 1, 21, 20, "bloqueada")
    assert (one["rows"][0]["grade"], one["rows"][1]["absent"], one["rows"][1]["grade"]) == ("10", True, None)
    assert one["original_sha256"]
    assert [step["to"] for step in one["steps"]][-1] == "bloqueada"
    for username in ("economia", "maria"):
        assert office.caller(username).get(f"/exam-records/{first.base}").status_code == 404
        assert office.caller(username).get(f"/exam-records/{first.base}/statements").status_code == 404
    assert office.caller("economia").get("/exam-records").json["items"] == []
    assert office.caller("maria").get("/exam-records").status_code == 404
    assert chief.get("/exam-records/2026-L0009-F0001").status_code == 404


def body(acta: exam.Acta, **changed: Any) -> dict[str, Any]:
    rows = [{"n": 1, "grade": "8"}, {"n": 2, "absent": True}, {"n": 3, "grade": "10", "words": "diez"}]
    given = {"base": acta.base, "date": "2026-03-01", "enrolled": 3, "examined": 2, "request_id": str(uuid4())}
    return given | {"rows": rows} | changed


def waiting(office: Api) -> tuple[UUID, exam.Acta]:
    task_id, acta_id = waiting_acta(office.house)
    return task_id, examen.read_acta(office.house.app.database, acta_id)


@pytest.mark.req("R-37", "R-38")
def test_a_docente_states_grades_once_and_reads_what_was_stated(office: Api) -> None:
    task_id, acta = waiting(office)
    call, sent = office.caller("docente"), body(acta)
    answers = [call.post(f"/tasks/{task_id}/grades", sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    (stated,) = call.get(f"/exam-records/{acta.base}/statements").json["items"]
    assert (stated["source"], stated["faults"], stated["accepted"]) == ("web", [], False)
    assert [(row["grade"], row["words"], row["absent"]) for row in stated["rows"]] == [
        ("8", "ocho", False),
        (None, "ausente", True),
        ("10", "diez", False),
    ]


@pytest.mark.req("R-38")
def test_what_is_incomplete_or_another_actas_is_refused_and_not_kept(office: Api) -> None:
    task_id, acta = waiting(office)
    call, path = office.caller("docente"), f"/tasks/{task_id}/grades"
    wrong = call.post(path, body(acta, examined=3))
    assert wrong.status_code == 422
    assert "examinados dice 3" in wrong.text
    letters = call.post(path, body(acta, rows=[{"n": 1, "grade": "8", "words": "siete"}, *body(acta)["rows"][1:]]))
    assert "las letras dicen" in letters.text
    other = examen.actas(office.house.app.database, examen.open_mesa(office.house.app.database, 1))[0]
    assert call.post(path, body(other)).status_code == 404
    assert call.post(path, body(acta, rows=[{"n": 99}])).status_code == 422
    assert office.caller("economia").post(path, body(acta)).status_code == 404
    assert office.caller("jefa").post(path, body(acta)).status_code in (403, 404)
    assert call.get(f"/exam-records/{acta.base}/statements").json["items"] == []


@pytest.mark.req("R-50")
def test_a_student_reads_a_grade_from_its_publication_on_and_not_before(office: Api) -> None:
    database, house = office.house.app.database, office.house
    with database.write() as conn:
        people.update_person(conn, house.people["maria"], identity_kind="dni", identity_number="20000001")
    (acta,) = examen.actas(database, examen.open_mesa(database, 1))
    examen.bring(database, acta.id, "bloqueada", mark="8")
    call = office.caller("maria")
    assert call.get("/academic-history").json == {"items": []}
    exam.publish_due(database, exam.Schedule.of(house.app.config), house.clock.now())
    (entry,) = call.get("/academic-history").json["items"]
    assert (entry["base"], entry["grade"], entry["words"], entry["replaced"]) == (acta.base, "8", "ocho", False)
    assert office.caller("jefa").get("/academic-history").json == {"items": []}


@pytest.mark.req("R-21", "R-27", "R-53")
def test_old_actas_with_their_scans_are_for_those_who_see_the_whole_register(office: Api) -> None:
    app, file = office.house.app, a_pdf()
    scan_one(app, old_acta(), file)
    scan_one(app, old_acta(motivo="No se lee."), file + b"\n")
    scan_one(app, old_acta("2016-L0001-F0002"), file + b"\n\n", papel="danado")
    chief = office.caller("jefa")
    page = chief.get("/old-exam-records?limit=1").json
    assert ([one["base"] for one in page["items"]], page["total"]) == (["2015-L0003-F0012"], 2)
    rest = chief.get(f"/old-exam-records?limit=1&after={page['next']}").json
    assert ([one["base"] for one in rest["items"]], rest["next"]) == (["2016-L0001-F0002"], None)
    for asked, count in (
        ("q=L3 F12", 1),
        ("year=2016", 1),
        ("article=2", 0),
        ("rescanned=true", 1),
        ("damaged_paper=true", 1),
    ):
        assert len(chief.get(f"/old-exam-records?{asked}").json["items"]) == count, asked
    one = chief.get("/old-exam-records/2015-L0003-F0012").json
    assert [(scan["n"], scan["reason"]) for scan in one["scans"]] == [(2, "No se lee."), (1, None)]
    assert (one["book"], one["folio"], one["students"], one["certificate_code"]) == (3, 12, "Ñáñez, Güemes", CODES[2])
    assert chief.get("/old-exam-records/2015-L0003-F0012/scans/1/content").data == file
    assert chief.get("/old-exam-records/2015-L0003-F0012/scans/9/content").status_code == 404
    for username in ("economia", "maria"):
        paths = ("", "/2015-L0003-F0012", "/2015-L0003-F0012/scans/1/content")
        answers = {office.caller(username).get(f"/old-exam-records{path}").status_code for path in paths}
        assert answers == {404}, username
