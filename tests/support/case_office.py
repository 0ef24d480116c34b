"""An office that runs the process ``banco`` (or another bundle) on a clock that is told, for the tests of commands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine import calendar, people
from engine.app import Cartulario, build
from engine.cases import CompleteTask, DeliverResult, Receipt, StartCase, complete_task, deliver_result, start_case
from engine.clock import FixedClock
from engine.config import Config
from engine.definitions import Bundle
from engine.history.chain import verify_chain
from engine.history.replay import Replay, replay
from engine.storage.tables import case, definition_version, event, job, task
from tests.support.banco import ANSWERS, files

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # ten in the morning in Guayaquil
STAFF = {
    "rosa": ("secretaria",),
    "tadeo": ("secretaria",),
    "elena": ("secretario_general",),
    "admin": ("administrador",),
}


@dataclass
class CaseOffice:
    app: Cartulario
    clock: FixedClock
    maria: UUID
    people: dict[str, UUID]

    @classmethod
    def open(cls, url: str, folder: Path, bundle: Mapping[str, bytes] | None = None) -> CaseOffice:
        clock = FixedClock(MONDAY)
        app = build(Config(database_url=url, data_dir=folder), clock)
        with app.database.write() as conn:
            calendar.seed_feriados(conn, app.config, (2026, 2027))
            maria = _person(conn, "maria", "María José", "Ñáñez de la Cruz", profile="estudiante")
            found = {name: _person(conn, name, name.title(), "Güemes") for name in STAFF}
            for name, roles in STAFF.items():
                for role in roles:
                    people.grant_role(conn, found[name], role, date(2024, 1, 1))
        office = cls(app, clock, maria, found)
        office.publish(bundle or files())
        return office

    def publish(self, bundle_files: Mapping[str, bytes], process: str = "banco") -> UUID:
        """As published; the check of diagrams has its own tests."""
        bundle, version = Bundle(process, dict(bundle_files)), uuid.uuid4()
        with self.app.database.write() as conn:
            older = definition_version.c.process == process
            number = conn.scalar(sa.select(sa.func.count()).where(older)) or 0
            conn.execute(definition_version.update().where(older).values(state="retired"))
            conn.execute(
                definition_version.insert().values(
                    id=version,
                    process=process,
                    number=number + 1,
                    hash=bundle.hash,
                    title=bundle.manifest.title,
                    bundle=bundle.zip(),
                    library_version="",
                    state="published",
                    at=self.clock.now(),
                )
            )
        return version

    def start(self, request_id: UUID | None = None, **answers: Any) -> Receipt:
        return start_case(StartCase("banco", self.maria, answers, request_id or uuid.uuid4()), self.app.engine)

    def complete(self, task_id: UUID, who: str = "rosa", request_id: UUID | None = None, **answers: Any) -> Receipt:
        element = self.one(sa.select(task.c.element).where(task.c.id == task_id)).element
        actor = self.maria if who == "maria" else self.people[who]
        given = {**ANSWERS.get(element, {}), **answers}
        return complete_task(CompleteTask(task_id, actor, given, request_id or uuid.uuid4()), self.app.engine)

    def run_jobs(self) -> Receipt | None:
        """Every job gives the same document."""
        receipt = None
        while keys := self.all(sa.select(job.c.key).where(job.c.status == "queued").order_by(job.c.key)):
            receipt = deliver_result(DeliverResult(keys[0].key, {"document": "d1"}), self.app.engine)
        return receipt

    def open_tasks(self, case_id: UUID | None = None) -> dict[str, UUID]:
        query = sa.select(task.c.element, task.c.id).where(task.c.status == "open")
        if case_id is not None:
            query = query.where(task.c.case_id == case_id)
        return {row.element: row.id for row in self.all(query)}

    def case(self, case_id: UUID) -> Any:
        return self.one(sa.select(case).where(case.c.id == case_id))

    def kinds(self, case_id: UUID) -> list[str]:
        return [
            row.kind for row in self.all(sa.select(event.c.kind).where(event.c.case_id == case_id).order_by(event.c.n))
        ]

    def replayed(self, case_id: UUID) -> Replay:
        with self.app.database.read() as conn:
            assert verify_chain(conn, case_id).reason is None
            return replay(conn, self.app.definitions, case_id, self.app.config.zone)

    def one(self, query: Any) -> Any:
        return self.all(query)[0]

    def all(self, query: Any) -> list[Any]:
        with self.app.database.read() as conn:
            return list(conn.execute(query))


def _person(conn: sa.Connection, username: str, given: str, family: str, **more: str) -> UUID:
    return people.create_person(
        conn,
        username=username,
        given_names=given,
        family_names=family,
        email=f"{username}@une.example",
        at=MONDAY,
        **more,
    )
