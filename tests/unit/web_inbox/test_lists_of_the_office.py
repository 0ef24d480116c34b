"""A form offers lists of the office (`catalogo.…`): one's own departments, the docentes of today; nothing else is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from engine.actas.examen import put_departamento
from engine.cases import StartCase, start_case
from engine.errors import InvalidAnswers
from engine.history.case_file import find_case
from engine.history.events import read_events
from engine.history.path import data_at
from tests.support.case_office import CaseOffice
from tests.support.face import House, open_house
from tests.unit.web_inbox.test_narrowed_roles import bundle
from web.roles import role_name

FIELDS = [
    {"key": "departamento", "type": "select", "label": "Departamento", "id": "f1"},
    {"key": "docente", "type": "select", "label": "Docente", "id": "f2"},
]
LISTS = {"departamento": "catalogo.departamentos", "docente": "catalogo.docentes"}


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_url, tmp_path)
    made.person("quimica", "Rosa", "Peñafiel", "departamento:quimica")
    made.person("posgrado", "Ana", "Villacís", "sgpyec", "departamento:quimica")
    made.person("ines", "Inés", "D'Angelo", "docente")
    with made.app.database.write() as conn:
        put_departamento(conn, "quimica", "Departamento de Química")
        put_departamento(conn, "economia", "Departamento de Economía")
        put_departamento(conn, "cerrado", "Departamento que ya no está", active=False)
    fields = [field | {"valuesKey": LISTS[str(field["key"])], "validate": {"required": True}} for field in FIELDS]
    form = json.dumps({"type": "default", "components": fields}).encode()
    files = bundle() | {"forms/inicio.json": form}
    CaseOffice(made.app, made.clock, made.people["ines"], made.people).publish(files, "examen")
    yield made
    made.app.close()


def start(house: House, who: str, departamento: str, docente: UUID) -> str:
    answers = {"departamento": departamento, "docente": str(docente)}
    return start_case(StartCase("examen", house.people[who], answers, uuid4()), house.app.engine).number


def test_a_department_starts_for_itself_and_the_office_for_any(house: House) -> None:
    ines = house.people["ines"]
    assert start(house, "quimica", "quimica", ines)
    assert start(house, "posgrado", "economia", ines)
    for wrong in ("economia", "cerrado"):
        with pytest.raises(InvalidAnswers) as refused:
            start(house, "quimica", wrong, ines)
        assert set(refused.value.errors) == {"departamento"}
    with pytest.raises(InvalidAnswers):
        start(house, "posgrado", "quimica", house.people["quimica"])  # who is no docente


def test_the_page_offers_them_by_name_and_the_case_keeps_the_chosen_ones_only(house: House) -> None:
    page = house.enter("quimica")
    shown = page.open(page.begin("examen")).text
    assert "Departamento de Química" in shown
    assert "Departamento de Economía" not in shown
    assert "D&#39;Angelo, Inés" in shown
    number = start(house, "quimica", "quimica", house.people["ines"])
    with house.app.database.read() as conn:
        events = read_events(conn, find_case(conn, number).id)
    kept = data_at(events, len(events))["catalogo"]
    assert kept["departamentos"] == [{"value": "quimica", "label": "Departamento de Química"}]
    assert [one["label"] for one in kept["docentes"]] == ["D'Angelo, Inés"]


def test_a_part_is_called_as_the_catalogue_writes_it(house: House) -> None:
    with house.flask.test_request_context():
        assert role_name("departamento:quimica") == "Departamento (Química)"
        assert role_name("autoridad_departamental:biologia") == "Autoridad Departamental (Biologia)"
