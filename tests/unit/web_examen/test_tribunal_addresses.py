"""The address of a professor of a tribunal is put right by who runs the mesa, on record, while no acta is locked."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from engine.actas import examen as exam
from engine.errors import NotFound
from engine.inbound.tribunal import change_professor_address
from engine.storage.tables import case, event, mesa_examen
from tests.support import examen
from tests.support.face import SERVICE, House, publish_process, run_jobs

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BOARD = (exam.Professor("Ada Nobel"), exam.Professor("Ivo Suárez", email="ivo@une.example"))


@pytest.fixture
def acta(house: House) -> exam.Acta:
    """Of a mesa whose tribunal has somebody to whom nobody can write; beside a docente with an account."""
    board = (*BOARD, exam.Professor("Irene Bermúdez Ñato", email="irene@une.example"))
    return examen.actas(house.app.database, examen.open_mesa(house.app.database, 2, tribunal=board))[0]


def addresses(house: House, acta: exam.Acta) -> list[str | None]:
    with house.app.database.read() as conn:
        return [one.email for one in exam.tribunal_of(conn, acta.mesa_id)]


@pytest.mark.req("R-41")
def test_the_departamento_mends_it_and_nobody_who_is_not_of_the_mesa(house: House, acta: exam.Acta) -> None:
    page = f"/examenes/{acta.base}/tribunal"
    for username, code in (("quimica", 200), ("economia", 404), ("docente", 404), ("maria", 404)):
        assert house.enter(username).open(page).status_code == code, username
        if code == 404:
            assert house.enter(username).send(f"{page}/1", {"email": "x@une.example"}).status_code == 404
    visitor = house.enter("quimica")
    assert "Sin correo" in visitor.open(page).text
    assert page in visitor.open(f"/examenes/{acta.base}").text
    assert page not in house.enter("docente").open(f"/examenes/{acta.base}").text
    assert visitor.send(f"{page}/1", {"email": " ada@une.example "}).status_code == 302
    assert visitor.send(f"{page}/2", {"email": "ivo.suarez@une.example"}).status_code == 302
    assert addresses(house, acta) == ["ada@une.example", "ivo.suarez@une.example", "irene@une.example"]
    assert "Sin correo" not in visitor.open(page).text


@pytest.mark.req("R-41")
@pytest.mark.parametrize("wrong", ["", "ada", "ada@une example", "áda@une.example", "a@une.example\nCc: b@x.example"])
def test_what_is_no_address_is_told_beside_its_field(house: House, acta: exam.Acta, wrong: str) -> None:
    refused = house.enter("quimica").send(f"/examenes/{acta.base}/tribunal/1", {"email": wrong})
    assert refused.status_code == 422
    assert 'aria-describedby="email-1-e"' in refused.text
    assert addresses(house, acta)[0] is None


@pytest.mark.req("R-41")
def test_of_who_has_an_account_and_of_a_locked_mesa_it_is_not_changed_here(house: House, acta: exam.Acta) -> None:
    visitor, page = house.enter("quimica"), f"/examenes/{acta.base}/tribunal"
    assert visitor.send(f"{page}/3", {"email": "x@une.example"}).status_code == 409
    assert visitor.send(f"{page}/4", {"email": "x@une.example"}).status_code == 404
    examen.bring(house.app.database, acta.id, "bloqueada")
    assert 'name="email"' not in visitor.open(page).text
    assert visitor.send(f"{page}/1", {"email": "x@une.example"}).status_code == 409
    assert addresses(house, acta) == [None, "ivo@une.example", "irene@une.example"]


@pytest.mark.req("R-11", "R-41")
def test_it_stays_in_the_history_of_the_case(house: House) -> None:
    publish_process(house, SERVICE)
    number = house.enter("maria").file()
    run_jobs(house)
    with house.app.database.read() as conn:
        case_id = conn.scalar(sa.select(case.c.id).where(case.c.number == number))
    mesa = examen.open_mesa(house.app.database, 2, tribunal=BOARD, case_id=case_id)
    (acta,) = examen.actas(house.app.database, mesa)
    with house.app.database.read() as conn:
        assert conn.scalar(sa.select(mesa_examen.c.case_id).where(mesa_examen.c.id == mesa)) == case_id
    change_professor_address(house.app, house.people["quimica"], acta.base, 1, "ada@une.example")
    change_professor_address(house.app, "root, as ana", acta.base, 2, "otro@une.example")
    change_professor_address(house.app, "root, as ana", acta.base, 2, "otro@une.example")
    with pytest.raises(NotFound):
        change_professor_address(house.app, house.people["economia"], acta.base, 2, "z@une.example")
    with house.app.database.read() as conn:
        of_case = sa.and_(event.c.case_id == case_id, event.c.kind == "professor_address")
        first, second = conn.execute(sa.select(event).where(of_case).order_by(event.c.n)).all()
    assert (first.actor, json.loads(first.data)["address"]) == (house.people["quimica"], [None, "ada@une.example"])
    assert json.loads(second.data)["operator"] == "root, as ana"
