"""Published definitions, read from the database and kept parsed.

A version never changes, so it is parsed once per server process and kept by its id. Which version is current is asked
of the database each time (one indexed row), so that a publication elsewhere is seen at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.definitions.bundle import Bundle
from engine.definitions.manifest import Manifest
from engine.definitions.scenarios import Scenario, parse_scenarios
from engine.errors import NotFound
from engine.forms import Form
from engine.spiff import ProcessSpec, parse_process
from engine.storage.tables import definition_version as table
from engine.storage.unit_of_work import Database

_PUBLISHED = sa.select(table.c.id).where(table.c.process == sa.bindparam("process"), table.c.state == "published")
KEPT = 64  # versions; a busy office has some ten services and a few versions of each with running cases


@dataclass(frozen=True)
class Definition:
    """One version of a process, ready to run."""

    id: UUID
    process: str
    number: int
    hash: str
    at: datetime
    bundle: Bundle
    manifest: Manifest
    spec: ProcessSpec
    forms: Mapping[str, Form]  # by file name: "solicitud.json"

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """What its owner expects of it."""
        return parse_scenarios(self.bundle.text("escenarios.toml")) if self.bundle.has("escenarios.toml") else ()

    @property
    def start_form(self) -> Form | None:
        """The request form, when the start event has one."""
        return self.form_of(self.spec.start.id)

    def form_of(self, element: str) -> Form | None:
        found = self.spec.elements.get(element)
        return self.forms.get(found.form) if found is not None and found.form else None

    @cached_property
    def open_roles(self) -> frozenset[str]:
        """Whose holders read every case of the process: those that ``lectores`` names; without it the roles of its
        lanes, but for those of which a task is narrowed to a part; who holds a part reads the cases that came to it."""
        if (readers := self.manifest.data.readers) is not None:
            return frozenset(readers)
        parted = {e.lane for e in self.spec.elements.values() if "ambito" in e.properties}
        return frozenset(role for lane, role in self.manifest.lanes.items() if lane not in parted)

    @cached_property
    def called_roles(self) -> frozenset[str]:
        """Whose holders, as ``lectores`` does not name them, read only the cases of which a task came to their role."""
        narrowed = self.manifest.data.readers is not None
        return frozenset(self.manifest.lanes.values()) - self.open_roles if narrowed else frozenset()

    def role_of(self, element: str) -> str | None:
        """The role of the element's lane."""
        found = self.spec.elements.get(element)
        return self.manifest.lanes.get(found.lane) if found is not None and found.lane else None


@dataclass(frozen=True, slots=True)
class Version:
    """A row of the list of versions."""

    id: UUID
    process: str
    number: int
    hash: str
    title: str
    state: str
    published_by: UUID | None
    approved_by: UUID | None
    at: datetime


class DefinitionStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[UUID, Definition] = OrderedDict()
        self._lock = threading.Lock()
        self._catalogue: tuple[tuple[UUID, ...], tuple[Definition, ...]] = ((), ())

    def get(self, version_id: UUID) -> Definition:
        """Raises ``NotFound``."""
        with self._lock:
            kept = self._kept.get(version_id)
            if kept is not None:
                self._kept.move_to_end(version_id)
                return kept
        with self._database.read() as conn:
            row = conn.execute(sa.select(table).where(table.c.id == version_id)).one_or_none()
        if row is None:
            raise NotFound("No existe esa versión del proceso.")
        return self._keep(read_definition(row))

    def current(self, process: str, conn: Connection | None = None) -> Definition:
        """The published version. Given a connection, as its transaction sees it. Raises ``NotFound``."""
        if conn is not None:
            found = conn.execute(_PUBLISHED, {"process": process}).scalar_one_or_none()
        else:
            with self._database.read() as reading:
                found = reading.execute(_PUBLISHED, {"process": process}).scalar_one_or_none()
        if found is None:
            raise NotFound("Ese servicio no está publicado.")
        return self.get(found)

    def catalogue(self) -> tuple[Definition, ...]:
        """Every published process, services first, in the order of the Carta."""
        with self._database.read() as conn:
            ids = tuple(conn.execute(sa.select(table.c.id).where(table.c.state == "published")).scalars())
        known, found = self._catalogue
        if set(known) != set(ids):
            found = tuple(sorted((self.get(identifier) for identifier in ids), key=_in_the_carta))
            self._catalogue = (ids, found)
        return found

    def versions(self, process: str) -> list[Version]:
        """Newest first."""
        columns = [table.c[name] for name in Version.__slots__]
        query = sa.select(*columns).where(table.c.process == process).order_by(table.c.number.desc())
        with self._database.read() as conn:
            return [Version(*row) for row in conn.execute(query)]

    def _keep(self, definition: Definition) -> Definition:
        with self._lock:
            self._kept[definition.id] = definition
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return definition


def read_definition(row: Any) -> Definition:
    """From a row of ``definition_version``."""
    return make_definition(
        Bundle.from_zip(row.process, row.bundle), id=row.id, number=row.number, at=row.at, hash=row.hash
    )


def make_definition(bundle: Bundle, *, id: UUID, number: int, at: datetime, hash: str | None = None) -> Definition:
    """From a bundle: also for trying one that is not published. Raises ``InvalidBundle``."""
    names = [
        name.removeprefix("forms/") for name in bundle.files if name.startswith("forms/") and name.endswith(".json")
    ]
    return Definition(
        id=id,
        process=bundle.process,
        number=number,
        hash=hash or bundle.hash,
        at=at,
        bundle=bundle,
        manifest=bundle.manifest,
        spec=parse_process(dict(bundle.files), bundle.process),
        forms={name: Form(bundle.form(name)) for name in names},
    )


def _in_the_carta(definition: Definition) -> tuple[bool, str, str]:
    service = definition.manifest.process.service
    return service is None, service or "", definition.title
