"""What the inbox needs from the office, as it needs it; ``app.py`` hands it in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.people import Person

LanesOf = Callable[[UUID], Collection[str]]  # version id → roles that read all its cases


class Days(Protocol):
    """The institution's calendar."""

    @property
    def zone(self) -> ZoneInfo: ...
    def at(self, place: str | None) -> Days: ...
    def local_day(self, instant: datetime) -> date: ...
    def end_of(self, day: date) -> datetime: ...
    def business_days_between(self, a: date, b: date) -> int: ...


class People(Protocol):
    """``engine.people``, the module."""

    def get_people(self, conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Person]: ...
    def people_with_role(self, conn: Connection, role: str, on: date, process: str | None = None) -> list[Person]: ...
    def why_no_longer(
        self, conn: Connection, person_id: UUID, role: str, on: date, process: str | None = None
    ) -> str | None: ...
    def scoped_roles_of(self, conn: Connection, person_id: UUID, on: date) -> frozenset[tuple[str, str | None]]: ...


def no_lanes(_version_id: UUID) -> Collection[str]:
    return ()
