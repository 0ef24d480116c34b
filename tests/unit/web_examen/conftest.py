"""An office of exam actas for each test: the postgraduate office, two Departamentos, a docente, an archive, a student."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine import people
from engine.actas import examen as exam
from tests.support import examen
from tests.support.face import PASSWORD, House, open_house

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def exams(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(database_url, tmp_path)
    with made.app.database.write() as conn:
        docente = examen.prepare(conn)
        people.set_password(conn, docente, PASSWORD, made.clock.now())
        people.grant_role(conn, docente, "docente", LONG_AGO)
        exam.put_departamento(conn, "economia", "Departamento de Economía")
    made.people["docente"] = docente
    made.person("jefa", "Ana Lucía", "Güemes", "sgpyec")
    made.person("archivera", "Chiquinquirá", "Ordóñez", "archivo")
    made.person("quimica", "Tadeo", "Ñato", "departamento:quimica")
    made.person("economia", "Rosa", "Peñafiel", "departamento:economia")
    made.person("decana", "Rosa Elvira", "Peñafiel", "autoridad_departamental:quimica")
    made.person("gestion", "Gonzalo", "Villacís", "autoridad_gestion")
    made.person("maria", "María José", "Ñáñez", profile="estudiante")
    yield made
    made.app.close()


@pytest.fixture
def house(exams: House) -> House:
    return exams
