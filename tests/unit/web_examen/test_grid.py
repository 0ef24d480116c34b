"""The docente's grid: letters and totals come back, wrong rows are told, nothing is sent before it was reviewed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas import examen as exam
from engine.cases import CompleteTask, complete_task
from engine.errors import InvalidAnswers, Unavailable
from engine.inbound import grade_task
from engine.people import grant_role
from engine.storage.tables import event, task
from tests.support import examen
from tests.support.face import PASSWORD, House, Visitor, open_house
from tests.support.grading import waiting_acta

GOOD = {"n1": "8", "n2": "a", "n3": "10"}


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(database_url, tmp_path)
    made.person("jefa", "Ana Lucía", "Güemes", "sgpyec")
    with made.app.database.write() as conn:
        docente = examen.prepare(conn)
        people.set_password(conn, docente, PASSWORD, made.clock.now())
        grant_role(conn, docente, "docente", date(2024, 1, 1))
    made.people["docente"] = docente
    yield made
    made.app.close()


pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


class Grid:
    def __init__(self, house: House, students: int = 3) -> None:
        self.house = house
        self.task_id, self.acta_id = waiting_acta(house, students)
        self.visitor: Visitor = house.enter("docente")
        self.address = f"/bandeja/{self.task_id}/planilla"

    def open(self) -> str:
        answer = self.visitor.open(self.address)
        assert answer.status_code == 200
        return answer.text

    def send(self, act: str, *, request_id: str | None = None, **typed: str):  # type: ignore[no-untyped-def]
        fields = {"fecha": "2026-03-01", "acta_id": str(self.acta_id), "request_id": request_id or str(uuid4())}
        return self.visitor.send(self.address, {**fields, "_accion": act, **typed})

    def loads(self) -> list[exam.Load]:
        with self.house.app.database.read() as conn:
            return exam.loads_of(conn, self.acta_id)

    def status(self) -> str:
        with self.house.app.database.read() as conn:
            return str(conn.execute(task.select()).one().status)


@pytest.mark.req("R-37", "R-38", "R-60")
def test_grades_are_kept_reviewed_and_sent(house: House) -> None:
    grid = Grid(house)
    page = grid.open()
    assert page.count('class="grade"') == 3
    assert "Apellido 00001, Nombre 1" in page
    assert grid.send("guardar", n1="8").status_code == 303
    kept = grid.open()
    assert 'name="n1" inputmode="decimal" maxlength="12"' in kept
    assert re.search(r'name="n1"[^>]*value="8"', kept)
    assert ">ocho</output>" in kept
    assert grid.loads() == []
    review = grid.send("revisar", **GOOD)
    assert review.status_code == 200
    assert "<b>8</b> (ocho)" in review.text
    assert '<span class="muted">ausente</span>' in review.text
    assert grid.loads() == []
    back = grid.send("corregir", **GOOD)
    assert re.search(r'name="n3"[^>]*value="10"', back.text)
    sent = grid.send("enviar", inscriptos="3", examinados="2", **GOOD)
    assert sent.status_code == 303
    (load,) = grid.loads()
    assert [(row.nota, row.letras, row.ausente) for row in load.rows] == [
        ("8", "ocho", False),
        (None, "ausente", True),
        ("10", "diez", False),
    ]
    assert (load.source, load.inscriptos, load.examinados) == ("web", 3, 2)
    assert grid.status() == "completed"


WRONG = [
    ({"n1": "11", "n2": "a", "n3": "10"}, "va de 0 a 10"),
    ({"n1": "8,5", "n2": "a", "n3": "10"}, "sin decimales"),
    ({"n1": "ocho", "n2": "a", "n3": "10"}, "es un número de 0 a 10"),
    ({"n1": "8", "n3": "10"}, "falta la calificación"),
    ({"n1": "8", "n2": "a", "n3": "10", "fecha": ""}, "Escriba la fecha del examen"),
    ({"n1": "8", "n2": "a", "n3": "10", "fecha": "2031-01-01"}, "no puede ser posterior"),
    ({"n1": "8", "n2": "a", "n3": "10", "f3": "2031-01-01"}, "no puede ser posterior"),
]
DISAGREE = [
    ({"inscriptos": "4", "examinados": "2"}, "inscriptos dice 4 y según las filas son 3"),
    ({"inscriptos": "3", "examinados": "3"}, "examinados dice 3 y según las filas son 2"),
    ({"inscriptos": "3"}, "Falta el total de alumnos examinados"),
]


@pytest.mark.req("R-37", "R-38")
def test_what_is_wrong_is_told_beside_it_and_nothing_typed_is_lost(house: House) -> None:
    grid = Grid(house)
    for typed, said in WRONG:
        answer = grid.send("revisar", **typed)
        assert answer.status_code == 422, said
        assert said in answer.text
        assert re.search(rf'name="n1"[^>]*value="{typed["n1"]}"', answer.text), said
        assert re.search(rf'name="n1"[^>]*value="{typed["n1"]}"', grid.open()), said
    assert grid.loads() == []


@pytest.mark.req("R-38")
def test_totals_that_do_not_agree_with_the_rows_are_not_sent(house: House) -> None:
    grid = Grid(house)
    for totals, said in DISAGREE:
        answer = grid.send("enviar", **GOOD, **totals)
        assert answer.status_code == 422, said
        assert said in answer.text
        assert "Usted certifica los totales" in answer.text
    assert grid.loads() == []
    assert grid.status() == "open"


def test_the_same_page_sent_twice_states_once(house: House) -> None:
    grid, key = Grid(house), str(uuid4())
    for _ in range(2):
        sent = grid.send("enviar", request_id=key, inscriptos="3", examinados="2", **GOOD)
        assert sent.status_code == 303
    assert len(grid.loads()) == 1


@pytest.mark.req("R-45")
def test_a_statement_that_comes_second_is_kept_and_shown(house: House) -> None:
    """A mail was accepted while the grid was open."""
    grid = Grid(house)
    docente = house.people["docente"]
    with house.app.database.write() as conn:
        told = examen.statement(conn, grid.acta_id)
        first = exam.record_load(conn, grid.acta_id, source="correo", by=docente, at=house.clock.now(), **told)
    complete_task(CompleteTask(grid.task_id, docente, {"carga": str(first.id)}, uuid4()), house.app.engine)
    late = grid.send("enviar", inscriptos="3", examinados="2", **GOOD)
    assert late.status_code == 409
    assert "La primera carga completa es la que vale" in late.text
    assert "ausente" in late.text
    assert {load.source: load.by for load in grid.loads()} == {"correo": docente, "web": docente}


@pytest.mark.req("R-11")
def test_a_closed_task_shows_nobody_elses_acta_whatever_the_page_says(house: House) -> None:
    grid, other = Grid(house), house.person("otro", "Otilia", "Quiroga")
    theirs = examen.actas(house.app.database, examen.open_mesa(house.app.database, 1, docente_id=other))[0].id
    totals = {"inscriptos": "3", "examinados": "2"}
    assert grid.send("enviar", **totals, **GOOD).status_code == 303
    for acta_id, status in {str(theirs): 409, str(uuid4()): 404, "ninguna": 404, "": 404}.items():
        late = grid.send("enviar", acta_id=acta_id, **totals, **GOOD)
        assert late.status_code == status, acta_id
        assert "Métodos numéricos" not in late.text
        assert "Apellido" not in late.text
    assert "Métodos numéricos" in grid.send("enviar", **totals, **GOOD).text
    with house.app.database.read() as conn:
        assert exam.loads_of(conn, theirs) == []


@pytest.mark.req("R-37", "R-38")
def test_a_task_with_a_grid_completes_only_with_what_its_doer_stated_of_its_acta(house: House) -> None:
    """By the inbox and the API too: an invented statement would stop the acta for good."""
    grid, docente = Grid(house), house.people["docente"]
    other = examen.actas(house.app.database, examen.open_mesa(house.app.database, 1))[0].id
    loads = {}
    with house.app.database.write() as conn:
        for acta_id, by in ((other, docente), (grid.acta_id, house.people["jefa"]), (grid.acta_id, docente)):
            told = examen.statement(conn, acta_id)
            made = exam.record_load(conn, acta_id, source="web", by=by, at=house.clock.now(), **told)
            loads[acta_id, by] = str(made.id)
    own = loads.pop((grid.acta_id, docente))
    for carga in (str(uuid4()), "por correo", *loads.values()):
        with pytest.raises(InvalidAnswers):
            complete_task(CompleteTask(grid.task_id, docente, {"carga": carga}, uuid4()), house.app.engine)
    assert grid.status() == "open"
    complete_task(CompleteTask(grid.task_id, docente, {"carga": own}, uuid4()), house.app.engine)
    assert grid.status() == "completed"


@pytest.mark.req("R-11")
def test_nobody_else_opens_the_grid(house: House) -> None:
    grid = Grid(house)
    other = house.enter("jefa")
    assert other.open(grid.address).status_code in (403, 404)
    sent = other.send(grid.address, {"acta_id": str(grid.acta_id), "request_id": str(uuid4()), "_accion": "enviar"})
    assert sent.status_code in (403, 404)
    assert grid.loads() == []


def test_the_inbox_leads_to_the_grid_and_dates_of_their_own_are_kept(house: House) -> None:
    grid = Grid(house)
    assert grid.address in grid.visitor.open(f"/bandeja/{grid.task_id}").text
    grid.send("guardar", f2="2026-02-27", **GOOD)
    page = grid.open()
    assert re.search(r'name="f2"[^>]*value="2026-02-27"', page)
    assert 'id="fechas-propias" name="fechas_propias" checked' in page
    grid.send("enviar", inscriptos="3", examinados="2", f2="2026-02-27", **GOOD)
    (load,) = grid.loads()
    assert [row.fecha for row in load.rows] == [date(2026, 3, 1), date(2026, 2, 27), date(2026, 3, 1)]


@pytest.mark.req("R-37", "R-38")
def test_a_grade_put_right_after_a_cut_is_the_one_that_counts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first try was cut between the statement and the task: what the docente sent last is what is loaded."""
    grid, key = Grid(house), str(uuid4())
    totals = {"request_id": key, "inscriptos": "3", "examinados": "2"}
    with monkeypatch.context() as cut:
        cut.setattr(grade_task, "complete_task", Mock(side_effect=Unavailable()))
        assert grid.send("enviar", **totals, **GOOD).status_code == 503
    assert grid.send("enviar", **totals, **GOOD | {"n1": "2"}).status_code == 303
    with house.app.database.read() as conn:
        done = conn.scalars(sa.select(event.c.data).where(event.c.kind == "task_completed")).one()
        counts = exam.get_load(conn, UUID(json.loads(done)["answers"]["carga"]))
    assert [row.nota for row in counts.rows] == ["2", None, "10"]
    kept = [[row.nota for row in load.rows] for load in grid.loads()]  # of one instant: in any order
    assert sorted(kept, key=str) == [["2", None, "10"], ["8", None, "10"]]


