"""Wiring: builds the whole application from its configuration. The only place that knows every part.

``web``, the command line and the tests call ``build``; nothing else constructs these parts.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import calendar, carta, people
from engine.actas.examen import annul_unfinished, stated_by
from engine.archive import Archive
from engine.cases import Engine, Receipt
from engine.clock import Clock, ShiftedClock, SystemClock
from engine.config import Config
from engine.definitions import DefinitionStore
from engine.inbound.catalogues import CATALOGUES
from engine.inbound.open_about import open_about
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.inbox import Inbox
from engine.jobs import Queue
from engine.mail import Mailer
from engine.operations import CATALOGUE, Operation, Tools
from engine.operations.base import said_by_hand
from engine.people import Person
from engine.signing import Signing, load_signing
from engine.storage.unit_of_work import Database


@dataclass(frozen=True)
class Cartulario:
    config: Config
    clock: Clock
    database: Database
    definitions: DefinitionStore
    engine: Engine
    inbox: Inbox
    calendar: calendar.LiveCalendar
    queue: Queue
    archive: Archive
    signing: Signing
    mailer: Mailer
    operations: Mapping[str, Operation[Any]]
    tools: Tools

    def sign_task(self, task_id: UUID, actor: UUID, pin: str, answers: Mapping[str, Any], request_id: UUID) -> Receipt:
        """Sign the document that a task shows and complete it (``inbound.sign_task``): the one door for faces."""
        return sign_and_complete(SignTask(task_id, actor, pin, answers, request_id=request_id), self)

    def close(self) -> None:
        self.database.close()


class _People:
    """The people that ``cases`` asks about."""

    def get(self, conn: Connection, person_id: UUID) -> Person:
        return people.get_person(conn, person_id)

    def roles(self, conn: Connection, person_id: UUID, on: date, process: str) -> frozenset[str]:
        return people.roles_of(conn, person_id, on, process)

    def why_no_longer(self, conn: Connection, person_id: UUID, role: str, on: date, process: str) -> str | None:
        return people.why_no_longer(conn, person_id, role, on, process)

    def narrowed(self, role: str, scope: str) -> str:
        return people.narrowed(role, scope)


def build(config: Config, clock: Clock | None = None) -> Cartulario:
    """Opens no connection and starts no thread; the schema must have been made (``cartulario migrate-db``)."""
    clock = clock or (ShiftedClock(config.clock_file) if config.demo and config.clock_file else SystemClock())
    database = Database(config.database_url)
    definitions = DefinitionStore(database)
    queue = Queue(database, config)
    archive = Archive(config.data_dir / "archive")
    signing = load_signing(config)
    mailer = Mailer.from_config(config)
    load_calendar = functools.partial(_load_calendar, config=config)
    engine = Engine(
        database,
        clock,
        config.zone,
        definitions,
        queue,
        _People(),
        load_calendar,
        carta.commitments,
        stated_by,
        annul_unfinished,
        CATALOGUES,
        {name: functools.partial(said_by_hand, one) for name, one in CATALOGUE.items() if one.by_hand},
    )
    tools = Tools(
        config,
        clock,
        database,
        definitions,
        archive,
        signing,
        mailer,
        load_calendar,
        functools.partial(open_about, engine),
    )
    days = calendar.LiveCalendar(database, config)
    inbox = Inbox(database, clock, people, days, lambda version_id: definitions.get(version_id).open_roles)
    return Cartulario(
        config, clock, database, definitions, engine, inbox, days, queue, archive, signing, mailer, CATALOGUE, tools
    )


def _load_calendar(conn: Connection, place: str | None = None, *, config: Config) -> calendar.Calendar:
    return calendar.load_calendar(conn, config, place)
