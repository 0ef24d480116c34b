"""What judging a letter needs of the application (``engine.app.Cartulario``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from engine.archive import Archive
from engine.cases import Engine
from engine.clock import Clock
from engine.config import Config
from engine.mail import Mailer
from engine.signing import Signing
from engine.storage.unit_of_work import Database

PROCESS = "acta_examen"  # for which the mail of an office is seen
SIGNED_IN = (PROCESS, "acta_rectificativa", "reconstruir_acta")  # a delegation may be for one of them; its task decides


class Desk(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def signing(self) -> Signing: ...
    @property
    def mailer(self) -> Mailer: ...


def day_of(desk: Desk, instant: datetime) -> date:
    return instant.astimezone(desk.config.zone).date()


def role_of(account: str) -> str:
    """Who decides on the held mail of an account: the office whose account it is."""
    return account if account.startswith("departamento:") else "sgpyec"
