"""What the indicators need of the application (``engine.app.Cartulario``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from engine.cases import Engine
from engine.clock import Clock
from engine.config import Config
from engine.definitions import DefinitionStore
from engine.storage.unit_of_work import Database


class Days(Protocol):
    def local_day(self, instant: datetime) -> date: ...

    def business_days_between(self, a: date, b: date) -> int: ...


class Office(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def definitions(self) -> DefinitionStore: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def calendar(self) -> Any:
        """Its ``now`` is ``Days``."""
        ...
