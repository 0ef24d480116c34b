"""Declare a rest day, a recess or a local holiday, or take one back: who may, with its reason on record.

Called by the page of the calendar. The open cases follow afterwards (``calendar_changes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from engine.calendar import seed_feriados, set_feriado, set_local_feriado, set_recess
from engine.clock import Clock
from engine.config import Config
from engine.errors import InvalidAnswers, NotAllowed
from engine.people import roles_of
from engine.storage.unit_of_work import Database

EDITOR = "administrador"
LAST_YEAR = 2100


class Office(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...


@dataclass(frozen=True, slots=True)
class EditCalendar:
    """``last``: of a recess. ``place``: of a local holiday that is not at the office. ``name`` none: it works again."""

    actor: UUID
    first: date
    last: date | None
    name: str | None
    kind: str  # nacional | local | receso | decreto
    place: str
    reason: str


def edit_calendar(command: EditCalendar, app: Office) -> int:
    """How many days changed. Raises NotAllowed, InvalidAnswers."""
    now = app.clock.now()
    with app.database.write() as conn:
        if EDITOR not in roles_of(conn, command.actor, now.astimezone(app.config.zone).date()):
            raise NotAllowed("Solo la administración del sistema cambia el calendario.")
        _check(command)
        seed_feriados(conn, app.config, range(command.first.year, (command.last or command.first).year + 1))
        day, name, reason, by = command.first, command.name, command.reason, command.actor
        if command.place.strip():
            return int(set_local_feriado(conn, day, command.place, name, reason, by, now, app.config))
        if name and command.last and command.last != day:
            return set_recess(conn, day, command.last, name, reason, by, now)
        return int(set_feriado(conn, day, name, command.kind, reason, by, now))


def _check(command: EditCalendar) -> None:
    if command.name is not None and not command.name.strip():
        raise InvalidAnswers({"name": "Escriba el nombre del feriado."})
    if not 2000 <= command.first.year <= LAST_YEAR or (command.last and command.last.year > LAST_YEAR):
        raise InvalidAnswers({"first": f"El calendario llega hasta {LAST_YEAR}."})
    if command.last and command.last != command.first and (command.kind != "receso" or command.place.strip()):
        raise InvalidAnswers({"last": "Solo un receso de la institución dura varios días."})
