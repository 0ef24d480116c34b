"""Start the cases that a timer start event asks for: each instant of its schedule once, however many workers look.

The request's id is made of the process, the event and the instant: whoever comes second finds that case. After a stop,
only the latest instant is made good.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime
from threading import Event
from typing import Protocol

import sqlalchemy as sa

from engine.cases import Engine, StartCase, start_case
from engine.clock import Clock
from engine.definitions import Definition, DefinitionStore
from engine.definitions.schedule import Schedule, schedules_of
from engine.errors import Unavailable
from engine.storage.tables import definition_version
from engine.storage.tables import event as event_table
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

POLL = 30.0  # seconds
_NAMES = uuid.UUID("6b1f0f0e-8f57-4c0c-9a55-2d3a4d1e7c21")


class Office(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def definitions(self) -> DefinitionStore: ...
    @property
    def engine(self) -> Engine: ...


def start_scheduled(app: Office) -> list[str]:
    """The numbers of the cases that began. A process that cannot is told in the log and keeps no other waiting."""
    begun: list[str] = []
    now = app.clock.now()
    for definition in app.definitions.catalogue():
        try:
            begun += _start_due(app, definition, now)
        except Unavailable:  # for one, for all
            raise
        except Exception:
            log.exception("«%s» could not begin by its schedule; trying again", definition.process)
    return begun


def _start_due(app: Office, definition: Definition, now: datetime) -> Iterator[str]:
    for schedule in schedules_of(definition.spec):
        instant = schedule.last(now)
        if instant is not None and not _done(app, definition, schedule, instant):
            command = StartCase(
                definition.process,
                None,
                {},
                _request_id(definition, schedule, instant),
                channel="sistema",
                start_event=schedule.element,
            )
            yield start_case(command, app.engine).number


def _done(app: Office, definition: Definition, schedule: Schedule, instant: datetime) -> bool:
    """Begun already, or due before the process was first published."""
    first = sa.select(sa.func.min(definition_version.c.at)).where(definition_version.c.process == definition.process)
    request_id = _request_id(definition, schedule, instant)
    with app.database.read() as conn:
        published = conn.scalar(first)
        made = conn.scalar(sa.select(event_table.c.n).where(event_table.c.request_id == request_id))
    return made is not None or published is None or instant < published


def _request_id(definition: Definition, schedule: Schedule, instant: datetime) -> uuid.UUID:
    return uuid.uuid5(_NAMES, f"{definition.process}/{schedule.element}/{instant.isoformat()}")


def run_schedules(app: Office, stop: Event) -> None:
    """Until ``stop``."""
    while not stop.is_set():
        try:
            for number in start_scheduled(app):
                log.info("case %s began by its schedule", number)
        except Exception:
            log.warning("scheduled cases could not be started; trying again", exc_info=True)
        stop.wait(POLL)
