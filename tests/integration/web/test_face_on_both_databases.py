"""What the face keeps and reads itself (drafts, lost forms, one's own cases), on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import people
from engine.cases.drafts import KEPT_FOR, drop_old_drafts, list_request_drafts
from engine.errors import NotFound
from engine.history.requester import (
    cases_to_answer,
    find_own_case,
    holders_of,
    list_own_cases,
    own_documents,
    own_tasks,
)
from engine.people.unsent_form import MOST, keep_unsent_form, take_unsent_form
from tests.support.face import House, complete, furnish, open_house
from tests.support.smtp import SmtpServer


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with SmtpServer() as smtp:
        made = open_house(database_url, tmp_path, smtp.port)
        furnish(made)
        yield made
        made.app.close()


def test_a_request_from_its_draft_to_its_return_as_its_requester_reads_it(house: House) -> None:
    visitor, maria = house.enter("maria"), house.people["maria"]
    first, second = visitor.file(), visitor.file()
    complete(house, first, "revisar_admisibilidad", "rosa", admision="devolver", motivo_admision="No se lee.")
    with house.app.database.read() as conn:
        cases, total = list_own_cases(conn, maria)
        assert total == 2
        assert [one.head.number for one in cases] == [first, second]  # what waits for her comes first
        assert cases[0].to_answer is not None
        assert cases[0].answer_until is not None
        assert [one.head.number for one in cases_to_answer(conn, maria)] == [first]
        assert holders_of(conn, cases[0].head.id) == []
        assert [one.role for one in holders_of(conn, cases[1].head.id)] == ["secretaria"]
        assert [one.id for one in own_tasks(conn, cases[0].head.id)] == [cases[0].to_answer]
        assert own_documents(conn, maria) == []
        with pytest.raises(NotFound):
            find_own_case(conn, first, house.people["tadeo"])
        assert list_own_cases(conn, house.people["tadeo"]) == ([], 0)


def test_drafts_are_dropped_after_their_thirty_days(house: House) -> None:
    visitor, maria = house.enter("maria"), house.people["maria"]
    visitor.send(f"{visitor.begin()}/borrador", {"destino": "Consulado"})
    now = house.clock.now()
    with house.app.database.write() as conn:
        assert len(list_request_drafts(conn, maria, now)) == 1
        assert list_request_drafts(conn, house.people["tadeo"], now) == []
        assert drop_old_drafts(conn, now + KEPT_FOR - timedelta(seconds=1)) == 0
        assert drop_old_drafts(conn, now + KEPT_FOR) == 1
        assert list_request_drafts(conn, maria, now) == []


def test_a_lost_form_is_given_back_once_and_only_to_its_person(house: House) -> None:
    maria, tadeo, now = house.people["maria"], house.people["tadeo"], house.clock.now()
    with house.app.database.write() as conn:
        keep_unsent_form(conn, maria, "/solicitudes/1", [("destino", "A"), ("productos", "x"), ("productos", "y")], now)
        keep_unsent_form(conn, maria, "/solicitudes/1", [("destino", "B")], now)
        assert take_unsent_form(conn, tadeo, "/solicitudes/1", now) == []
        assert take_unsent_form(conn, maria, "/solicitudes/1", now) == [("destino", "B")]
        assert take_unsent_form(conn, maria, "/solicitudes/1", now) == []


def test_lost_forms_are_few_and_do_not_last(house: House) -> None:
    maria, now = house.people["maria"], house.clock.now()
    with house.app.database.write() as conn:
        for n in range(MOST + 5):
            keep_unsent_form(conn, maria, f"/solicitudes/{n}", [("n", str(n))], now + timedelta(seconds=n))
        late = now + timedelta(minutes=1)
        kept = [n for n in range(MOST + 5) if take_unsent_form(conn, maria, f"/solicitudes/{n}", late)]
        assert kept == list(range(5, MOST + 5))
        keep_unsent_form(conn, maria, "/vieja", [("n", "1")], now)
        assert take_unsent_form(conn, maria, "/vieja", now + timedelta(days=8)) == []


def test_a_role_that_was_lent_is_shown_under_the_header_with_its_end(house: House) -> None:
    house.person("jefa", "Ana Lucía", "Villacís Arteaga", "jefe_secretaria")
    with house.app.database.write() as conn:
        people.delegate(
            conn, house.people["jefa"], house.people["rosa"], "jefe_secretaria", date(2026, 11, 23),
            date(2026, 11, 27), "Vacaciones", house.clock.now(),
        )  # fmt: skip
    page = house.enter("rosa").open("/ayuda").text
    assert "Actúa en subrogación de Villacís Arteaga, Ana Lucía" in page
    assert "hasta el viernes 27 de noviembre de 2026" in page
    assert "Actúa en subrogación" not in house.enter("jefa").open("/ayuda").text