@pytest.mark.req("R-38")
def test_what_is_sent_from_a_page_that_was_sent_already_is_kept_beside_and_said_to_be(house: House) -> None:
    grid, key = Grid(house), str(uuid4())
    totals = {"request_id": key, "inscriptos": "3", "examinados": "2"}
    assert grid.send("enviar", **totals, **GOOD).status_code == 303
    assert grid.send("enviar", **totals, **GOOD).status_code == 303, "the same, sent twice"
    assert len(grid.loads()) == 1
    for _ in ("once", "again"):
        assert grid.send("enviar", **totals, **GOOD | {"n1": "2"}).status_code == 409
    examen.bring(house.app.database, grid.acta_id, "cargada")
    examen.bring(house.app.database, grid.acta_id, "bloqueada")
    assert grid.send("enviar", **totals, **GOOD | {"n1": "3"}).status_code == 409, "nothing is kept of a locked acta"
    assert {load.rows[0].nota for load in grid.loads()} == {"8", "2", "10"}, "ten is what the acta was locked with"


@pytest.mark.req("R-37")
def test_a_grade_of_somebody_marked_absent_and_a_day_that_is_none_are_told_and_never_dropped(house: House) -> None:
    grid = Grid(house)
    told = grid.send("revisar", **GOOD | {"n1": "8", "a1": "si"})
    assert told.status_code == 422
    assert "tiene calificación y dice «ausente»" in told.text
    told = grid.send("revisar", f2="30/02/2026", **GOOD)
    assert (told.status_code, "«30/02/2026» no es una fecha" in told.text) == (422, True)
    assert grid.send("revisar", f2="27/02/2026", **GOOD).status_code == 200


