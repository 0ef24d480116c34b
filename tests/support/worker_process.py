"""A worker of the small office in a process of its own, to be killed: ``python -m tests.support.worker_process URL DIR
NAME``. It stops in order on SIGTERM."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from engine.app import Cartulario
from engine.inbound.worker import work
from tests.support.one_job import open_office

ROOT = Path(__file__).resolve().parents[2]


def main(database_url: str, data_dir: str, name: str) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    work(open_office(database_url, Path(data_dir)), stop, executor_id=name)


@contextmanager
def worker(app: Cartulario, name: str, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker over the office's database; killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.support.worker_process", app.config.database_url]
    given = {f"CARTULARIO_{setting.upper()}": str(value) for setting, value in settings.items()}
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | given
    process = subprocess.Popen([*command, str(app.config.data_dir), name], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
