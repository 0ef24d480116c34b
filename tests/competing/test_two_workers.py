"""Two workers over one queue: every job runs once, and what runs twice all the same is recorded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine.app import Cartulario
from engine.inbound.worker import run_job
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
from tests.support.worker_process import worker


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data")
    yield app
    app.close()


def test_two_workers_that_start_at_once_on_a_new_database_run_each_job_once(office: Cartulario) -> None:
    publish_one_job(office, text="'hola'")
    who = requester(office)
    for _ in range(30):
        start(office, who)
    with worker(office, "first"), worker(office, "second"):
        wait_until(lambda: len(job_keys(office, "done")) == 30, seconds=60)
    assert set(Counter(runs(office)).values()) == {1}
    assert len(letters(office)) == 30
    assert incidents(office) == []


def test_one_job_run_by_two_at_the_same_moment_is_recorded_once(office: Cartulario) -> None:
    publish_one_job(office, text="'hola'", seconds="0.2")
    start(office, requester(office))
    (key,) = job_keys(office)
    together = Barrier(2)

    def run() -> None:
        together.wait()
        run_job(office, key)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert job_row(office, key).status == "done"
    assert len(letters(office)) == 1
    assert incidents(office) == []