def test_what_is_only_reviewed_after_the_task_ended_is_shown_and_not_kept(house: House) -> None:
    grid, key = Grid(house), str(uuid4())
    assert grid.send("enviar", request_id=key, inscriptos="3", examinados="2", **GOOD).status_code == 303
    for act in ("revisar", "guardar"):  # Back in the browser
        late = grid.send(act, request_id=key, **GOOD | {"n1": "2"})
        assert (late.status_code, "no se envió ni se guardó" in late.text) == (409, True), act
    assert [load.rows[0].nota for load in grid.loads()] == ["8"]


@pytest.mark.req("R-42")
def test_an_acta_that_came_back_says_why_and_shows_what_was_stated(house: House) -> None:
    grid = Grid(house)
    with house.app.database.write() as conn:
        docente = exam.get_mesa(conn, exam.get_acta(conn, grid.acta_id).mesa_id).docente_id
        rows = examen.statement(conn, grid.acta_id)
        load = exam.record_load(conn, grid.acta_id, source="correo", by=docente, at=examen.AT, **rows)
        how = {"by": None, "at": examen.AT}
        exam.accept_grades(conn, grid.acta_id, load.id, job_key="carga", zone=examen.ZONE, **how)
        exam.move_acta(conn, grid.acta_id, "en_control", job_key="c", **how)
        note = "Falta la fecha de la fila 2.\nLa fila 3 no es de este curso."
        exam.move_acta(conn, grid.acta_id, "en_carga", job_key="d", note=note, **how)
    page = grid.open()
    assert "Vuelve a usted porque hay que corregir" in page
    assert "<li>La fila 3 no es de este curso.</li>" in page
    stated = [row["nota"] for row in rows["rows"]]
    assert re.findall(r'name="n\d+"[^>]*value="([^"]*)"', page) == [str(one or "") for one in stated]
