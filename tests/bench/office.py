"""An application with the benchmark's process published and one person who may do everything."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
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


def whole_case(app: Cartulario, person: UUID) -> int:
    """From start to end, jobs included; how many user tasks it completed."""
    receipt = start_case(StartCase("banco", person, {}, uuid.uuid4()), app.engine)
    done, waiting = 0, list(receipt.opened)
    case_id = receipt.case_id
    while receipt.status == "open":
        if waiting:
            task_id = waiting.pop(0)
            receipt = complete(app, person, task_id, element_of(app, task_id))
            done += 1
        else:
            with app.database.read() as conn:
                keys = conn.scalars(
                    sa.select(job.c.key).where(job.c.case_id == case_id, job.c.status == "queued")
                ).all()
            receipt = deliver_result(DeliverResult(keys[0], {"document": "d1"}), app.engine)
        waiting += receipt.opened
    return done


def element_of(app: Cartulario, task_id: UUID) -> str:
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(task.c.element).where(task.c.id == task_id)))


def complete(app: Cartulario, person: UUID, task_id: UUID, element: str, **other: object) -> Receipt:
    return complete_task(CompleteTask(task_id, person, {**ANSWERS[element], **other}, uuid.uuid4()), app.engine)
