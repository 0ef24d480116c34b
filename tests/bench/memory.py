"""Resident size of the web and of a worker after 1,000 cases, and whether it still grows."""

from __future__ import annotations

import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import people
from engine.app import Cartulario, build
from engine.cases import StartCase, start_case
from engine.storage.tables import job
from tests.tour.client import Visitor
from web.demo.office import PASSWORD
from web.demo.stage import Stage

CASES, EARLY = 1_000, 250
GOALS = {"serve": 180, "work": 260}  # MB
GROWTH = 1.1  # from EARLY to CASES, at most


def run() -> dict[str, dict[str, Any]]:
    scratch = tempfile.TemporaryDirectory(prefix="cartulario-bench-", ignore_cleanup_errors=True)
    with scratch as folder, Stage(Path(folder)) as stage:
        app = build(stage.config)
        early = _go_on(app, stage, EARLY)
        late = _go_on(app, stage, CASES - EARLY)
        app.close()
    return {
        f"memory_{name}": {
            "value": late[name],
            "against": early[name],
            "ratio": late[name] / early[name],
            "goal": goal,
            "met": late[name] <= goal and late[name] / early[name] <= GROWTH,
            "unit": "MB",
        }
        for name, goal in GOALS.items()
    }


def _go_on(app: Cartulario, stage: Stage, cases: int) -> dict[str, float]:
    """File cases; each is looked at in the inbox, and its letter leaves."""
    definition = app.definitions.current("solicitar_certificacion")
    answers = definition.scenarios[0].start
    with app.database.read() as conn:
        maria = people.find_person(conn, "maria")
    staff = Visitor(stage.url).sign_in("rosa", PASSWORD)
    for _ in range(cases):
        receipt = start_case(StartCase(definition.process, maria.id, answers, uuid.uuid4()), app.engine)  # type: ignore[union-attr]
        staff.open("/bandeja?bandeja=grupos")
        staff.open(f"/bandeja/{receipt.opened[0]}")
    waiting = sa.select(sa.func.count()).select_from(job).where(job.c.status == "queued")
    while True:
        with app.database.read() as conn:
            if not conn.scalar(waiting):
                return {name: _resident(pid) for name, pid in stage.pids().items()}
        time.sleep(0.5)


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
