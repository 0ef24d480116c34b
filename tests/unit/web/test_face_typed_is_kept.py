"""What a requester typed is on the page that tells why it was not taken: a date passed, the case ended, it is too long."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import uuid4

import pytest

from engine.cases import FireTimers, WithdrawCase, fire_timers, withdraw_case
from engine.errors import Unavailable
from engine.history.case_file import find_case, tasks_of
from tests.support.face import ANSWERS, House, Visitor, complete, run_jobs

WRITTEN = "La presento en la Universidad de Cuenca, que me la pide así"
BACK = {"admision": "devolver", "motivo_admision": "Díganos dónde la va a presentar."}


@pytest.fixture
def returned(house: House, maria: Visitor) -> tuple[str, str]:
    """→ its number and the address of the answer."""
    number = maria.file()
    complete(house, number, "revisar_admisibilidad", "rosa", **BACK)
    with house.app.database.read() as conn:
        (task,) = [one for one in tasks_of(conn, find_case(conn, number).id) if one.status == "open"]
    return number, f"/tramites/{number}/responder/{task.id}"


def sent() -> dict[str, str]:
    return {**ANSWERS, "destino": WRITTEN, "request_id": str(uuid4())}


def test_an_answer_that_came_after_its_date_is_there_to_copy(house: House, returned: tuple[str, str]) -> None:
    with house.app.database.read() as conn:
        case_id = find_case(conn, returned[0]).id
    house.clock.advance(timedelta(days=30))
    fire_timers(FireTimers(case_id, house.clock.now()), house.app.engine)
    run_jobs(house)
    told = house.enter("maria").send(returned[1], sent())
    assert told.status_code == 409
    assert WRITTEN in told.text


def test_an_answer_while_something_is_away_keeps_its_form(
    maria: Visitor, returned: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise Unavailable("El archivo no responde.")

    monkeypatch.setattr(sys.modules["web.requests.answers"], "complete_task", away)
    told = maria.send(returned[1], sent())
    assert told.status_code == 503
    assert f'value="{WRITTEN}"' in told.text
    assert "El archivo no responde." in told.text


def test_somebody_elses_task_tells_nothing(house: House, returned: tuple[str, str]) -> None:
    assert house.enter("tadeo").send(returned[1], sent()).status_code == 404


def test_a_message_that_is_too_long_stays_in_its_field(maria: Visitor, returned: tuple[str, str]) -> None:
    told = maria.send(f"/tramites/{returned[0]}/mensaje", {"mensaje": f"{WRITTEN} " * 60})
    assert told.status_code == 422
    assert told.text.count(WRITTEN) == 60
    assert 'aria-invalid="true"' in told.text


def test_a_message_to_a_case_that_ended_is_there_to_copy(
    house: House, maria: Visitor, returned: tuple[str, str]
) -> None:
    with house.app.database.read() as conn:
        case_id = find_case(conn, returned[0]).id
    withdraw_case(WithdrawCase(case_id, house.people["maria"], "Ya no", uuid4()), house.app.engine)
    told = maria.send(f"/tramites/{returned[0]}/mensaje", {"mensaje": WRITTEN})
    assert told.status_code == 409
    assert WRITTEN in told.text
