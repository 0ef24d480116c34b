"""What a page needs to show a case's way: addresses and data for the drawing, lines for the list beside it.

The list says everything that the drawing does, so that nothing needs script, sight or colour.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from engine.definitions import Definition, Shared, shared_diagrams
from engine.history.path import Path
from engine.history.timeline import Steps, step_name
from web.current import cartulario
from web.text import gettext as _

UNNAMED = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}


@dataclass(frozen=True)
class StepLine:
    number: int
    name: str
    lane: str
    at: datetime
    who: str | None


@dataclass(frozen=True)
class NowLine:
    name: str
    lane: str
    failed: bool


@dataclass(frozen=True)
class Drawing:
    xml: str  # address of the diagram
    data: str  # JSON for the script: passed, flows, now, failed
    label: str
    process: str
    version: int
    steps: tuple[StepLine, ...]
    now: tuple[NowLine, ...]
    shared: tuple[Shared, ...]  # of its diagrams, those that other processes call too


def path_data(path: Path) -> dict[str, object]:
    """The way as the script reads it."""
    return {
        "passed": path.numbers(),
        "flows": list(path.flows),
        "now": dict(path.now),
        "failed": sorted(path.failed),
    }


def drawing_of(path: Path, definition: Definition) -> Drawing:
    elements = definition.spec.elements
    steps = tuple(
        StepLine(visit.number, step_name(visit.element, elements), lane(elements, visit.element), visit.at, visit.who)
        for visit in path.visits
        if is_told(elements, visit.element)
    )
    now = tuple(
        NowLine(step_name(element, elements), lane(elements, element), element in path.failed) for element in path.now
    )
    return Drawing(
        xml=url_for("diagram.source", version=definition.id),
        data=json.dumps(path_data(path), separators=(",", ":")),
        label=_label(now),
        process=definition.process,
        version=definition.number,
        steps=steps,
        now=now,
        shared=tuple(shared_diagrams(definition.bundle, cartulario().definitions.catalogue())),
    )


def _label(now: tuple[NowLine, ...]) -> str:
    if not now:
        return _("Diagrama del trámite: terminó")
    return _("Diagrama del trámite: está en %(steps)s", steps=", ".join(f"«{line.name}»" for line in now))


def is_told(elements: Steps, element: str) -> bool:
    """A gateway without a name says nothing in a list."""
    found = elements.get(element)
    return found is None or bool(found.name) or found.kind not in UNNAMED


def lane(elements: Steps, element: str) -> str:
    found = elements.get(element)
    return (found.lane or "") if found else ""
