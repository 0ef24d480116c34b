"""Jobs per second with one worker process and with two, and what an idle worker costs.

Each job is a real one: its case waits at a service task, the operation takes 50 ms (the answer of a mail server or a
time-stamping authority) and its result takes the case to its end. The workers are up before the clock starts.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from engine.app import Cartulario
from engine.inbound.worker import work
from engine.operations import Call, Operation
from engine.operations.base import BaseParameters, BaseResult
from engine.storage import migrate
from engine.storage.tables import job, worker
from engine.storage.unit_of_work import Database
from tests.bench.servers import postgresql
from tests.support.one_job import open_office, publish_one_job, requester, start

ROOT = Path(__file__).resolve().parents[2]
GOAL, IDLE_GOAL = 1.4, 3.0  # times; per cent of one core
JOBS = 300
PAIRS = 3
TAKES = 0.05  # seconds, one operation
IDLE_SECONDS = 20
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Nothing(BaseParameters):
    pass


class Waited(BaseResult):
    pass


class Wait(Operation[Nothing]):
    name = "wait"
    summary = "Espera."
    Parameters = Nothing
    Result = Waited

    def run(self, parameters: Nothing, call: Call) -> Waited:
        time.sleep(TAKES)
        return Waited()


def run() -> dict[str, dict[str, Any]]:
    """On PostgreSQL, where several workers are of use; the idle worker on both. Takes some two minutes."""
    results = {}
    with postgresql() as url:
        results["jobs"] = _throughput(url)
    with postgresql() as url:
        results["jobs_idle"] = _idle(url)
    with tempfile.TemporaryDirectory() as folder:
        results["jobs_idle_sqlite"] = _idle(f"sqlite:///{folder}/jobs.db")
    return results


def _throughput(url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        app = _office(url, Path(folder))
        try:
            pairs = [(_rate(app, 1), _rate(app, 2)) for _ in range(PAIRS)]
        finally:
            app.close()
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    return {"value": two, "against": one, "ratio": ratio, "goal": GOAL, "met": ratio >= GOAL, "unit": "jobs/s"}


def _idle(url: str) -> dict[str, Any]:
    """The CPU that a worker takes when there is nothing to do, in per cent of a core."""
    with tempfile.TemporaryDirectory() as folder:
        app = _office(url, Path(folder))
        try:
            with _worker(app, "idle") as process:
                _until(lambda: _alive(app) == 1)
                time.sleep(6)  # its start is not its idling
                before, began = _cpu_seconds(process.pid), time.monotonic()
                time.sleep(IDLE_SECONDS)
                share = 100 * (_cpu_seconds(process.pid) - before) / (time.monotonic() - began)
        finally:
            app.close()
    return {
        "value": share,
        "against": IDLE_GOAL,
        "ratio": share / IDLE_GOAL,
        "goal": IDLE_GOAL,
        "met": share <= IDLE_GOAL,
        "unit": "% of a core",
    }


def _office(url: str, folder: Path) -> Cartulario:
    database = Database(url)
    migrate.create_schema(database)
    database.close()
    app = _opened(url, folder)
    publish_one_job(app, Wait.name)
    return app


def _opened(url: str, folder: Path) -> Cartulario:
    return replace(open_office(url, folder), operations={Wait.name: Wait()})


def _rate(app: Cartulario, workers: int) -> float:
    who = requester(app)
    for _ in range(JOBS):
        start(app, who)
    with app.database.write() as conn:  # held back until the workers are up
        conn.execute(job.update().where(job.c.status == "queued").values(ready_at=LATER))
    with ExitStack() as stack:
        for n in range(workers):
            stack.enter_context(_worker(app, f"bench-{n}"))
        _until(lambda: _alive(app) == workers)
        time.sleep(2)
        with app.database.write() as conn:
            conn.execute(job.update().where(job.c.status == "queued").values(ready_at=None))
        began = time.monotonic()
        _until(lambda: _left(app) == 0)
        return JOBS / (time.monotonic() - began)


@contextmanager
def _worker(app: Cartulario, name: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.bench.jobs", app.config.database_url, str(app.config.data_dir), name]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _alive(app: Cartulario) -> int:
    lately = datetime.now(UTC) - timedelta(seconds=10)
    query = sa.select(sa.func.count()).select_from(worker)
    with app.database.read() as conn:
        return int(conn.scalar(query.where(worker.c.stopped_at.is_(None), worker.c.seen_at > lately)) or 0)


def _left(app: Cartulario) -> int:
    with app.database.read() as conn:
        return int(conn.scalar(sa.select(sa.func.count()).select_from(job).where(job.c.status == "queued")) or 0)


def _until(condition: Any) -> None:
    while not condition():
        time.sleep(0.05)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _serve(url: str, folder: str, name: str) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    work(_opened(url, Path(folder)), stop, executor_id=name)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
