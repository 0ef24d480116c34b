"""A request_id that was used for something is not answered with the receipt of that: what is lost in silence is worse
than what is refused. The very same request repeated answers the same, files counted by their content."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cases import (
    AnswerRequester,
    CompleteTask,
    StartCase,
    answer_requester,
    complete_task,
    start_case,
)
from engine.cases.idempotence import digest_of
from engine.documents import store_document
from engine.errors import RequestReused
from engine.history.case_file import tasks_of
from tests.support.face import House, furnish, open_house, publish_process

ASKED = {"productos": ["certificado_institucional"], "tipo": "matricula", "destino": "Cuenca", "declaracion": True}
REFUSED = {"admision": "rechazar", "motivo_admision": "No consta."}
TOLD = {"clase": "queja", "texto": "Nadie me supo decir quién tenía mi trámite."}


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_url, tmp_path)
    furnish(made)
    publish_process(made, "atender_queja")
    yield made
    made.app.close()


def asked_by_maria(house: House) -> uuid.UUID:
    command = StartCase("solicitar_certificacion", house.people["maria"], ASKED, uuid.uuid4())
    return start_case(command, house.app.engine).case_id


def test_a_complaint_sent_with_the_request_id_of_a_request_is_refused_and_not_lost(house: House) -> None:
    maria = house.people["maria"]
    first = StartCase("solicitar_certificacion", maria, ASKED, uuid.uuid4())
    number = start_case(first, house.app.engine).number
    for other in (
        replace(first, process="atender_queja", answers=TOLD),
        replace(first, answers={**ASKED, "destino": "Loja"}),
        replace(first, about=uuid.uuid4()),
    ):
        with pytest.raises(RequestReused):
            start_case(other, house.app.engine)
    assert start_case(first, house.app.engine).number == number
    assert start_case(replace(first, confirmed=True), house.app.engine).number == number


def test_a_task_completed_with_other_answers_under_the_same_id_is_refused(house: House) -> None:
    case_id = asked_by_maria(house)
    with house.app.database.read() as conn:
        (task,) = tasks_of(conn, case_id)
    done = CompleteTask(task.id, house.people["rosa"], REFUSED, uuid.uuid4())
    receipt = complete_task(done, house.app.engine)
    with pytest.raises(RequestReused):
        complete_task(replace(done, answers={**REFUSED, "motivo_admision": "Falta la firma."}), house.app.engine)
    assert complete_task(done, house.app.engine).event == receipt.event


def test_another_message_to_the_requester_under_the_same_id_is_refused(house: House) -> None:
    case_id = asked_by_maria(house)
    said = AnswerRequester(case_id, house.people["rosa"], "Mañana está.\r\n", uuid.uuid4())
    receipt = answer_requester(said, house.app.engine)
    assert answer_requester(replace(said, text="Mañana está."), house.app.engine).event == receipt.event
    with pytest.raises(RequestReused):
        answer_requester(replace(said, text="Pasado mañana."), house.app.engine)


def test_a_file_counts_by_its_content_and_not_by_its_number(house: House) -> None:
    """A page sent twice by an impatient finger stores its file twice."""
    with house.app.database.write() as conn:
        same, again, other = (
            store_document(
                conn, house.app.archive, case_id=None, kind="upload", name="a.txt", title="a", media_type="text/plain",
                data=data, created_by=house.people["maria"], at=house.clock.now(),
            ).id
            for data in (b"uno", b"uno", b"otro")
        )  # fmt: skip
        digests = [digest_of(conn, {"adjuntos": [str(one)], "motivo": "x"}) for one in (same, again, other)]
    assert digests[0] == digests[1] != digests[2]
