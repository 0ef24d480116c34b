"""Every kind of error has a page in the same hand, JSON for programs, and Retry-After where waiting helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine import errors
from engine.storage.unit_of_work import Database
from tests.support.face import House, Visitor, open_house

RAISED = {
    "not_found": (errors.NotFound(), 404, "No encontramos esta página"),
    "not_allowed": (errors.NotAllowed(), 403, "Es una página de la oficina, o de otra persona"),
    "conflict": (errors.TaskTaken("La tiene Rosa."), 409, "La tiene Rosa."),
    "too_large": (errors.TooLarge(), 413, "Lo que envía es demasiado grande"),
    "invalid": (errors.InvalidAnswers({"a": "Complete «Destino»"}), 422, "Complete «Destino»"),
    "too_many": (errors.TooMany(), 429, "Demasiados intentos"),
    "away": (errors.Unavailable(), 503, "El sistema está ocupado"),
    "fault": (errors.EngineFault("la variable promedio no existe"), 500, "Algo falló de nuestro lado"),
    "bug": (ZeroDivisionError("dato secreto"), 500, "Algo falló de nuestro lado"),
}


@pytest.fixture(scope="module")
def broken(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A face with a page for each way to fail."""
    house = open_house(f"sqlite:///{furnished}", tmp_path_factory.mktemp("broken"))
    add_pages(house.flask)
    yield house.visitor()
    house.app.close()


def add_pages(app: Flask) -> None:
    def fail(name: str) -> str:
        raise RAISED[name][0]

    app.add_url_rule("/falla/<name>", "fail", fail)


@pytest.mark.parametrize("name", RAISED)
def test_an_error_has_its_page_with_a_way_forward(broken: Visitor, name: str) -> None:
    _error, status, said = RAISED[name]
    answer = broken.open(f"/falla/{name}")
    assert answer.status_code == status
    assert said in answer.text
    assert "Ver los servicios" in answer.text
    assert "secreto" not in answer.text
    assert "promedio" not in answer.text


@pytest.mark.parametrize("name", RAISED)
def test_a_program_gets_the_same_error_as_json(broken: Visitor, name: str) -> None:
    error, status, _said = RAISED[name]
    answer = broken.open(f"/falla/{name}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["detail"]
    if isinstance(error, errors.CartularioError) and status != 500:
        assert answer.json["title"] == error.code
    assert "secreto" not in answer.text


def test_waiting_helps_when_the_base_is_away(broken: Visitor) -> None:
    assert broken.open("/falla/away").headers["Retry-After"] == "5"
    assert int(broken.open("/falla/too_many").headers["Retry-After"]) > 0


def test_a_fault_gives_a_reference_that_the_log_has_too(broken: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    page = broken.open("/falla/bug").text
    reference = page.split('class="num-case">')[1].split("<")[0]
    assert reference in caplog.text
    assert "dato secreto" in caplog.text


def test_an_unknown_address_and_a_wrong_method_have_their_page(visitor: Visitor) -> None:
    assert visitor.open("/no-hay").status_code == 404
    assert visitor.open("/salir").status_code == 405


def test_a_base_that_cannot_be_opened_is_told_as_busy_and_loses_nothing(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    good = house.app.database
    object.__setattr__(house.app, "database", Database("sqlite:////nonexistent/cartulario.db"))
    answer = maria.client.get("/salud")
    object.__setattr__(house.app, "database", good)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert maria.open(draft).status_code == 200


def test_who_is_not_of_the_office_is_not_told_of_functions_and_the_staff_is(house: House) -> None:
    maria = house.enter("maria").open("/tablero")
    assert (maria.status_code, "Esto no está a su alcance" in maria.text) == (403, True)
    assert "El tablero es para quienes dirigen" in maria.text
    assert "dé la función" not in maria.text
    rosa = house.enter("rosa").open("/tablero").text
    assert "Esto no le corresponde a su función" in rosa
    assert "pídale a quien administra el sistema que le dé la función" in rosa
