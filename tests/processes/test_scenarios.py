"""Every scenario of every process, on both databases, on the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Scenario, parse_scenarios
from tests.processes.player import Player
from tests.processes.world import World


def _scenarios() -> list[tuple[str, Scenario]]:
    files = sorted(Path(ROOT / "bpmn").glob("*/escenarios.toml"))
    processes = [(f.parent.name, f.read_text(encoding="utf-8")) for f in files if not f.parent.name.startswith("_")]
    return [(process, scenario) for process, text in processes for scenario in parse_scenarios(text)]


@pytest.mark.req("C-40", "C-36")
@pytest.mark.parametrize(("process", "scenario"), _scenarios(), ids=lambda value: getattr(value, "name", value))
def test_the_process_goes_as_its_scenario_says(process: str, scenario: Scenario, world: World) -> None:
    definition = world.app.definitions.get(world.publish(process))
    Player(world, definition).play(scenario)
