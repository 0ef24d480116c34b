"""Completions through the server: sign-in, CSRF token, form checks, a commit each; eight people at once, on SQLite.

The server is our own (waitress, as ``serve`` runs it), in this process; its clients are in another. Each opens the task's
page and sends its form without a pause; the submit is what is timed. ``http_engine`` says how much of the server's
time for a submit is the engine's own: what the face adds stays small.
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
from flask import Flask

import web.inbox.complete as completing
from engine import people
from engine.app import Cartulario
from engine.cases import StartCase, start_case
from tests.bench.office import complete, office
from tests.support.banco import ANSWERS
from tests.support.served import served
from web.app import create_app
from web.security import limiter

logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # eight at once on four threads do queue

AT_ONCE = 8
CASES = 25  # for each person
GOAL_P95 = 0.150  # seconds
GOAL_SHARE = 0.40
PASSWORD = "una frase larga para medir"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name, office(f"sqlite:///{name}/http.db", Path(name)) as (app, person):
        with app.database.write() as conn:
            people.set_password(conn, person, PASSWORD, app.clock.now())
        return _measure(app, [_task_to_do(app, person) for _ in range(AT_ONCE * CASES)])


def _task_to_do(app: Cartulario, person: UUID) -> UUID:
    """A new case, brought to its first task of the staff."""
    [first] = start_case(StartCase("banco", person, {}, uuid.uuid4()), app.engine).opened
    return complete(app, person, first, "presentar").opened[0]


def _measure(app: Cartulario, work: list[UUID]) -> dict[str, Any]:
    flask = create_app(app)
    limiter.enabled = False
    with timed(flask) as clocks, served(flask) as site:
        queues = [work[n::AT_ONCE] for n in range(AT_ONCE)]
        with multiprocessing.get_context("spawn").Pool(1) as elsewhere:
            waits, seconds = elsewhere.apply(everybody, (site, queues))
    share = sum(clocks.engine) / sum(clocks.server)
    p95 = statistics.quantiles(waits, n=20)[18]
    return {
        "http": {
            "value": len(waits) / seconds,
            "against": p95,
            "ratio": p95 / GOAL_P95,
            "goal": GOAL_P95,
            "met": p95 <= GOAL_P95,
            "unit": "completions/s; against = p95 of a submit in s",
        },
        "http_engine": {
            "value": statistics.median(clocks.engine),
            "against": statistics.median(clocks.server),
            "ratio": share,
            "goal": GOAL_SHARE,
            "met": share >= GOAL_SHARE,
            "unit": "s of the engine in s of the request",
        },
    }


def everybody(site: str, queues: list[list[UUID]]) -> tuple[list[float], float]:
    """In a process of its own, so that the clients' work is not taken for the server's. → each wait, and all the time."""
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = [wait for found in pool.map(lambda queue: one_person(site, queue), queues) for wait in found]
    return waits, time.perf_counter() - started


def one_person(site: str, queue: list[UUID]) -> list[float]:
    """Sign in once, then open, fill in and send each task; → how long each submit took."""
    browser, waits = requests.Session(), []
    token = TOKEN.search(browser.get(f"{site}/ingresar").text)
    assert token
    browser.post(f"{site}/ingresar", {"usuario": "uno", "clave": PASSWORD, "csrf_token": token[1]})
    for task_id in queue:
        page = browser.get(f"{site}/bandeja/{task_id}")
        token = TOKEN.search(page.text)
        assert token, page.status_code
        data = {"csrf_token": token[1], "request_id": str(uuid.uuid4()), "_despues": "lista", **ANSWERS["comprobar"]}
        begun = time.perf_counter()
        answer = browser.post(f"{site}/bandeja/{task_id}/completar", data, allow_redirects=False)
        waits.append(time.perf_counter() - begun)
        assert answer.status_code == 303, (answer.status_code, answer.text[:500])
    return waits


class Clocks:
    """Seconds of each submit, in the server and in the engine."""

    def __init__(self) -> None:
        self.server: list[float] = []
        self.engine: list[float] = []
        self.here = threading.local()


@contextmanager
def timed(flask: Flask) -> Iterator[Clocks]:
    clocks, complete_task = Clocks(), completing.complete_task

    def engine_time(command: Any, engine: Any) -> Any:
        begun = time.perf_counter()
        try:
            return complete_task(command, engine)
        finally:
            clocks.engine.append(time.perf_counter() - begun)

    pages = flask.wsgi_app

    def server_time(environ: Any, start_response: Any) -> Any:
        begun = time.perf_counter()
        try:
            return pages(environ, start_response)
        finally:
            if environ["PATH_INFO"].endswith("/completar"):
                clocks.server.append(time.perf_counter() - begun)

    flask.wsgi_app = server_time  # type: ignore[method-assign]
    completing.complete_task = engine_time
    try:
        yield clocks
    finally:
        completing.complete_task = complete_task
