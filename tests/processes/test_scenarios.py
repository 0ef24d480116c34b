"""Every scenario of every process, on the real engine: on both databases, but for the later ones of the acta de examen
and of what comes after it, which make a dozen PDFs each and ask nothing more of a database than the first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Scenario, parse_scenarios
from engine.history.documents import verify_documents
from tests.processes.player import Player
from tests.processes.world import World

LONG = {
    "acta_examen": 2,
    "acta_rectificativa": 1,
    "reconstruir_acta": 1,
    "digitalizar_actas": 1,
}  # process → how many of its scenarios are for both databases


def _scenarios(*, later: bool) -> list[tuple[str, Scenario]]:
    files = sorted(Path(ROOT / "bpmn").glob("*/escenarios.toml"))
    processes = [(f.parent.name, f.read_text(encoding="utf-8")) for f in files if not f.parent.name.startswith("_")]
    found = []
    for process, text in processes:
        played, first = parse_scenarios(text), LONG.get(process)
        chosen = played[first:] if later and first else played[:first] if not later else ()
        found += [(process, scenario) for scenario in chosen]
    return found


def require_told(world: World) -> None:
    """The history says the digest of every document that was issued, and none is another (R-5)."""
    with world.app.database.read() as conn:
        report = verify_documents(conn)
    assert (report.discrepancies, report.untold) == ((), ())


@pytest.mark.req("C-40", "C-36", "R-5")
@pytest.mark.parametrize(
    ("process", "scenario"), _scenarios(later=False), ids=lambda value: getattr(value, "name", value)
)
def test_the_process_goes_as_its_scenario_says(process: str, scenario: Scenario, world: World) -> None:
    definition = world.app.definitions.get(world.publish(process))
    Player(world, definition).play(scenario)
    require_told(world)


@pytest.mark.req("R-15", "R-42", "R-49", "R-56")
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("process", "scenario"), _scenarios(later=True), ids=lambda value: getattr(value, "name", value)
)
def test_a_long_process_goes_as_its_scenario_says(process: str, scenario: Scenario, world: World) -> None:
    definition = world.app.definitions.get(world.publish(process))
    Player(world, definition).play(scenario)
    require_told(world)
