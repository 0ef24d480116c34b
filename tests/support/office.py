"""A small office with people, one published process and cases written straight into the tables, for the inbox's tests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from engine import people
from engine.calendar import load_calendar, seed_feriados
from engine.clock import FixedClock
from engine.config import Config
from engine.inbox import Inbox, Viewer
from engine.storage.search import search_text
from engine.storage.tables import case, definition_version, task
from engine.storage.unit_of_work import Database

NOW = datetime(2025, 11, 19, 15, 0, tzinfo=UTC)  # Wednesday, 10:00 in Guayaquil
SINCE = date(2025, 1, 1)


@dataclass
class Office:
    database: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    config: Config = field(default_factory=Config)
    numbers: int = 0

    def __post_init__(self) -> None:
        with self.database.write() as conn:
            seed_feriados(conn, self.config, (2025, 2026))
            self.calendar = load_calendar(conn, self.config)
        self.inbox = Inbox(self.database, self.clock, people, self.calendar)
        self.rosa = self.person("rosa", "Rosa Elvira", "Peñafiel Güemes", "secretaria")
        self.segundo = self.person("segundo", "Segundo Manuel", "Sagñay", "secretaria")
        self.general = self.person("general", "Fiorella", "D'Angelo", "secretario_general")
        self.jefa = self.person("jefa", "Ana Lucía", "Villacís Arteaga", "jefe_secretaria")
        self.auditora = self.person("auditora", "Inés", "Cotacachi", "auditor")
        self.maria = self.person("maria", "María José", "Ñáñez de la Cruz")
        self.tadeo = self.person("tadeo", "Tadeo", "Güemes")
        self.version = self.publish("solicitar_certificacion", "Certificación")

    def person(self, username: str, given: str, family: str, *roles: str) -> UUID:
        with self.database.write() as conn:
            person_id = people.create_person(
                conn,
                username=username,
                given_names=given,
                family_names=family,
                email=f"{username}@une.example",
                at=NOW,
            )
            for role in roles:
                people.grant_role(conn, person_id, role, SINCE)
        return person_id

    def publish(self, process: str, title: str) -> UUID:
        version_id = uuid.uuid4()
        with self.database.write() as conn:
            conn.execute(
                definition_version.insert(),
                {
                    "id": version_id,
                    "process": process,
                    "number": 1,
                    "hash": version_id.hex * 2,
                    "title": title,
                    "bundle": b"zip",
                    "library_version": "1",
                    "state": "published",
                    "at": NOW,
                },
            )
        return version_id

    def viewer(self, person_id: UUID) -> Viewer:
        return self.inbox.viewer(person_id)

    def open_case(
        self, requester: UUID | None = None, *, facts: dict[str, Any] | None = None, words: str = "", **changes: Any
    ) -> UUID:
        self.numbers += 1
        case_id = uuid.uuid4()
        number = changes.pop("number", f"SG-2025-{self.numbers:06d}")
        with self.database.write() as conn:
            who = people.get_person(conn, requester or self.maria)
            values = {
                "id": case_id,
                "number": number,
                "version_id": self.version,
                "process": "solicitar_certificacion",
                "revision": 1,
                "status": "open",
                "state": "{}",
                "requester_id": who.id,
                "title": "Certificado institucional",
                "facts": facts or {},
                "search": search_text([number, who.sort_name, words, *map(str, (facts or {}).values())]),
                "opened_at": self.clock.now(),
            }
            conn.execute(case.insert(), values | changes)
        return case_id

    def open_task(self, case_id: UUID | None = None, role: str = "secretaria", **changes: Any) -> UUID:
        task_id = uuid.uuid4()
        values = {
            "id": task_id,
            "case_id": case_id or self.open_case(),
            "element": "revisar_borrador",
            "name": "Revisar el borrador",
            "role": role,
            "form": "revisar_borrador.json",
            "status": "open",
            "opened_at": self.clock.now(),
            "due_at": self.clock.now() + timedelta(days=1),
        }
        with self.database.write() as conn:
            conn.execute(task.insert(), values | changes)
        return task_id

    def task(self, task_id: UUID) -> Any:
        with self.database.read() as conn:
            return conn.execute(task.select().where(task.c.id == task_id)).one()
