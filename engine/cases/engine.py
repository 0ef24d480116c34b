"""The engine's dependencies, and the receipt that every command gives. Built once by ``app.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.cases.ports import Annul, CalendarLoader, Catalogue, Charter, People, Queue, Stated
from engine.clock import Clock
from engine.definitions import DefinitionStore
from engine.storage.unit_of_work import Database


@dataclass(frozen=True)
class Engine:
    database: Database
    clock: Clock
    zone: ZoneInfo
    definitions: DefinitionStore
    queue: Queue
    people: People
    calendar: CalendarLoader
    charter: Charter
    stated: Stated
    annul: Annul
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)  # by the name that forms give them
    # what judges the result that a person says of an operation; of the others nobody may say it
    by_hand: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did. The same request_id gives the same receipt."""

    case_id: UUID
    number: str
    event: int | None  # none: there was nothing to do
    opened: tuple[UUID, ...]  # people's tasks that it opened
    due_at: datetime | None
    status: str  # open | completed | withdrawn
    outcome: str | None


@dataclass(frozen=True, slots=True)
class SignatureEvidence:
    """A signature that ``inbound.sign_task`` made and checked, for a task that asks for one (N-4)."""

    signer: UUID
    unsigned: UUID  # the document that the task shows
    signed: UUID  # the document that the signature made of it
    summary: dict[str, Any]
