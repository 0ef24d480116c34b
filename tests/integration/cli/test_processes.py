"""The server and the worker as processes: they start, answer, log and stop when they are told to."""

import json
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from engine.storage import migrate
from engine.storage.unit_of_work import Database
from tests.support.postgres import free_port

CARTULARIO = [sys.executable, "-c", "from web.cli import main; main()"]


@pytest.fixture
def start(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path))
    started = []

    def run(*arguments):
        log = (tmp_path / f"{arguments[0]}.log").open("w+")
        process = subprocess.Popen([*CARTULARIO, *arguments], stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
        started.append(process)
        return process, log

    yield run
    for process in started:
        process.kill()
        process.wait()


def said(log, text, process, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        log.seek(0)
        if text in (whole := log.read()):
            return whole
        assert process.poll() is None, whole
        time.sleep(0.1)
    raise AssertionError(f"{text!r} was not said: {whole}")


def answer(port, seconds=60):
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ingresar") as response:
                return response.status
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["waitress", "gunicorn"])
def test_the_server_answers_and_stops_when_told(start, options):
    port = free_port()
    process, log = start("serve", "--port", str(port), *options)
    assert answer(port) == 200
    if options:
        said(log, "con 2 se admiten hasta 2 veces más", process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=40) == 0


def test_the_worker_beats_and_says_goodbye(start, sqlite_url):
    process, log = start("work", "--name", "uno")
    said(log, "Cartulario trabaja", process)
    database = Database(sqlite_url)
    until = time.monotonic() + 60
    while not heartbeats(database):
        assert time.monotonic() < until
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=40) == 0
    assert [stopped for _name, stopped in heartbeats(database)] != [None]
    database.close()


def heartbeats(database):
    with database.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT executor_id, stopped_at FROM worker")]


def test_a_log_is_one_json_object_per_line(start, tmp_path):
    script = (
        "import logging; from web.cli.logs import configure_logs; configure_logs(); logging.getLogger('a').warning('ñ')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert json.loads(line) | {"timestamp": ""} == {"event": "ñ", "level": "warning", "logger": "a", "timestamp": ""}


def test_neither_starts_on_a_database_of_another_release(start, sqlite_url):
    database = Database(sqlite_url)
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    database.close()
    for command in ("serve", "work"):
        process, log = start(command)
        assert process.wait(timeout=60) == 1
        log.seek(0)
        assert "cartulario migrate-db" in log.read()
    assert migrate.head() != "older"


def test_the_web_does_not_load_the_queue_nor_the_worker_the_web():
    for module, foreign in (("web.cli.serve", "dbos"), ("web.cli.work", "flask")):
        script = f"import sys, {module}; sys.exit({foreign!r} in sys.modules)"
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0, (module, foreign)
