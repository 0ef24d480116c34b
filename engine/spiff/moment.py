"""One command's moment: its instant, its counter, what the diagram asked of the office and which elements it passed.

SpiffWorkflow asks the operating system for the time and for random ids; a replay could not repeat either. While a
command runs, both come from here (``instrument.py`` redirects the library), so the same events give the same state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.errors import EngineFault

COUNTER_BITS = 40
_MASK = (1 << COUNTER_BITS) - 1


class Office(Protocol):
    """What a diagram may ask of the office. Every answer is recorded in the event, and a replay reads it from there."""

    def hoy(self) -> str: ...
    def ahora(self) -> str: ...
    def dias_habiles(self, days: int) -> str: ...
    def dias_habiles_desde(self, days: int, day: str) -> str: ...
    def iniciar_plazo(self, key: str, days: int) -> str: ...
    def iniciar_plazos(self, days: dict[str, int]) -> str: ...
    def cumplir_plazo(self, key: str) -> str: ...
    def negar_plazo(self, key: str) -> str: ...
    def desistir_plazo(self, key: str) -> str: ...
    def pendientes(self, keys: list[str]) -> list[str]: ...
    def plazo_de(self, keys: list[str], percent: int, extra_days: int) -> str: ...
    def plazo(self, percent: int, extra_days: int = 0) -> str: ...
    def pausar(self) -> None: ...
    def reanudar(self) -> None: ...


class ReplayMismatch(EngineFault):
    """A replay asked the office something else than the case did."""

    code = "replay_mismatch"


@dataclass
class Recorded:
    """An office that answers from an event's ``reads``."""

    reads: list[list[Any]]

    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if not self.reads:
            raise ReplayMismatch(f"La repetición pide {name}{arguments} y el registro no lo tiene.")
        recorded, given, answer = self.reads.pop(0)
        if recorded != name or list(arguments) != given:
            raise ReplayMismatch(f"La repetición pide {name}{arguments} y el registro dice {recorded}{tuple(given)}.")
        return answer


@dataclass
class Moment:
    case_id: UUID
    now: datetime
    zone: ZoneInfo
    counter: int
    office: Office | Recorded
    reads: list[list[Any]] = field(default_factory=list)
    entered: list[tuple[str, str]] = field(default_factory=list)  # (element left, element entered), in order
    passed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # (library task, data before it), in order

    def enter(self, task: Any) -> None:
        """Note that an element was reached, and from which: the library keeps no trace of sequence flows."""
        element = task.task_spec.bpmn_id
        if element is None:
            return
        tasks, above = task.workflow.tasks, task.workflow.tasks.get(task._parent)
        while above is not None and above.task_spec.bpmn_id is None:
            above = tasks.get(above._parent)
        if above is not None and above.task_spec.bpmn_id != element:
            self.entered.append((above.task_spec.bpmn_id, element))

    def complete(self, task: Any) -> None:
        above = task.workflow.tasks.get(task._parent)
        self.passed.append((task, above.data if above is not None else {}))

    def tick(self) -> int:
        self.counter += 1
        return self.counter

    def next_id(self) -> UUID:
        return UUID(int=(self.case_id.int & ~_MASK) | (self.tick() & _MASK))

    def ask(self, name: str, *arguments: Any) -> Any:
        if isinstance(self.office, Recorded):
            answer = self.office.ask(name, arguments)
        else:
            answer = getattr(self.office, name)(*arguments)
        self.reads.append([name, list(arguments), answer])
        return answer


_current: ContextVar[Moment | None] = ContextVar("moment", default=None)


def current() -> Moment:
    moment = _current.get()
    if moment is None:
        raise EngineFault("El motor se usó fuera de un comando.")
    return moment


def current_or_none() -> Moment | None:
    return _current.get()


@contextmanager
def during(moment: Moment) -> Iterator[Moment]:
    token = _current.set(moment)
    try:
        yield moment
    finally:
        _current.reset(token)


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
