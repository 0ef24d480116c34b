"""Walks an ``Execution`` by what a person could name: the element and its instance. For tests of the engine without a
database.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.spiff import Advance, Execution, HumanTask, ProcessSpec, ServiceCall, Wait

ZONE = ZoneInfo("America/Guayaquil")
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
CASE = UUID("6f1b7c1e-0000-4000-8000-5a5a5a5a5a5a")


@dataclass
class PlainOffice:
    """An office without a calendar: a business day is a day."""

    now: datetime = START
    paused: bool = False
    started: datetime | None = None
    days: int = 0

    def hoy(self) -> str:
        return self.now.date().isoformat()

    def ahora(self) -> str:
        return self.now.isoformat()

    def dias_habiles(self, days: int) -> str:
        return (self.now + timedelta(days=days)).isoformat()

    def dias_habiles_desde(self, days: int, day: str) -> str:
        return (datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=days)).isoformat()

    def iniciar_plazo(self, key: str, days: int) -> str:
        self.started, self.days = self.now, days
        return (self.now + timedelta(days=days)).isoformat()

    def cumplir_plazo(self, key: str) -> str:
        return self.ahora()

    def negar_plazo(self, key: str) -> str:
        return self.ahora()

    def desistir_plazo(self, key: str) -> str:
        return self.ahora()

    def iniciar_plazos(self, days: dict[str, int]) -> str:
        return self.dias_habiles(max(days.values()))

    def pendientes(self, keys: list[str]) -> list[str]:
        return keys

    def plazo_de(self, keys: list[str], percent: int, extra_days: int) -> str:
        return self.plazo(percent, extra_days)

    def plazo(self, percent: int, extra_days: int = 0) -> str:
        if self.started is None or self.paused:
            return datetime(9999, 12, 31, tzinfo=UTC).isoformat()
        return (self.started + timedelta(days=self.days * percent / 100 + extra_days)).isoformat()

    def pausar(self) -> None:
        self.paused = True

    def reanudar(self) -> None:
        self.paused = False


class Unpruned(Execution):
    """Keeps its whole history: what pruning is compared with."""

    def _prune(self) -> None:
        pass


@dataclass
class Walk:
    """One case. ``reload`` saves and loads it before each step, as the real engine does."""

    spec: ProcessSpec
    reload: bool = True
    kind: type[Execution] = Execution
    office: PlainOffice = field(default_factory=PlainOffice)
    tasks: dict[UUID, HumanTask] = field(default_factory=dict)
    calls: dict[UUID, ServiceCall] = field(default_factory=dict)
    waits: dict[tuple[UUID, int], Wait] = field(default_factory=dict)
    last: Advance = field(default_factory=Advance)
    flows: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._execution = self.kind(self.spec, CASE, ZONE)

    @property
    def execution(self) -> Execution:
        if self.reload and self.last.state:
            self._execution = self.kind(self.spec, CASE, ZONE, self.last.state)
        return self._execution

    def start(self, data: dict[str, Any] | None = None) -> Walk:
        return self._took(self.execution.start(data or {}, self.office.now, self.office))

    def complete(self, element: str, instance: str | None = None, **answers: Any) -> Walk:
        task = next(t for t in self.tasks.values() if t.element == element and instance in (None, t.instance))
        return self._took(self.execution.complete(task.id, answers, self.office.now, self.office))

    def finish(self, element: str, result: Any = None) -> Walk:
        call = next(c for c in self.calls.values() if c.element == element)
        return self._took(self.execution.finish_call(call.id, result, self.office.now, self.office))

    def message(self, name: str, payload: Any = None) -> Walk:
        wait = next(w for w in self.waits.values() if w.message == name)
        return self._took(self.execution.deliver(wait.task_id, wait.n, payload or {}, self.office.now, self.office))

    def tick(self) -> Walk:
        """Go on to the next timer."""
        due = min(w.due_at for w in self.waits.values() if w.due_at)
        self.office.now = max(self.office.now, due) + timedelta(microseconds=1)
        return self._took(self.execution.fire_timers(self.office.now, self.office))

    def withdraw(self) -> Walk:
        return self._took(self.execution.withdraw(self.office.now, self.office))

    def open(self) -> list[str]:
        return sorted(t.element for t in self.tasks.values())

    def options(self) -> list[tuple[str, str, str]]:
        """What could happen next, in an order that does not depend on ids."""
        found = [("task", t.element, t.instance or "") for t in self.tasks.values()]
        found += [("call", c.element, "") for c in self.calls.values()]
        found += [("message", w.message or "", "") for w in self.waits.values() if w.kind == "message"]
        found += [("tick", "", "")] if any(w.due_at for w in self.waits.values()) else []
        return sorted(found)

    def do(self, option: tuple[str, str, str], rng: random.Random) -> None:
        kind, name, instance = option
        if kind == "task":
            answers = {"azar": rng.randint(0, 9), name: rng.randint(0, 99), f"hecho_{name}": rng.randint(0, 99)}
            self.complete(name, instance or None, **answers)
        elif kind == "call":
            self.finish(name, {"valor": rng.randint(0, 99)})
        elif kind == "message":
            self.message(name)
        else:
            self.tick()

    def _took(self, advance: Advance) -> Walk:
        for task_id, _element, _done in advance.closed:
            self.tasks.pop(task_id)
        self.tasks |= {t.id: t for t in advance.opened}
        for call_id in (*advance.calls_gone, *advance.calls_done):
            self.calls.pop(call_id)
        self.calls |= {c.id: c for c in advance.calls}
        for gone in advance.waits_gone:
            self.waits.pop((gone.task_id, gone.n))
        self.waits |= {(w.task_id, w.n): w for w in advance.waits_new}
        self.flows += advance.flows
        self.passed += advance.passed
        self.last = advance
        return self
