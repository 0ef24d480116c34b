"""A task narrowed to one department or one docente (`ambito`) exists for nobody else: engine, inbox, page and API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine import people
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.errors import EngineFault, NotAllowed, NotFound
from engine.inbox import Filters
from engine.storage.tables import case, task
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, properties
from tests.support.face import MONDAY, House, open_house
from web.roles import role_name

MANIFEST = """
[proceso]
id = "examen"
titulo = "Examen de prueba"
descripcion = "Una tarea de un departamento y otra de un docente."
serie = "EX"
inician = ["departamento"]
responsable = "Nadie"
[carriles]
"Departamento" = "departamento"
"Docente" = "docente"
"""
LANES = {"Departamento": ("inicio", "controlar", "fin"), "Docente": ("cargar",)}
FORM = b'{"type": "default", "components": [{"key": "nota", "type": "textfield", "label": "Nota", "id": "f1"}]}'
TODAY = MONDAY.date()


def bundle() -> dict[str, bytes]:
    drawn = Diagram("examen")
    drawn.node("startEvent", "inicio", properties(formJsonSchemaFilename="inicio.json"))
    drawn.node("userTask", "controlar", properties(formJsonSchemaFilename="nota.json", ambito="departamento"))
    drawn.node("userTask", "cargar", properties(formJsonSchemaFilename="nota.json", ambito="docente"))
    drawn.node("endEvent", "fin", properties(desenlace="entregada"))
    drawn.chain("inicio", "controlar", "cargar", "fin")
    lanes = "".join(
        f'<bpmn:lane id="l_{ids[0]}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in ids)}</bpmn:lane>'
        for name, ids in LANES.items()
    )
    xml = drawn.xml().replace(b'"true">', f'"true"><bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'.encode())
    fields = [{"key": key, "type": "textfield", "label": key, "id": f"f_{key}"} for key in ("departamento", "docente")]
    start = '{"type": "default", "components": ' + str(fields).replace("'", '"') + "}"
    return {
        "proceso.bpmn": xml,
        "proceso.toml": MANIFEST.encode(),
        "forms/inicio.json": start.encode(),
        "forms/nota.json": FORM,
    }


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_url, tmp_path)
    made.person("quimica", "Rosa", "Peñafiel", "departamento:quimica")
    made.person("economia", "Tadeo", "Güemes", "departamento:economia")
    made.person("ines", "Inés", "D'Angelo", "docente")
    made.person("teo", "Teodoro", "Sagñay", "docente")
    made.person("jefa", "Ana", "Villacís", "jefe_secretaria")
    CaseOffice(made.app, made.clock, made.people["ines"], made.people).publish(bundle(), "examen")
    yield made
    made.app.close()


def begun(house: House, **answers: str) -> UUID:
    given = {"departamento": "quimica", "docente": str(house.people["ines"]), **answers}
    by = house.people["economia"]
    return start_case(StartCase("examen", by, given, uuid4()), house.app.engine).case_id


def opened(house: House) -> UUID:
    with house.app.database.read() as conn:
        return UUID(str(conn.scalar(sa.select(task.c.id).where(task.c.status == "open"))))


def complete(house: House, who: str) -> None:
    complete_task(CompleteTask(opened(house), house.people[who], {"nota": "7"}, uuid4()), house.app.engine)


def finds(house: House, who: str) -> int:
    inbox = house.app.inbox
    return len(inbox.list_tasks(inbox.viewer(house.people[who]), Filters(tab="todas")).rows)


def test_only_the_department_and_then_only_the_docente_find_and_complete_the_task(house: House) -> None:
    begun(house)
    for mine, other in (("quimica", "economia"), ("ines", "teo")):
        assert [finds(house, who) for who in (mine, other, "jefa")] == [1, 0, 1]
        with pytest.raises(NotFound):
            complete(house, other)
        with pytest.raises(NotFound):
            house.app.inbox.get_task(house.app.inbox.viewer(house.people[other]), opened(house))
        complete(house, mine)


def test_the_page_and_the_api_know_nothing_of_another_departments_task_nor_of_its_case(house: House) -> None:
    begun(house)
    with house.app.database.write() as conn:
        number = conn.scalar(sa.select(case.c.number))
        tokens = {
            who: people.create_token(conn, house.people[who], "prueba", MONDAY) for who in ("quimica", "teo", "ines")
        }
    key = opened(house)
    assert house.enter("quimica").open(f"/bandeja/{key}").status_code == 200
    assert house.enter("teo").open(f"/bandeja/{key}").status_code == 404
    for who, answer in (("quimica", 200), ("teo", 404), ("ines", 404)):
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        client = house.flask.test_client()
        assert client.get(f"/api/v1/tasks/{key}", headers=headers).status_code == answer
        assert client.get(f"/api/v1/cases/{number}", headers=headers).status_code == answer
        done = {"answers": {"nota": "7"}, "request_id": str(uuid4())}
        if who != "quimica":
            refused = client.post(f"/api/v1/tasks/{key}/complete", json=done, headers=headers)
            assert refused.status_code in (403, 404)


def test_who_holds_a_part_finds_the_cases_that_came_to_it_in_the_list_of_cases(house: House) -> None:
    begun(house)
    shown = {who: house.enter(who).open("/casos").text for who in ("quimica", "economia", "ines")}
    assert "EX-2026-000001" in shown["quimica"]
    assert all("EX-2026-000001" not in shown[who] for who in ("economia", "ines"))
    assert (
        house.enter("economia").open("/casos/EX-2026-000001").location == "/tramites/EX-2026-000001"
    )  # who started it
    assert house.enter("ines").open("/casos/EX-2026-000001").status_code == 404


def test_a_docente_who_lends_the_role_lends_the_own_tasks_and_no_other_docentes(house: House) -> None:
    with house.app.database.write() as conn:
        ines, teo = house.people["ines"], house.people["teo"]
        people.delegate(conn, ines, house.people["jefa"], "docente", TODAY, TODAY, "Licencia", MONDAY)
        held = people.roles_of(conn, house.people["jefa"], TODAY)
        assert {one.id for one in people.people_with_role(conn, f"docente:{ines}", TODAY)} == {
            ines,
            house.people["jefa"],
        }
        assert people.capacity_of(conn, house.people["jefa"], f"docente:{ines}", TODAY) == people.Capacity(
            "delegado", ines
        )
        told = people.why_no_longer(conn, house.people["jefa"], f"docente:{ines}", TODAY + timedelta(days=1))
    assert f"docente:{ines}" in held
    assert f"docente:{teo}" not in held
    assert f"docente:{house.people['jefa']}" not in held
    assert told is not None
    assert "como Docente terminó" in told


def test_who_holds_a_part_is_among_those_of_the_role_and_not_of_another_part(house: House) -> None:
    with house.app.database.write() as conn:
        quimica = house.people["quimica"]
        assert people.roles_of(conn, quimica, TODAY) == {"departamento", "departamento:quimica"}
        assert [one.id for one in people.people_with_role(conn, "departamento:quimica", TODAY)] == [quimica]
        assert len(people.people_with_role(conn, "departamento", TODAY)) == 2
        assert people.capacity_of(conn, quimica, "departamento:economia", TODAY) is None
        later = date(2027, 1, 1)
        with pytest.raises(NotAllowed):
            people.delegate(conn, quimica, house.people["jefa"], "departamento:economia", later, later, "x", MONDAY)


def test_a_task_whose_part_is_not_known_does_not_open_for_everybody(house: House) -> None:
    for nothing in ("", "Química y afines", "x" * 41):
        with pytest.raises(EngineFault, match="no dice cuál"):
            begun(house, departamento=nothing)


def test_the_roles_are_called_by_their_name_and_part() -> None:
    assert role_name("departamento:quimica") == "Departamento (Quimica)"
    assert role_name(f"docente:{uuid4()}") == "Docente"
    assert role_name("secretaria") == "Secretaría"
