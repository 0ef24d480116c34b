"""The operation ``fetch_academic_record`` over files as the academic system would leave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app import Cartulario
from engine.inbound.worker import run_job
from tests.support.one_job import incidents, job_keys, job_row, open_office, publish_one_job, requester, start
from tests.support.record_source import RecordSource, record_source

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


def _run(app: Cartulario, identity: str = "tramite.solicitante.identidad", times: int = 1, **parameters: str) -> str:
    publish_one_job(app, "fetch_academic_record", identity=identity, **parameters)
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


@pytest.mark.parametrize("given", ["Lucía", "Ana Isabel"])
def test_somebody_who_only_shares_the_surnames_is_not_certified(office: Cartulario, records: Path, given: str) -> None:
    _write(records, {**RECORD, "nombres": given})
    _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert given in incident.cause


def test_whoever_is_in_several_careers_is_offered_them_and_gets_the_chosen_one(
    office: Cartulario, records: Path
) -> None:
    _write(records, RECORD, {**RECORD, "carrera": "Enfermería", "promedio": 80})
    row = job_row(office, _run(office, offer_careers="True"))
    assert row.result["carreras"] == ["Enfermería", "Ingeniería en Biotecnología"]
    assert (row.result["carrera"], row.result["promedio"], row.result["materias"]) == ("", None, [])


def test_the_chosen_career_is_the_one_that_is_fetched(office: Cartulario, records: Path) -> None:
    _write(records, RECORD, {**RECORD, "carrera": "Enfermería", "promedio": 80})
    row = job_row(office, _run(office, offer_careers="True", career="'Enfermería'"))
    assert (row.result["carrera"], row.result["promedio"], row.result["carreras"]) == ("Enfermería", 80, [])


def test_a_career_of_somebody_else_among_them_is_an_incident(office: Cartulario, records: Path) -> None:
    _write(records, RECORD, {**RECORD, "carrera": "Enfermería", "apellidos": "Güiracocha"})
    _run(office, offer_careers="True")
    assert "Güiracocha" in incidents(office)[0].cause


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


def test_whoever_has_no_identity_number_is_told_about(office: Cartulario, records: Path) -> None:
    _write(records, RECORD)
    _run(office, identity="None")
    (incident,) = incidents(office)
    assert incident.permanent
    assert "no tiene un número de identidad" in incident.cause


@pytest.fixture
def asked_over_http(database_url: str, tmp_path: Path) -> Iterator[tuple[Cartulario, RecordSource]]:
    with record_source() as source:
        settings = {"academic_records_url": source.address, "academic_records_seconds": 0.5}
        app = open_office(database_url, tmp_path / "data", job_attempts=2, **settings)
        yield app, source
        app.close()


def test_a_service_that_is_slow_is_asked_again_and_then_shown(
    asked_over_http: tuple[Cartulario, RecordSource],
) -> None:
    app, source = asked_over_http
    source.answers(RECORD)
    source.trickle = 0.05
    key = _run(app)
    assert job_row(app, key).status == "queued"
    run_job(app, key)
    (incident,) = incidents(app)
    assert not incident.permanent
    assert "no respondió en 0,5 segundos" in incident.cause


def test_a_service_that_answers_with_somebody_else_is_an_incident_at_once(
    asked_over_http: tuple[Cartulario, RecordSource],
) -> None:
    app, source = asked_over_http
    source.answers({**RECORD, "identidad": "1700000019"})
    _run(app)
    (incident,) = incidents(app)
    assert incident.permanent
    assert "respondió con el de otra persona (1700000019)" in incident.cause


def test_a_service_gives_the_record_as_a_file_does(asked_over_http: tuple[Cartulario, RecordSource]) -> None:
    app, source = asked_over_http
    source.answers(RECORD)
    assert job_row(app, _run(app)).result["carrera"] == "Ingeniería en Biotecnología"
