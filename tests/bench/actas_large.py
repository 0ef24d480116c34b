"""A mesa of 2,100 students, 100 actas in one case: its state and what a command costs, against a mesa of a fifth of it.

Only what the engine does is measured: files and letters of the actas are given as done. ``actas_large_state``: bytes of
saved state for an acta; ``actas_large_command``: milliseconds of CPU of a docente's return by mail.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import (
    CompleteTask,
    DeliverMessage,
    DeliverResult,
    complete_task,
    deliver_message,
    deliver_result,
)
from engine.definitions import parse_scenarios
from engine.heap import settle
from engine.inbound.worker import run_job
from engine.signing import DemoServer, open_demo_pki
from engine.storage.migrate import create_schema
from engine.storage.tables import acta, case, job, task
from engine.storage.unit_of_work import Database
from tests.processes.player import Player
from tests.processes.world import World, open_world

STUDENTS, QUICK = (420, 2_100), (105, 525)
RETURNS = 5
LARGEST = 8 * 1024  # bytes of state for an acta
FLAT = 1.3  # bytes of an acta in the large mesa against the small one
SLOWEST = 7.0  # times the small mesa's command: five times as much is read and written
STARTED = """
[[escenario]]
nombre = "Medida"
solicitante = "departamento:quimica"
inicio = {{ curso = "Quimiometría", codigo = "P-1", horas = 60, fecha = "2026-03-02", departamento = "quimica", docente = "persona:docente", forma_listado = "archivo", listado = ["inscriptos-{students}.csv"] }}
paso = []
espera = {{ estado = "open" }}
"""
MADE = {  # results of what is not measured here
    "make_acta_files": {
        part: {"id": str(UUID(int=n)), "nombre": f"2026-L0001-F0001.{part}"}
        for n, part in enumerate(("docx", "pdf"), 1)
    },
    "send_mail": {"enviados": 1},
}


def run(*, quick: bool = False) -> dict[str, Any]:
    (small, small_ms), (large, large_ms) = (_mesa(students) for students in (QUICK if quick else STUDENTS))
    state, command = large / small, large_ms / small_ms
    return {
        "actas_large_state": {
            "value": large, "against": small, "ratio": state, "goal": FLAT, "met": state <= FLAT and large <= LARGEST,
            "unit": "bytes/acta",
        },
        "actas_large_command": {
            "value": large_ms, "against": small_ms, "ratio": command, "goal": SLOWEST, "met": command <= SLOWEST,
            "unit": "ms",
        },
    }  # fmt: skip


def _mesa(students: int) -> tuple[float, float]:
    """Bytes of state an acta, milliseconds a command, once every acta waits for its docente."""
    with _world() as world:
        app = world.app
        player = Player(world, app.definitions.get(world.publish("acta_examen")))
        case_id = player._start(parse_scenarios(STARTED.format(students=students))[0]).case_id
        _work(app)
        with app.database.read() as conn:
            review = conn.scalars(sa.select(task.c.id).where(task.c.status == "open")).one()
        answers = {"decision_listado": "generar"}
        complete_task(CompleteTask(review, world.person("sgpyec"), answers, uuid.uuid4()), app.engine)
        _work(app)
        with app.database.read() as conn:
            state = str(conn.scalar(sa.select(case.c.state).where(case.c.id == case_id)))
            bases = list(conn.scalars(sa.select(acta.c.base).order_by(acta.c.base)))
        settle()  # as a worker does when it is ready
        spent = [_returned(app, base) for base in bases[:RETURNS]]
        return len(state.encode()) / len(bases), statistics.median(spent) * 1e3


def _returned(app: Cartulario, base: str) -> float:
    began = time.process_time()
    told = {"carga": str(uuid.uuid4()), "correo": None}
    deliver_message(DeliverMessage("acta_devuelta", base, told, uuid.uuid4()), app.engine)
    return time.process_time() - began


def _work(app: Cartulario) -> None:
    waiting = sa.select(job.c.key, job.c.operation).where(job.c.status == "queued").order_by(job.c.created_at).limit(1)
    while True:
        with app.database.read() as conn:
            row = conn.execute(waiting).one_or_none()
        if row is None:
            return
        if row.operation not in MADE:
            run_job(app, row.key)
            continue
        deliver_result(DeliverResult(row.key, MADE[row.operation]), app.engine)
        with app.database.write() as conn:
            conn.execute(job.update().where(job.c.key == row.key).values(status="done"))


@contextmanager
def _world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), f"sqlite:///{name}/mesa.db"
        database = Database(url)
        create_schema(database)
        database.close()
        pki = open_demo_pki(folder / "pki", "Universidad Nacional del Estuario")
        with DemoServer(pki), open_world(url, folder, pki) as world:
            yield world
