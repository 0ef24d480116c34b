"""A request repeated by an impatient finger or a program answers the same, also when what it named is used up."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.cases import StartCase, start_case
from engine.errors import InvalidAnswers
from engine.storage.tables import person
from tests.integration.hard_input.front_desk import ANSWERS, PROCESS, FrontDesk
from tests.integration.hard_input.test_other_peoples_cases import uploaded


def test_a_request_with_a_file_repeated_answers_the_same_case(desk: FrontDesk) -> None:
    file = str(uploaded(desk, "maria"))
    command = StartCase(PROCESS, desk.people["maria"], {**ANSWERS, "adjuntos": [file]}, uuid4())
    first, second = start_case(command, desk.app.engine), start_case(command, desk.app.engine)
    assert (first.number, first.opened) == (second.number, second.opened)
    with pytest.raises(InvalidAnswers, match="corregir"):  # another request cannot use the same file
        start_case(StartCase(PROCESS, command.requester, command.answers, uuid4()), desk.app.engine)


def test_a_request_repeated_after_the_profile_changed_answers_the_same_case(desk: FrontDesk) -> None:
    command = StartCase(PROCESS, desk.people["maria"], ANSWERS, uuid4())
    first = start_case(command, desk.app.engine)
    with desk.app.database.write() as conn:
        conn.execute(person.update().where(person.c.id == command.requester).values(profile="administrativo"))
    assert start_case(command, desk.app.engine).number == first.number


def test_a_bad_request_is_refused_as_often_as_it_is_sent(desk: FrontDesk) -> None:
    command = StartCase(PROCESS, desk.people["maria"], {**ANSWERS, "tipo": "otra"}, uuid4())
    for _ in range(2):
        with pytest.raises(InvalidAnswers):
            start_case(command, desk.app.engine)
    assert start_case(StartCase(PROCESS, command.requester, ANSWERS, command.request_id), desk.app.engine).event == 1
