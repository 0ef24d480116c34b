"""The office's own processes: advice on record, the yearly plan that opens by itself, a norm from proposal to resolution."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.definitions import Scenario
from engine.inbound.schedules import start_scheduled
from engine.storage.tables import case, event, task
from tests.processes.player import Player
from tests.processes.world import World


def played(world: World, process: str, name: str) -> Player:
    definition = world.app.definitions.get(world.publish(process))
    [scenario] = [one for one in definition.scenarios if one.name == name]
    player = Player(world, definition)
    player.play(Scenario.model_validate(scenario))
    return player


def row(world: World, query: sa.Select) -> sa.Row:
    with world.app.database.read() as conn:
        return conn.execute(query).one()


@pytest.mark.req("C-9")
def test_advice_given_is_on_record_with_whom_it_was_given_to_and_when(world: World) -> None:
    player = played(world, "registrar_asesoria", "Se registra una capacitación")
    found = row(world, sa.select(case.c.facts, case.c.title).where(case.c.id == player.case_id))
    assert found.facts["a_quien"] == "Facultad de Educación"
    assert found.facts["fecha"] == "2026-03-12"
    assert found.title == "Capacitación: Cómo se presenta una solicitud en línea"
    given_by = row(world, sa.select(event.c.actor).where(event.c.case_id == player.case_id, event.c.n == 1)).actor
    assert given_by == world.staff["secretaria"]


@pytest.mark.req("C-12")
def test_each_january_the_yearly_plan_opens_by_itself_on_the_heads_desk(world: World) -> None:
    world.clock.instant = datetime(2026, 12, 1, 15, tzinfo=UTC)
    world.publish("plan_operativo_anual")
    assert start_scheduled(world.app) == []
    world.clock.instant = datetime(2027, 1, 4, 14, tzinfo=UTC)
    [number] = start_scheduled(world.app)
    opened = row(
        world,
        sa.select(task.c.element, task.c.role).join(case, case.c.id == task.c.case_id).where(case.c.number == number),
    )
    assert tuple(opened) == ("elaborar_plan", "jefe_secretaria")


@pytest.mark.req("C-15")
def test_a_reform_keeps_its_text_its_corrections_and_what_the_body_resolved(world: World) -> None:
    player = played(world, "proponer_norma", "Una reforma se corrige, se remite y se aprueba")
    found = row(world, sa.select(case.c.facts, case.c.outcome).where(case.c.id == player.case_id))
    assert (found.facts["resolucion"], found.outcome) == ("OCAS-2026-041", "aprobada")
