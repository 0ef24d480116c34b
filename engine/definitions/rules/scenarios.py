"""Scenarios name what exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import HUMAN
from engine.definitions.finding import Finding
from engine.definitions.scenarios import FILE
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject


def scenarios_name_existing_elements(subject: Subject) -> Iterator[Finding]:
    tasks = {n.id for _d, n in subject.nodes() if n.kind in HUMAN}
    services = {n.id for _d, n in subject.nodes() if n.operation}
    operations = {n.operation for _d, n in subject.nodes() if n.operation}
    for scenario in subject.scenarios:
        for number, step in enumerate(scenario.steps, start=1):
            for name, known in ((step.task, tasks), (step.resolve, services), (step.operation, operations)):
                if name and name not in known:
                    place = f"{scenario.name} · paso {number}"
                    mend = did_you_mean(name, {str(k) for k in known}) or "Escriba un id del diagrama."
                    yield Finding(FILE, place, f"«{name}» no está en el diagrama.", mend)


def scenarios_expect_outcomes_of_the_diagram(subject: Subject) -> Iterator[Finding]:
    outcomes = {n.properties.get("desenlace") for _d, n in subject.nodes()} - {None}
    for scenario in subject.scenarios:
        outcome = scenario.expected.outcome
        if outcome and outcome not in outcomes and scenario.expected.status != "withdrawn":
            mend = did_you_mean(outcome, {str(o) for o in outcomes}) or "Use el «desenlace» de un fin."
            yield Finding(FILE, scenario.name, f"Ningún fin tiene el desenlace «{outcome}».", mend)


def scenarios_have_a_name_of_their_own(subject: Subject) -> Iterator[Finding]:
    names = [scenario.name for scenario in subject.scenarios]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Finding(FILE, name, "El nombre se repite.", "Dé a cada escenario el suyo.")
