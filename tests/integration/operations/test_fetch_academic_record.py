"""The operation ``fetch_academic_record`` over files as the academic system would leave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app import Cartulario
from engine.inbound.worker import run_job
from tests.support.one_job import incidents, job_keys, job_row, open_office, publish_one_job, requester, start

RECORD = {
    "identidad": "0912345675",
    "apellidos": "Ñáñez De La Cruz",
    "nombres": "María José",
    "carrera": "Ingeniería en Biotecnología",
    "promedio": 91.47,
    "materias": [{"materia": "Biología", "nota": 95}],
}


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    return folder


@pytest.fixture
def office(database_url: str, tmp_path: Path, records: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", academic_records=records, job_attempts=2)
    yield app
    app.close()


def _write(records: Path, *listed: object) -> None:
    (records / "registros.json").write_text(json.dumps(listed), encoding="utf-8")


def _run(app: Cartulario, identity: str = "tramite.solicitante.identidad", times: int = 1) -> str:
    publish_one_job(app, "fetch_academic_record", identity=identity)
    start(app, requester(app))
    (key,) = job_keys(app)
    for _ in range(times):
        run_job(app, key)
    return key


@pytest.mark.req("R-8")
def test_the_record_of_the_requester_becomes_the_result(office: Cartulario, records: Path) -> None:
    _write(records, {**RECORD, "identidad": "1700000019", "apellidos": "Otra"}, RECORD)
    row = job_row(office, _run(office))
    assert row.status == "done"
    assert (row.result["carrera"], row.result["promedio"]) == ("Ingeniería en Biotecnología", 91.47)
    assert row.result["materias"][0]["nota"] == 95


def test_a_file_that_is_not_there_is_tried_again_and_then_shown(office: Cartulario) -> None:
    key = _run(office)
    assert job_row(office, key).status == "queued"
    run_job(office, key)
    (incident,) = incidents(office)
    assert not incident.permanent
    assert "estudiantes.csv" in incident.cause


def test_somebody_who_is_not_in_the_files_is_an_incident_at_once(office: Cartulario, records: Path) -> None:
    _write(records, {**RECORD, "identidad": "1700000019"})
    _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "0912345675" in incident.cause


def test_the_studies_of_somebody_else_are_not_certified(office: Cartulario, records: Path) -> None:
    _write(records, {**RECORD, "apellidos": "Güiracocha Peña", "nombres": "Lucía"})
    _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "Güiracocha Peña" in incident.cause


def test_two_records_under_one_number_are_for_a_person_to_choose(office: Cartulario, records: Path) -> None:
    _write(records, RECORD, RECORD)
    _run(office)
    assert incidents(office)[0].permanent


def test_a_broken_file_is_an_incident_that_names_the_place(office: Cartulario, records: Path) -> None:
    _write(records, {**RECORD, "promedio": "nueve"})
    _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "registro 1" in incident.cause
    assert "promedio" in incident.cause


def test_a_name_written_without_accents_is_the_same_person(office: Cartulario, records: Path) -> None:
    _write(records, {**RECORD, "apellidos": "NANEZ DE LA CRUZ"})
    assert job_row(office, _run(office)).status == "done"
