"""An application with the benchmark's process published and one person who may do everything.

``whole_case`` times the commands alone, each from its call to its commit: what the benchmark itself must ask in between
(which element a task is, which job waits) is a page's or a worker's work, and is left out.
"""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from engine import people
from engine.app import Cartulario, build
from engine.cases import CompleteTask, DeliverResult, Receipt, StartCase, complete_task, deliver_result, start_case
from engine.config import Config
from engine.definitions import Bundle
from engine.storage.migrate import create_schema
from engine.storage.tables import definition_version, job, task
from tests.support.banco import ANSWERS, files


@contextmanager
def office(url: str, folder: Path) -> Iterator[tuple[Cartulario, UUID]]:
    app = build(Config(database_url=url, data_dir=folder))
    create_schema(app.database)
    bundle, now = Bundle("banco", files()), app.clock.now()
    with app.database.write() as conn:
        person = people.create_person(
            conn, username="uno", given_names="Uno", family_names="Solo", email="uno@une.example", at=now
        )
        for role in ("secretaria", "secretario_general"):
            people.grant_role(conn, person, role, date(2024, 1, 1))
        conn.execute(
            definition_version.insert().values(
                id=uuid.uuid4(),
                process="banco",
                number=1,
                hash=bundle.hash,
                title="Medida",
                bundle=bundle.zip(),
                library_version="",
                state="published",
                at=now,
            )
        )
    yield app, person
    app.close()


@dataclass
class Done:
    """What was done, and how long its commands took."""

    tasks: int = 0
    seconds: float = 0.0

    def command(self, run: Callable[[], Receipt]) -> Receipt:
        began = time.perf_counter()
        receipt = run()
        self.seconds += time.perf_counter() - began
        return receipt


def whole_case(app: Cartulario, person: UUID, done: Done) -> None:
    """From start to end, jobs included."""
    receipt = done.command(lambda: start_case(StartCase("banco", person, {}, uuid.uuid4()), app.engine))
    waiting = list(receipt.opened)
    case_id = receipt.case_id
    while receipt.status == "open":
        if waiting:
            task_id = waiting.pop(0)
            command = functools.partial(complete, app, person, task_id, element_of(app, task_id))
            done.tasks += 1
        else:
            result = DeliverResult(queued_job(app, case_id), {"document": "d1"})
            command = functools.partial(deliver_result, result, app.engine)
        receipt = done.command(command)
        waiting += receipt.opened


def queued_job(app: Cartulario, case_id: UUID) -> str:
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(job.c.key).where(job.c.case_id == case_id, job.c.status == "queued")))


def element_of(app: Cartulario, task_id: UUID) -> str:
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(task.c.element).where(task.c.id == task_id)))


def complete(app: Cartulario, person: UUID, task_id: UUID, element: str, **other: object) -> Receipt:
    return complete_task(CompleteTask(task_id, person, {**ANSWERS[element], **other}, uuid.uuid4()), app.engine)
