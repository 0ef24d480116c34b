"""One tour: scenarios played on one stage, one after the other, each examined when it ends. ``__main__`` starts it and
``story`` goes on with what it left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.app import Cartulario
from engine.definitions import Definition, Scenario, parse_scenarios
from tests.tour.client import Deviation, Visitor
from tests.tour.play import BREAKABLE, Player
from tests.tour.post import Post
from tests.tour.report import examine
from web.demo.old_actas import BASE, publish_courses
from web.demo.stage import Stage

OF_THE_DEMO = BASE[:-4]  # its libro


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
    taken: set[str] = field(default_factory=set)  # actas that a scenario was about
    deviations: list[str] = field(default_factory=list)

    def play(self, definition: Definition, scenario: Scenario, begun: str = "") -> Player | None:
        """Who played it; none: it deviated, which is on record. ``begun``: the number of a case that is there."""
        player = Player(self.stage, self.app, definition, self.people, self.post)
        try:
            player.play(self._on_its_own_acta(scenario), begun)
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

    def _on_its_own_acta(self, scenario: Scenario) -> Scenario:
        """Scenarios are told of the demo's published actas as if each were alone in the world; here they are not."""
        told = scenario.model_dump_json(by_alias=True, exclude_none=True)
        for base in sorted(set(re.findall(rf"{OF_THE_DEMO}\d{{4}}", told))):
            if base in self.taken:
                number = len(self.taken)
                course = (f"P-3{number:03}", f"Seminario {number} de química de superficies")
                [fresh] = publish_courses(self.app, [course])
                told = told.replace(base, fresh)
                base = fresh
            self.taken.add(base)
        return Scenario.model_validate_json(told)

    def fail(self, deviation: str) -> None:
        self.deviations.append(deviation)


def scenarios_of(definition: Definition) -> Iterator[Scenario]:
    """Those that can be made to happen from outside: a tour makes no operation of ours fail but by what it leans on."""
    for scenario in parse_scenarios(definition.bundle.text("escenarios.toml")):
        if {step.operation for step in scenario.steps if step.operation} <= BREAKABLE:
            yield scenario
        else:
            print(f"  (only in tests/processes)  {scenario.name}", flush=True)
