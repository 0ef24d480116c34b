"""What one command did to a case, in terms that nobody needs SpiffWorkflow to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HumanTask:
    """A user or manual task that is open."""

    id: UUID
    element: str
    name: str
    lane: str | None
    form: str | None
    instance: str | None  # which of several like it: its label, or the key of a multi-instance child
    pauses_term: bool
    product: str | None = None  # of the Carta, when the element says which one it makes
    scope: str | None = None  # the part of its lane's role that it is for, when the element narrows it


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service task that waits for its job."""

    id: UUID
    element: str
    operation: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """A timer or a message that a task waits for. ``n`` tells apart those of one event-based gateway."""

    task_id: UUID
    n: int
    element: str
    kind: str  # timer | message | signal
    due_at: datetime | None
    message: str | None
    correlation: str | None  # "" means the case's own number
    watches: UUID | None = None  # the person's task that a timer reminds of, or ends
    notice: str | None = None  # with it: recuerda | demora | cierra


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message for another case."""

    message: str
    correlation: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Rescheduled:
    element: str
    old: str
    new: str


@dataclass(slots=True)
class Advance:
    opened: list[HumanTask] = field(default_factory=list)
    closed: list[tuple[UUID, str, bool]] = field(
        default_factory=list
    )  # (task, element, completed rather than cancelled)
    calls: list[ServiceCall] = field(default_factory=list)
    calls_gone: list[UUID] = field(default_factory=list)  # cancelled: the case went another way
    calls_done: list[UUID] = field(default_factory=list)
    waits_new: list[Wait] = field(default_factory=list)
    waits_gone: list[Wait] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)  # ids of sequence flows, in the order taken
    passed: list[str] = field(default_factory=list)  # ids of elements, in the order completed
    changes: dict[str, list[Any]] = field(default_factory=dict)  # variable → [old, new]
    reads: list[list[Any]] = field(default_factory=list)  # what was asked of the office: [name, arguments, answer]
    rescheduled: list[Rescheduled] = field(default_factory=list)
    completed: bool = False
    outcome: str | None = None
    state: str = ""  # saved state after it
    fingerprint: str = ""  # SHA-256 of the state
