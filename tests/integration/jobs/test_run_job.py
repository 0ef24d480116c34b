"""One job, from the service task that asks for it to its result or its incident, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app import Cartulario
from engine.cases import DELIVER_MESSAGE, DeliverResult, deliver_result
from engine.definitions import Bundle, publish
from engine.inbound.worker import run_job
from engine.operations import CATALOGUE
from tests.support.diagrams import Diagram, operator, properties
from tests.support.one_job import (
    MANIFEST,
    PROCESS,
    incidents,
    job_keys,
    job_row,
    letters,
    open_office,
    publish_one_job,
    requester,
    runs,
    start,
)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", job_attempts=3)
    yield app
    app.close()


def _case_with_job(app: Cartulario, **parameters: str) -> str:
    publish_one_job(app, **{"text": "'hola'", **parameters})
    start(app, requester(app))
    (key,) = job_keys(app)
    return key


def test_the_result_of_an_operation_takes_its_case_to_the_end(office: Cartulario) -> None:
    key = _case_with_job(office)
    run_job(office, key)
    row = job_row(office, key)
    assert (row.status, row.result) == ("done", {"text": "hola"})
    assert len(letters(office)) == 1


def test_a_job_that_is_done_is_not_run_again(office: Cartulario) -> None:
    key = _case_with_job(office)
    run_job(office, key)
    run_job(office, key)
    assert runs(office) == [key]


def test_a_job_that_does_not_exist_is_left_alone(office: Cartulario) -> None:
    run_job(office, "no-such-job")


def test_a_passing_failure_puts_the_job_off_twice_as_long_each_time(office: Cartulario) -> None:
    key = _case_with_job(office, fails="2")
    delays = []
    for attempt in (1, 2):
        run_job(office, key)
        row = job_row(office, key)
        assert (row.status, row.attempts, row.error) == ("queued", attempt, "La tinta se secó.")
        delays.append((row.ready_at - row.created_at).total_seconds())
    assert 0.9 < delays[0] < 2 < delays[1] < 5
    run_job(office, key)
    assert job_row(office, key).status == "done"
    assert incidents(office) == []


def test_a_failure_that_does_not_pass_becomes_an_incident_with_its_cause(office: Cartulario) -> None:
    key = _case_with_job(office, fails="9")
    for _ in range(3):
        run_job(office, key)
    (incident,) = incidents(office)
    assert (incident.cause, incident.permanent) == ("La tinta se secó.", False)
    assert (job_row(office, key).status, job_row(office, key).attempts) == ("failed", 3)


def test_a_permanent_failure_is_an_incident_at_once(office: Cartulario) -> None:
    key = _case_with_job(office, fails="9", permanent="True")
    run_job(office, key)
    (incident,) = incidents(office)
    assert incident.permanent
    assert len(runs(office)) == 1


def test_wrong_parameters_are_a_permanent_failure_that_names_them(office: Cartulario) -> None:
    key = _case_with_job(office, seconds="'mucho'")
    run_job(office, key)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "«seconds»" in incident.cause
    assert "note" in incident.cause


def test_an_operation_that_breaks_is_tried_again_and_then_shown_with_its_error(office: Cartulario) -> None:
    key = _case_with_job(office)
    (office.config.data_dir / "runs").unlink()
    (office.config.data_dir / "runs").mkdir()  # opening it as a file breaks
    for _ in range(3):
        run_job(office, key)
    (incident,) = incidents(office)
    assert incident.cause.startswith("Error inesperado: IsADirectoryError")


def test_a_result_that_is_too_large_for_a_case_is_an_incident(office: Cartulario) -> None:
    _case_with_job(office, times="20000")
    run_job(office, job_keys(office)[0])
    assert "demasiado grande" in incidents(office)[0].cause


def test_a_result_with_which_the_diagram_cannot_go_on_is_an_incident_and_not_a_silence(office: Cartulario) -> None:
    drawing = Diagram(PROCESS, lane="Secretaría")
    drawing.chain(
        drawing.node("startEvent", "inicio"),
        drawing.node("serviceTask", "anotar", operator("note", "nota", text="'hola'")),
        drawing.node("scriptTask", "calcular", "<bpmn:script>total = nota['precio'] * 2</bpmn:script>"),
        drawing.node("endEvent", "fin", properties(desenlace="hecha")),
    )
    bundle = Bundle(PROCESS, {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": drawing.xml()})
    with office.database.write() as conn:
        publish(conn, bundle, None, datetime.now(UTC), office.operations)
    start(office, requester(office))
    (key,) = job_keys(office)
    run_job(office, key)
    (incident,) = incidents(office)
    assert incident.permanent
    assert incident.cause.startswith("El trámite no pudo seguir con el resultado")
    assert job_row(office, key).status == "failed"


def test_a_result_that_comes_after_all_closes_the_incident(office: Cartulario) -> None:
    key = _case_with_job(office, fails="9", permanent="True")
    run_job(office, key)
    deliver_result(DeliverResult(key, {"text": "hola"}), office.engine)
    assert [incident.status for incident in incidents(office)] == ["obsolete"]
    assert job_row(office, key).status == "done"


def test_no_stray_operation_carries_the_name_of_a_message() -> None:
    assert DELIVER_MESSAGE not in CATALOGUE
