"""What is refused at a door is told in Spanish, as a sentence that says what to do, and tells nothing else."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest

from tests.integration.hard_input.front_desk import FrontDesk
from tests.integration.hard_input.test_hostile_programs import Program, raw
from tests.integration.hard_input.test_hostile_requests import words

UNREADABLE = "No se pudo leer lo que envió: revise que sea JSON válido."


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", raw(b'{"destino": NaN}'), raw(b'{"a":' * 10_000 + b"1" + b"}" * 10_000)],
    ids=["cut", "empty", "not_utf8", "nan", "ten_thousand_levels"],
)
def test_json_that_cannot_be_read_is_told_so(desk: FrontDesk, body: bytes) -> None:
    answer = Program(desk, "maria").send("/cases", body)
    assert (answer.status_code, json.loads(answer.data)["detail"]) == (400, UNREADABLE)


def test_answers_with_many_levels_are_told_where_and_why(desk: FrontDesk) -> None:
    answer = Program(desk, "maria").send("/cases", raw(b'{"destino":' * 200 + b"1" + b"}" * 200))
    assert answer.status_code == 422
    (said,) = json.loads(answer.data)["errors"].values()
    assert said == "Tiene más de 8 niveles, uno dentro de otro. Envíe los datos tal como los pide el formulario."


def test_a_case_of_somebody_else_reads_the_same_as_one_that_does_not_exist(desk: FrontDesk) -> None:
    case = desk.start()
    task = desk.open_task(case.case_id)
    client, program = desk.client("ajena"), Program(desk, "ajena")
    pairs = [
        (f"/tramites/{case.number}", "/tramites/SG-2026-099999"),
        (f"/bandeja/{task}", f"/bandeja/{uuid4()}"),
        (f"/casos/{case.number}", "/casos/SG-2026-099999"),
    ]
    for theirs, nothing in pairs:
        answers = [client.get(address) for address in (theirs, nothing)]
        assert [one.status_code for one in answers] == [404, 404]
        assert words(answers[0]) == words(answers[1])
        assert "No encontramos lo que busca, o no está a su alcance." in words(answers[0])
    one, other = program.get(f"/cases/{case.number}"), program.get("/cases/SG-2026-099999")
    assert one.data == other.data
    assert json.loads(one.data)["detail"] == "No encontramos lo que busca, o no está a su alcance."


def test_fifty_megabytes_sent_by_a_program_are_refused(desk: FrontDesk) -> None:
    program = Program(desk, "maria")
    fields = {"file": (io.BytesIO(b"%PDF-1.4" + b"0" * 50 * 1024 * 1024), "tesis.pdf")}
    answer = program.client.post("/api/v1/uploads", data=fields, headers=program.headers)
    assert answer.status_code == 413
    assert json.loads(answer.data)["detail"].startswith("Lo que envía es demasiado grande")
