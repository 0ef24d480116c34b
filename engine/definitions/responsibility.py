"""Who does, answers for and is told of each step of a process, read off its diagram (C-13, R-11).

Nobody keeps this list: the lane of a task says who does it, a signature who answers for it, a letter who is told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.store import Definition
from engine.spiff.parsing import Element

_PEOPLE = ("userTask", "manualTask")
_LETTERS = "send_mail"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One cell of the matrix."""

    element: str
    name: str  # of the task, as drawn
    lane: str
    role: str
    part: str  # R: does it · A: answers for it, with a signature · I: is told


def responsibilities(definition: Definition) -> list[Responsibility]:
    """In the order of the diagram. A letter to somebody that only the case knows is told as its expression."""
    return [cell for element in definition.spec.elements.values() for cell in _of(definition, element)]


def _of(definition: Definition, element: Element) -> Iterator[Responsibility]:
    lane = element.lane or ""
    role = definition.manifest.lanes.get(lane, "")
    if element.kind in _PEOPLE:
        part = "A" if "firma" in element.properties else "R"
        yield Responsibility(element.id, element.name, lane, role, part)
    if element.operation == _LETTERS:
        told = _named(element.parameters.get("to", ""))
        for one in told:
            lanes = {code: name for name, code in definition.manifest.lanes.items()}
            yield Responsibility(element.id, element.name, lanes.get(one, one), one, "I")


def _named(expression: str) -> list[str]:
    """The roles of a letter's ``to``: a text, or a list of texts."""
    try:
        value = ast.literal_eval(expression)
    except (ValueError, SyntaxError):
        return [expression] if expression else []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
