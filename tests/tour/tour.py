"""One tour: scenarios played on one stage, one after the other, each examined when it ends. ``__main__`` starts it and
``story`` goes on with what it left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.app import Cartulario
from engine.definitions import Definition, Scenario, parse_scenarios
from tests.tour.client import Deviation, Visitor
from tests.tour.play import Player
from tests.tour.post import Post
from tests.tour.report import examine
from web.demo.stage import Stage


@dataclass
class Tour:
    stage: Stage
    app: Cartulario
    out: Path
    post: Post | None
    people: dict[str, Visitor] = field(default_factory=dict)
    players: list[Player] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[int, list[str]] = field(default_factory=dict)  # by the number of cases before
    deviations: list[str] = field(default_factory=list)

    def play(self, definition: Definition, scenario: Scenario, begun: str = "") -> Player | None:
        """Who played it; none: it deviated, which is on record. ``begun``: the number of a case that is there."""
        player = Player(self.stage, self.app, definition, self.people, self.post)
        try:
            player.play(scenario, begun)
            self.cases.append(examine(player, scenario, self.out))
        except Deviation as deviation:
            self.deviations.append(f"{scenario.name} ({player.number}): {deviation}")
            return None
        self.players.append(player)
        print(f"  {player.number}  {scenario.name}", flush=True)
        return player

    def chapter(self, process: str, name: str, begun: str = "", **told: Any) -> Player | None:
        """The scenario of that process whose name begins so, with other answers at its start or other grades."""
        definition = self.app.definitions.current(process)
        scenario = next(one for one in scenarios_of(definition) if one.name.startswith(name))
        sheets: Mapping[str, Any] = told.pop("planillas", {})
        steps = tuple(
            step.model_copy(update={"sheet": sheets[step.task]}) if step.task in sheets else step
            for step in scenario.steps
        )
        ours = scenario.model_copy(update={"start": {**scenario.start, **told}, "steps": steps})
        return self.play(definition, ours, begun)

    def note(self, text: str) -> None:
        """What happened before the next case, outside any."""
        self.notes.setdefault(len(self.cases), []).append(text)

    def fail(self, deviation: str) -> None:
        self.deviations.append(deviation)


def scenarios_of(definition: Definition) -> Iterator[Scenario]:
    yield from parse_scenarios(definition.bundle.text("escenarios.toml"))
