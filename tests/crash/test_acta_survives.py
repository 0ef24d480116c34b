"""SIGKILL just before and just after each commit of an acta's way, from its folio to its publication: the next life finds it
where it was and ends it once (R-30, R-48, R-50)."""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest
import sqlalchemy as sa

from engine.actas.examen import CIRCUIT
from engine.storage.tables import acta, acta_carga, acta_paso, calificacion, historia_academica, inscripcion
from engine.storage.unit_of_work import Database
from tests.competing.test_folios import assert_no_gap_and_no_double
from tests.support.death import Death, doom
from tests.support.doomed_mesas import from_its_folio_to_the_lock, publish_all
from tests.support.examen import prepare

COMMITS = len(CIRCUIT) + 1  # its folio, each later state, and the statement by itself
DEATHS: list[tuple[int, Death]] = [(n, when) for n in range(1, COMMITS + 1) for when in ("before", "after")]


@pytest.mark.req("R-30", "R-48", "R-50")
def test_an_acta_whose_worker_dies_at_any_commit_is_numbered_loaded_locked_and_published_once(
    database: Database, database_url: str
) -> None:
    with database.write() as conn:
        prepare(conn)
    died = Counter(_life(database_url, f"{n} {when}", (n, when)) for n, when in DEATHS)
    for n, when in DEATHS:
        assert not _life(database_url, f"{n} {when}", None)
    assert died[True] >= 2 * len(CIRCUIT) - 2, "most of the deaths were no deaths: the way has fewer commits"
    assert_no_gap_and_no_double(database, 7)
    tables = (acta, inscripcion, acta_carga, calificacion, historia_academica, acta_paso)
    with database.read() as conn:
        count = {table.name: conn.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables}
        states = set(conn.scalars(sa.select(acta.c.state)))
    assert states == {"publicada"}
    assert count.pop("acta_paso") == len(DEATHS) * len(CIRCUIT)
    assert set(count.values()) == {len(DEATHS)}, count


def _life(url: str, key: str, fate: tuple[int, Death] | None) -> bool:
    """A process that takes the acta of that key on to its publication; whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            database = Database(url)
            if fate is not None:
                doom(database, lambda number: fate[1] if number == fate[0] else None)
            from_its_folio_to_the_lock(database, key, 1)
            publish_all(database)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, "it failed instead of dying"
    return killed
