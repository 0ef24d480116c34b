"""SIGKILL of a worker in the middle of an operation: another takes over, and the effect is recorded once (rule 3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app import Cartulario
from tests.support.one_job import (
    incidents,
    job_keys,
    job_row,
    letters,
    open_office,
    publish_one_job,
    requester,
    runs,
    start,
    wait_until,
)
from tests.support.smtp import SmtpServer
from tests.support.worker_process import worker


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data")
    yield app
    app.close()


def test_the_job_of_a_killed_worker_runs_again_elsewhere_within_30_seconds_and_its_effect_is_recorded_once(
    office: Cartulario,
) -> None:
    publish_one_job(office, text="'hola'", seconds="60")
    start(office, requester(office))
    (key,) = job_keys(office)
    with worker(office, "victim") as victim, worker(office, "heir") as heir:
        wait_until(lambda: letters(office))  # its effect is recorded; its result is not
        owner = int((office.config.data_dir / "runs").read_text().split()[1])
        (victim if victim.pid == owner else heir).kill()
        took = wait_until(lambda: job_row(office, key).status == "done")
    assert took < 30
    assert runs(office) == [key, key]
    assert len(letters(office)) == 1
    assert incidents(office) == []


def test_a_worker_that_was_told_to_stop_finishes_what_it_runs(office: Cartulario) -> None:
    publish_one_job(office, text="'hola'", seconds="3")
    start(office, requester(office))
    (key,) = job_keys(office)
    with worker(office, "leaving") as leaving:
        wait_until(lambda: letters(office))
        leaving.terminate()
        assert leaving.wait(timeout=20) == 0
    assert job_row(office, key).status == "done"
    assert runs(office) == [key]


def test_a_letter_whose_worker_was_killed_while_sending_is_shown_to_a_person_and_not_sent_twice(
    sqlite_url: str, tmp_path: Path
) -> None:
    office = open_office(sqlite_url, tmp_path / "data")
    publish_one_job(
        office, "send_mail", {"forms/aviso.txt": b"Asunto: Hola\n\nHola"}, template="'aviso.txt'", to="'solicitante'"
    )
    start(office, requester(office))
    with SmtpServer() as server:
        server.behaviour.hold = 60
        with worker(office, "victim", smtp_port=server.port) as victim:
            wait_until(lambda: server.behaviour.received)
            victim.kill()
            victim.wait()
        server.behaviour.hold = 0
        with worker(office, "heir", smtp_port=server.port):
            wait_until(lambda: incidents(office))
        assert len(server.behaviour.received) == 1
    assert "puede haber salido" in incidents(office)[0].cause
    assert [letter.status for letter in letters(office)] == ["doubtful"]
    office.close()
