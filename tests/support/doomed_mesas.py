"""A process that opens mesas, brings their actas to the lock and publishes them, and dies by SIGKILL at its commits.

``python -m tests.support.doomed_mesas URL WRITER MESAS SEED``: every act has a fixed key, so that a life begins again
where the last ended. Each act is looked for before it is done, as a worker does with its jobs.
"""

from __future__ import annotations

import random
import sys
import uuid
from collections.abc import Callable
from typing import Any

from engine.actas.examen import CIRCUIT, publish_due
from engine.errors import Unavailable
from engine.storage.unit_of_work import Database
from tests.support.death import Death, doom
from tests.support.examen import SIZES, actas, go, open_mesa, read_acta, students
from tests.unit.actas.examen.test_publication import DUE, SCHEDULE

CHANCE = 0.06  # of dying at a commit


def main(url: str, writer: str, mesas: str, seed: str) -> None:
    database, dice = Database(url), random.Random(int(seed))
    doom(database, lambda _: fate(dice))
    for number in range(int(mesas)):
        from_its_folio_to_the_lock(database, f"{writer}:{number}", SIZES[number % len(SIZES)])
    publish_all(database)


def from_its_folio_to_the_lock(database: Database, key: str, size: int) -> None:
    """A mesa of so many students and each of its actas, from wherever an earlier life left them."""
    mesa_id = _insist(lambda: open_mesa(database, students(size), job_key=key, capacity=7))
    for one in actas(database, mesa_id):
        _to_the_lock(database, one.id)


def publish_all(database: Database) -> None:
    _insist(lambda: publish_due(database, SCHEDULE, DUE, batch=2))


def fate(dice: random.Random) -> Death | None:
    chosen: Death = "before" if dice.random() < 0.5 else "after"
    return chosen if dice.random() < CHANCE else None


def _to_the_lock(database: Database, acta_id: uuid.UUID) -> None:
    for to in CIRCUIT[1:-1]:
        state = read_acta(database, acta_id).state
        if CIRCUIT.index(state) < CIRCUIT.index(to):
            _insist(lambda to=to: _go(database, acta_id, to))


def _go(database: Database, acta_id: uuid.UUID, to: str) -> None:
    with database.write() as conn:
        go(conn, acta_id, to, job_key=f"{acta_id} {to}")


def _insist(act: Callable[[], Any]) -> Any:
    while True:
        try:
            return act()
        except Unavailable:
            continue  # the other writer is at it


if __name__ == "__main__":
    main(*sys.argv[1:])
