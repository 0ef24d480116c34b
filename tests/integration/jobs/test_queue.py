"""The queue's promises: a job belongs to its transaction, waits when told to, and is never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import StartCase, start_case
from engine.inbound.worker import work
from engine.jobs import heartbeat, record
from engine.storage.tables import worker
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

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", job_attempts=3)
    yield app
    app.close()


@contextmanager
def working(app: Cartulario, concurrency: int | None = None) -> Iterator[None]:
    """A worker in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(app, stop), kwargs={"concurrency": concurrency})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()


def _jobs(app: Cartulario, count: int, **parameters: str) -> list[str]:
    publish_one_job(app, **{"text": "'hola'", **parameters})
    who = requester(app)
    for _ in range(count):
        start(app, who)
    return job_keys(app)


def test_a_job_whose_transaction_rolled_back_does_not_exist(office: Cartulario) -> None:
    publish_one_job(office, text="'hola'")
    who = requester(office)

    class Broken(Exception):
        pass

    def broken(*_args: object) -> None:
        raise Broken

    sa.event.listen(office.database.engine, "commit", broken)
    with pytest.raises(Broken):
        start_case(StartCase("una_nota", who, {}, who), office.engine)
    sa.event.remove(office.database.engine, "commit", broken)
    assert job_keys(office) == []


def test_a_worker_runs_what_waits_and_what_comes(office: Cartulario) -> None:
    _jobs(office, 3)
    with working(office):
        wait_until(lambda: len(job_keys(office, "done")) == 3)
        _jobs(office, 1)
        wait_until(lambda: len(job_keys(office, "done")) == 4)
    assert len(runs(office)) == 4


def test_a_failure_that_passes_is_overcome_by_the_worker_itself_without_holding_a_thread(office: Cartulario) -> None:
    (stubborn,) = _jobs(office, 1, fails="2")
    with working(office, concurrency=1):
        wait_until(lambda: job_row(office, stubborn).attempts == 1)
        other = next(key for key in _jobs(office, 1) if key != stubborn)
        wait_until(lambda: job_row(office, other).status == "done", seconds=5)
        wait_until(lambda: job_row(office, stubborn).status == "done")
    assert runs(office).count(stubborn) == 3
    assert incidents(office) == []


def test_a_delayed_job_waits_for_its_time(office: Cartulario) -> None:
    (key,) = _jobs(office, 1)
    with office.database.write() as conn:
        office.queue.enqueue(conn, key, delay_seconds=3600)
        assert record.take_waiting(conn, datetime.now(UTC), 10) == []
        (turn,) = record.take_waiting(conn, datetime.now(UTC) + timedelta(hours=2), 10)
    assert turn.workflow_id == f"{key}#1"


def test_a_job_is_handed_over_once_each_turn(office: Cartulario) -> None:
    (key,) = _jobs(office, 1)
    with office.database.write() as conn:
        assert len(record.take_waiting(conn, NOW, 10)) == 1
        assert record.take_waiting(conn, NOW, 10) == []
        office.queue.enqueue(conn, key, round=1)
        assert [turn.n for turn in record.take_waiting(conn, NOW, 10)] == [2]


def test_a_job_that_the_queue_lost_is_handed_over_again(office: Cartulario) -> None:
    (key,) = _jobs(office, 1)
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with office.database.write() as conn:  # taken, and then DBOS's tables were lost
        record.take_waiting(conn, long_ago, 10)
    with working(office):
        wait_until(lambda: job_row(office, key).status == "done")


def test_the_queue_does_not_grow_with_what_is_done(office: Cartulario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.worker.SWEEP", 0.5)
    monkeypatch.setattr("engine.jobs.worker.KEPT", timedelta(0))
    _jobs(office, 3)
    table = "workflow_status" if office.database.is_sqlite else "dbos.workflow_status"

    def left() -> int:
        with office.database.read() as conn:
            return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    with working(office):
        wait_until(lambda: len(job_keys(office, "done")) == 3)
        wait_until(lambda: left() == 0)


def test_a_worker_says_that_it_lives_and_that_it_left(office: Cartulario) -> None:
    def seen(condition: sa.ColumnElement[bool]) -> Callable[[], bool]:
        def look() -> bool:
            with office.database.read() as conn:
                return conn.execute(sa.select(worker.c.executor_id).where(condition)).first() is not None

        return look

    with working(office):
        wait_until(seen(worker.c.stopped_at.is_(None)))
    assert seen(worker.c.stopped_at.is_not(None))()


def test_only_one_survivor_inherits_from_a_silent_worker(office: Cartulario) -> None:
    with office.database.write() as conn:
        heartbeat.beat(conn, "dead", NOW)
        assert heartbeat.silent(conn, NOW + timedelta(seconds=10)) == []
        late = NOW + timedelta(seconds=13)
        ((name, seen_at),) = heartbeat.silent(conn, late)
        assert heartbeat.claim_silent(conn, name, seen_at, late)
        assert not heartbeat.claim_silent(conn, name, seen_at, late)


def test_an_outcome_that_could_not_be_recorded_is_recorded_when_the_database_is_back(office: Cartulario) -> None:
    (key,) = _jobs(office, 1, seconds="1")
    away = threading.Event()

    def begin(_conn: object) -> None:
        if away.is_set() and threading.current_thread() is not threading.main_thread():
            raise sa.exc.OperationalError("BEGIN", {}, Exception("the database is away"))

    sa.event.listen(office.database.engine, "begin", begin)
    with working(office):
        wait_until(lambda: letters(office))  # its effect is recorded; its result is not
        away.set()
        time.sleep(2)
        assert job_row(office, key).status == "queued"
        away.clear()
        wait_until(lambda: job_row(office, key).status == "done")
    sa.event.remove(office.database.engine, "begin", begin)
    assert len(letters(office)) == 1
