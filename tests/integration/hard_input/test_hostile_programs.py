"""Hard input through the API: refused as problems with their fields, and nobody's request answered to another."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from engine import people
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.errors import RequestReused
from tests.integration.hard_input.front_desk import ANSWERS, NOW, PROCESS, FrontDesk

API = "/api/v1"


class Program:
    """A program that acts as a person, by a token of theirs."""

    def __init__(self, desk: FrontDesk, username: str) -> None:
        with desk.app.database.write() as conn:
            token = people.create_token(conn, desk.people[username], "prueba", NOW, 9)
        self.headers, self.client = {"Authorization": f"Bearer {token}"}, desk.client()

    def get(self, address: str) -> TestResponse:
        return self.client.get(API + address, headers=self.headers)

    def send(self, address: str, body: bytes | dict[str, Any]) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(API + address, data=data, headers=self.headers, content_type="application/json")


def request_with(**answers: Any) -> dict[str, Any]:
    return {"process": PROCESS, "request_id": str(uuid4()), "answers": ANSWERS | answers}


def raw(answers: bytes) -> bytes:
    return b'{"process": "%s", "request_id": "%s", "answers": %s}' % (PROCESS.encode(), str(uuid4()).encode(), answers)


def test_bad_json_is_refused_and_never_a_fault(desk: FrontDesk) -> None:
    program = Program(desk, "maria")
    bodies = [
        b"{",
        b"",
        b"[]",
        b"\xff\xfe",
        raw(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        raw(b'{"a":' * 200_000),
        raw(b'{"destino": NaN}'),
        raw(b'{"destino": %s}' % (b"9" * 6_000)),
        raw(b'{"destino": "\\ud800"}'),
        raw(b'{"\\ud800": "x"}'),
    ]
    for body in bodies:
        answer = program.send("/cases", body)
        assert answer.status_code in (400, 422), body[:60]
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"destino": "a\x00"}, "destino", "caracteres de control"),
        ({"destino": "a\u202eb"}, "destino", "orden de lectura"),
        ({"typename": "x"}, "typename", "no se admite"),
        ({"rol": "administrador"}, "rol", "no tiene ese campo"),
        ({"destino": "x" * 70_000}, "destino", "demasiado largo"),
        ({"adjuntos": [str(uuid4())]}, "adjuntos", "ya no está"),
    ],
)
def test_a_bad_answer_names_its_field(desk: FrontDesk, answers: dict[str, Any], field: str, said: str) -> None:
    answer = Program(desk, "maria").send("/cases", request_with(**answers))
    assert answer.status_code == 422
    assert said in json.loads(answer.data)["errors"][field]


def test_a_request_of_one_person_is_not_answered_to_another_who_knows_its_id(desk: FrontDesk) -> None:
    request_id = uuid4()
    mine = StartCase(PROCESS, desk.people["maria"], ANSWERS, request_id)
    first = start_case(mine, desk.app.engine)
    assert start_case(mine, desk.app.engine).number == first.number
    with pytest.raises(RequestReused):
        start_case(StartCase(PROCESS, desk.people["ajena"], ANSWERS, request_id), desk.app.engine)
    task, answers, done = desk.open_task(first.case_id), {"admision": "admitir", "fuente_registro": "sistema"}, uuid4()
    complete_task(CompleteTask(task, desk.people["rosa"], answers, done), desk.app.engine)
    complete_task(CompleteTask(task, desk.people["rosa"], answers, done), desk.app.engine)
    with pytest.raises(RequestReused):
        complete_task(CompleteTask(task, desk.people["ajena"], answers, done), desk.app.engine)


def test_another_persons_case_does_not_exist_for_a_program(desk: FrontDesk) -> None:
    case = desk.start()
    task: UUID = desk.open_task(case.case_id)
    other = Program(desk, "ajena")
    for address in (
        f"/cases/{case.number}",
        f"/cases/{case.number}/events",
        f"/cases/{case.number}/timeline",
        f"/tasks/{task}",
    ):
        assert other.get(address).status_code == 404, address
    assert other.get(f"/audit/cases/{case.number}/export").status_code == 403
    withdrawal = {"reason": "porque sí", "request_id": str(uuid4())}
    assert other.send(f"/cases/{case.number}/withdrawal", withdrawal).status_code == 404
    assert json.loads(other.get("/cases/mine").data)["items"] == []


def test_numbers_and_dates_beyond_all_range_are_never_a_fault(desk: FrontDesk) -> None:
    program = Program(desk, "auditora")
    for address in (
        "/cases?since=0001-01-01T00:00:00%2B23:59",
        "/cases?until=9999-12-31T23:59:59-23:59",
        "/audit/seals/99999999999999999999999",
        "/tasks?after=%00",
        "/cases?q=%00",
    ):
        assert program.get(address).status_code < 500, address


def test_without_a_token_nothing_is_told(desk: FrontDesk) -> None:
    case = desk.start()
    for header in (
        {},
        {"Authorization": "Bearer x\x00"},
        {"Authorization": "Bearer " + "x" * 9_000},
        {"Authorization": "Basic eDp5"},
    ):
        answer = desk.client().get(f"{API}/cases/{case.number}", headers=header)
        assert answer.status_code == 401
        assert case.number not in answer.get_data(as_text=True)
    signed_in = desk.client("maria").get(f"{API}/cases/{case.number}")
    assert signed_in.status_code == 401, "a cookie must never open the API: it has no CSRF token"
