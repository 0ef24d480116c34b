"""What printing and filing in bulk need of the application (``engine.app.Cartulario``)."""

from __future__ import annotations

from typing import Protocol

from engine.archive import Archive
from engine.cases import Engine
from engine.clock import Clock
from engine.config import Config
from engine.definitions import DefinitionStore
from engine.storage.unit_of_work import Database


class Desk(Protocol):
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
    def archive(self) -> Archive: ...
