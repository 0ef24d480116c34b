"""SIGKILL of those who open mesas, load, lock and publish: no folio missing, none twice, no grade lost or shown early."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.actas.examen import CIRCUIT, publish_due
from engine.storage.tables import (
    acta,
    acta_paso,
    calificacion,
    historia_academica,
    inscripcion,
    mesa_examen,
)
from engine.storage.unit_of_work import Database
from tests.competing.test_folios import assert_no_gap_and_no_double
from tests.support.examen import SIZES, prepare
from tests.unit.actas.examen.test_publication import DUE, SCHEDULE

ROOT = Path(__file__).resolve().parents[2]
WRITERS, MESAS, WITHIN = 2, 2, 120  # seconds


@pytest.mark.req("R-30", "R-48", "R-50")
def test_mesas_opened_and_locked_by_processes_that_die_have_every_folio_once(
    database: Database, database_url: str
) -> None:
    with database.write() as conn:
        prepare(conn)
    lives: Counter[int] = Counter()
    running: dict[int, subprocess.Popen[bytes] | None] = dict.fromkeys(range(WRITERS))
    began = time.monotonic()
    while any(process is None or process.poll() != 0 for process in running.values()):
        for writer, process in running.items():
            if process is None or process.poll() not in (None, 0):
                assert process is None or process.returncode == -9, f"writer {writer} ended with {process.returncode}"
                lives[writer] += 1
                running[writer] = _begin(database_url, writer, lives[writer])
        assert time.monotonic() - began < WITHIN, lives
        time.sleep(0.05)
    assert sum(lives.values()) > WRITERS + 2, "they did not die enough to prove anything"
    publish_due(database, SCHEDULE, DUE)  # a writer that ended first left the other's for later
    _nothing_lost_and_nothing_twice(database)


def _begin(url: str, writer: int, life: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "tests.support.doomed_mesas",
        url,
        str(writer),
        str(MESAS),
        str(100 * writer + life),
    ]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


def _nothing_lost_and_nothing_twice(database: Database) -> None:
    assert_no_gap_and_no_double(database, 7)
    enrolled = WRITERS * sum(SIZES[n % len(SIZES)] for n in range(MESAS))
    sheets = WRITERS * sum(-(-SIZES[n % len(SIZES)] // 21) for n in range(MESAS))
    with database.read() as conn:
        count = {
            table.name: conn.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (mesa_examen, acta, inscripcion, calificacion, historia_academica, acta_paso)
        }
        states = set(conn.execute(sa.select(acta.c.state)).scalars())
    assert states == {"publicada"}
    assert count == {
        "mesa_examen": WRITERS * MESAS,
        "acta": sheets,
        "inscripcion": enrolled,
        "calificacion": enrolled,
        "historia_academica": enrolled,
        "acta_paso": sheets * len(CIRCUIT),
    }
