"""When the person of a task without a term hears of it again: in the list and in the task, from the diagram's clocks."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.definitions import parse_scenarios
from engine.inbox import Filters
from engine.inbox.chip import short_day
from tests.processes.player import Player
from tests.processes.test_acta_examen import CHECKED, LOADED, player, scenario
from tests.processes.world import World

__all__ = ["player"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])
CLOCK = '{ reloj = "vence" }'
MISSING = """
[[escenario]]
nombre = "Prueba"
solicitante = "sgpyec"
inicio = { acta_nombre = "2025-L0001-F0001", notada_el = "%s", como_se_noto = "No está en su caja al hacer el inventario." }
paso = []
espera = { estado = "open" }
"""


def told(world: World, who: str) -> list[tuple[str, str]]:
    """Each task of the person's list and what it says of its time; the task says the same."""
    inbox = world.app.inbox
    viewer = inbox.viewer(world.person(who))
    rows = [row for group in inbox.list_tasks(viewer, Filters(tab="grupos")).groups for row in group.rows]
    for row in rows:
        assert inbox.get_task(viewer, UUID(str(row.id))).chip == row.chip
    return sorted((row.element, row.chip.text) for row in rows)


def in_days(world: World, days: int) -> str:
    now = world.clock.now()
    with world.app.database.read() as conn:
        calendar = world.app.engine.calendar(conn)
    return short_day(calendar.local_day(calendar.due_instant(now, days)), calendar.local_day(now))


def test_a_docente_reads_when_a_load_is_reminded_and_then_when_its_delay_is_told(player: Player) -> None:
    """Of two actas of one mesa, each has its own clock: the one that is loaded says nothing any more."""
    world = player.world
    player.begin(scenario(enrolled=22))
    assert told(world, "docente") == 2 * [("cargar_calificaciones", f"Se recuerda el {in_days(world, 3)}")]
    player.begin(scenario(LOADED, CLOCK, enrolled=22))
    second = [one for one in told(world, "docente") if "demora" in one[1]]
    assert second == [("cargar_calificaciones", f"Se avisa la demora el {in_days(world, 7)}")]
    assert told(world, "departamento:quimica") == [("controlar_acta", "Sin plazo")]


def test_an_authority_reads_when_a_signature_is_reminded_until_it_was(player: Player) -> None:
    player.begin(scenario(LOADED, CHECKED))
    when = in_days(player.world, 3)
    assert told(player.world, "autoridad_departamental:quimica") == [("firmar_acta", f"Se recuerda el {when}")]
    player.begin(scenario(LOADED, CHECKED, CLOCK))
    assert ("firmar_acta", "Sin plazo") in told(player.world, "autoridad_departamental:quimica")


def test_who_forms_the_file_of_a_missing_acta_reads_when_the_delay_is_told(world: World) -> None:
    missing = Player(world, world.app.definitions.get(world.publish("reconstruir_acta")))
    missing.begin(parse_scenarios(MISSING % world.clock.now().date().isoformat())[0])
    assert told(world, "sgpyec") == [("formar_expediente", f"Se avisa la demora el {in_days(world, 2)}")]
