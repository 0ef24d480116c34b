"""What follows the 43 enrolled in the tour of acta_examen, on actas that the tour itself made: one of the published ones is
rectified, another loses its original and is rebuilt, and two batches of old paper are digitised. Each is a scenario of
its own process, told of our acta."""

from __future__ import annotations

import re
from typing import Any

from engine.actas.examen import Acta, get_acta, grades_of
from tests.processes.exam import actas_of_case
from tests.tour.client import Deviation
from tests.tour.play import NUMBER, Player
from tests.tour.tour import Tour

PROCESS, BEGINS = "acta_examen", "43 inscriptos"
RECTIFIED, LOST = 0, 1  # of its three actas


def go_on(tour: Tour, first: Player) -> None:
    with tour.app.database.read() as conn:
        actas = actas_of_case(conn, first.case_id)
    tour.chapter("acta_rectificativa", "Una nota mal pasada", acta_nombre=actas[RECTIFIED].base)
    lost = actas[LOST]
    begun = lose_original(tour, lost)
    as_loaded = {"transcribir_notas": _grades(tour, lost)}
    tour.chapter("reconstruir_acta", "Todos aportan", begun, planillas=as_loaded)
    tour.chapter("digitalizar_actas", "Dos actas de 2015")
    tour.chapter("digitalizar_actas", "Copias de 2020")
    for before in actas:
        _untouched(tour, before)


def lose_original(tour: Tour, lost: Acta) -> str:
    """As a disk does; the nightly look at the archive finds it and begins its reconstruction (R-55): the case's number."""
    assert lost.original_sha256 is not None
    tour.app.archive.path(lost.original_sha256).unlink()
    done = tour.stage.command("archive", "check")
    begun = re.search(rf"examen {lost.base}\. Se inició su reconstrucción: ({NUMBER.pattern})", done.stderr)
    if done.returncode != 1 or begun is None:
        raise Deviation(f"archive check began no reconstruction of {lost.base}: {done.stderr[-600:]}")
    tour.note(f"Se borró del disco el original de {lost.base}. «cartulario archive check» lo halló y abrió {begun[1]}.")
    return begun[1]


def _grades(tour: Tour, acta: Acta) -> dict[str, Any]:
    """How the lost acta's grades are typed again: as they were loaded from it."""
    with tour.app.database.read() as conn:
        rows = grades_of(conn, acta.id)
    marks = {row.nota for row in rows if not row.ausente}
    assert len(marks) == 1, "the scenario gives this acta one grade"
    return {"nota": marks.pop(), "ausentes": [row.fila for row in rows if row.ausente]}


def _untouched(tour: Tour, before: Acta) -> None:
    """A published acta is what it was, whatever was made about it."""
    with tour.app.database.read() as conn:
        if get_acta(conn, before.id) != before:
            tour.fail(f"{before.base} is not what it was when it was published")
