"""One case writes to another: the message is a job, handed over once, also when its sender is already at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import StartCase, start_case
from engine.definitions import Bundle, publish
from engine.inbound.worker import run_job
from engine.storage.tables import case, event
from tests.support.diagrams import Diagram, properties
from tests.support.one_job import MANIFEST, incidents, job_keys, job_row, open_office, requester

SENDER, RECEIVER = "emisora", "receptora"
MESSAGE = (
    '<bpmn:messageEventDefinition messageRef="m1"><bpmn:extensionElements><spiffworkflow:messagePayload>'
    '{"nota": 9}</spiffworkflow:messagePayload></bpmn:extensionElements></bpmn:messageEventDefinition>'
)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", job_attempts=2)
    _publish(app, SENDER, "AA")
    _publish(app, RECEIVER, "BB")
    yield app
    app.close()


def _publish(app: Cartulario, name: str, series: str) -> None:
    drawing = Diagram(name, lane="Secretaría")
    drawing.root("message", "m1", "listo")
    key = properties(clave="'la-misma'")
    middle = (
        drawing.node("intermediateThrowEvent", "avisar", key + MESSAGE)
        if name == SENDER
        else drawing.node("receiveTask", "esperar", key, messageRef="m1")
    )
    start = drawing.node("startEvent", "inicio")
    drawing.chain(start, middle, drawing.node("endEvent", "fin", properties(desenlace="hecha")))
    manifest = MANIFEST.replace("una_nota", name).replace('"NT"', f'"{series}"')
    bundle = Bundle(name, {"proceso.toml": manifest.encode(), "proceso.bpmn": drawing.xml()})
    with app.database.write() as conn:
        publish(conn, bundle, None, datetime.now(UTC), app.operations)


def _start(app: Cartulario, process: str) -> UUID:
    return start_case(StartCase(process, requester(app), {}, uuid4()), app.engine).case_id


def _status(app: Cartulario, case_id: UUID) -> str:
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(case.c.status).where(case.c.id == case_id)))


def test_a_message_takes_the_case_that_waits_for_it_on(office: Cartulario) -> None:
    waiting = _start(office, RECEIVER)
    assert _status(office, _start(office, SENDER)) == "completed"
    (key,) = job_keys(office)
    run_job(office, key)
    run_job(office, key)
    assert _status(office, waiting) == "completed"
    assert job_row(office, key).status == "done"


def test_a_receiver_that_is_not_there_yet_gets_it_at_a_later_attempt(office: Cartulario) -> None:
    _start(office, SENDER)
    (key,) = job_keys(office)
    run_job(office, key)
    assert (job_row(office, key).status, job_row(office, key).attempts) == ("queued", 1)
    waiting = _start(office, RECEIVER)
    run_job(office, key)
    assert _status(office, waiting) == "completed"


def test_a_message_that_nobody_waits_for_does_not_stay_in_the_queue_of_a_closed_case(office: Cartulario) -> None:
    _start(office, SENDER)
    (key,) = job_keys(office)
    for _ in range(2):
        run_job(office, key)
    assert job_row(office, key).status != "queued"


def test_a_worker_killed_between_handing_over_and_recording_does_not_hand_over_twice(office: Cartulario) -> None:
    first = _start(office, RECEIVER)
    _start(office, SENDER)
    (key,) = job_keys(office)
    run_job(office, key)
    with office.database.write() as conn:
        conn.exec_driver_sql("UPDATE job SET status = 'queued', finished_at = NULL")  # the killed worker wrote neither
    second = _start(office, RECEIVER)
    run_job(office, key)
    assert (_status(office, first), _status(office, second)) == ("completed", "open")
    with office.database.read() as conn:
        delivered = conn.scalars(sa.select(event.c.n).where(event.c.kind == "message_delivered")).all()
    assert len(delivered) == 1
    assert incidents(office) == []
