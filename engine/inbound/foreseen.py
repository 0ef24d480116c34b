"""What the first step of a request would refuse, told before it is sent, by the very operation that will refuse it.

Called by the page on which answers are checked. It changes nothing and promises nothing: the step decides again, when
the case runs. Whoever may not start the process, or names files that are not theirs, is told nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from pydantic import ValidationError

from engine.cases import Engine, StartCase
from engine.cases.check_start import check_start
from engine.definitions import Definition
from engine.errors import CartularioError
from engine.operations import Operation, Tools
from engine.spiff import Element, evaluate
from engine.storage.unit_of_work import Database

MOST_TOLD = 50


class Office(Protocol):
    """What is needed of the application (``engine.app.Cartulario``)."""

    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def operations(self) -> Mapping[str, Operation[Any]]: ...
    @property
    def tools(self) -> Tools: ...


def foresee(app: Office, command: StartCase) -> list[str]:
    """Sentences, none when nothing can be foreseen; a request that cannot be sent at all says so when it is sent."""
    try:
        with app.database.read() as conn:
            definition = app.engine.definitions.current(command.process, conn)
            step = _first_step(definition)
            if step is None:
                return []
            answers = check_start(conn, replace(command, confirmed=True), app.engine)
        operation = app.operations[step.operation or ""]
        raw = {name: evaluate(text, answers) for name, text in step.parameters.items()}
        found = operation.foresee(operation.Parameters.model_validate(raw), app.tools)
    except (CartularioError, ValidationError):
        return []
    more = len(found) - MOST_TOLD
    return found if more <= 0 else [*found[:MOST_TOLD], f"Y {more} más."]


def _first_step(definition: Definition) -> Element | None:
    """The operation that a request meets at once, when that is what its start leads to."""
    spec = definition.spec
    targets = [flow.target for flow in spec.flows if flow.source == spec.start.id]
    step = spec.elements.get(targets[0]) if len(targets) == 1 else None
    return step if step is not None and step.operation else None
