"""What cases need of rooms that they may not import; ``app.py`` hands them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection


class Calendar(Protocol):
    def local_day(self, instant: datetime) -> date: ...
    def add_business_days(self, day: date, n: int) -> date: ...
    def business_days_between(self, a: date, b: date) -> int: ...
    def end_of(self, day: date) -> datetime: ...
    def due_instant(self, start: datetime, days: int) -> datetime: ...
    def fraction_instant(self, start: datetime, days: int, percent: int) -> datetime: ...
    def shift_due(
        self, due: datetime, paused_at: datetime, resumed_at: datetime, *, since: datetime | None = None
    ) -> datetime: ...


class Person(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def identity_kind(self) -> str | None: ...
    @property
    def identity_number(self) -> str | None: ...
    @property
    def profile(self) -> str | None: ...
    @property
    def place(self) -> str | None: ...
    @property
    def full_name(self) -> str: ...
    @property
    def sort_name(self) -> str: ...


class People(Protocol):
    def get(self, conn: Connection, person_id: UUID) -> Person:
        """Raises ``NotFound``."""
        ...

    def roles(self, conn: Connection, person_id: UUID, on: date, process: str) -> frozenset[str]: ...
    def why_no_longer(self, conn: Connection, person_id: UUID, role: str, on: date, process: str) -> str | None:
        """What to tell somebody who held the role lately and holds it no more."""
        ...

    def narrowed(self, role: str, scope: str) -> str:
        """The role for that part of its work only. Raises ``ValueError`` for what cannot be one."""
        ...


Options = list[dict[str, Any]]  # [{"value", "label"}, …]


class Catalogue(Protocol):
    def __call__(self, conn: Connection, roles: frozenset[str], on: date) -> Options:
        """What a list of the office offers that day to somebody of these roles."""
        ...


class Charter(Protocol):
    def __call__(self, conn: Connection, service: str) -> tuple[int, Mapping[str, int]] | None:
        """The edition in force and the terms of this service's products, in business days; none when it has none."""
        ...


class Stated(Protocol):
    def __call__(self, conn: Connection, acta: str | None, carga: Any, by: UUID) -> bool:
        """Whether that statement of grades is of that acta and was made by that person."""
        ...


class Annul(Protocol):
    def __call__(self, conn: Connection, case_id: UUID, by: UUID, at: datetime, reason: str) -> list[str]:
        """What of the case has a number and did not come to its end goes no further: its names. Raises ``Conflict``
        when it must."""
        ...


class CalendarLoader(Protocol):
    def __call__(self, conn: Connection, place: str | None = None) -> Calendar:
        """As it is now, with the local holidays of that place besides the office's (COA art. 159)."""
        ...


class Form(Protocol):
    @property
    def upload_keys(self) -> Any: ...
    def clean(self, answers: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]: ...


class Queue(Protocol):
    def enqueue(self, conn: Connection, key: str, *, round: int = 0, delay_seconds: float = 0) -> None: ...
