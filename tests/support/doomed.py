"""Processes that are made to die: a face that files and completes, and a worker, each killing itself with SIGKILL at
some of its commits.

``live`` is what such a process runs. ``chance`` is that of dying at a commit, half of the times just before it and half
just after; its process then has said nothing to anybody. Requests have fixed ids: started again, a face repeats.
"""

from __future__ import annotations

import random
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from engine.app import Cartulario, build
from engine.carta import register_certificate
from engine.cases import CompleteTask, ResolveIncident, StartCase, complete_task, resolve_incident, start_case
from engine.config import Config
from engine.errors import Conflict, Unavailable
from engine.inbound.worker import work
from engine.operations import CATALOGUE, Call, Operation
from engine.operations.base import BaseParameters, BaseResult
from engine.storage.tables import case, incident, person, task
from tests.support.banco import ANSWERS, files
from tests.support.death import Death, doom
from tests.support.kept import keep

SENT = {"correo": "", "para": [], "asunto": "", "el": ""}  # as a person says of a letter that may have left
NAMESPACE = uuid.UUID("5d1a0f2e-9f5b-4e57-9f1c-111111111111")


class Asked(BaseParameters):
    identidad: str = Field(description="Texto del documento.")


class Kept(BaseResult):
    document: str
    number: str


class KeepDocument(Operation[Asked]):
    """A document and its row in the Matriz, as the real operations make them, without the typesetting."""

    name = "keep_document"
    summary = "Guarda un documento y lo inscribe."
    Parameters = Asked
    Result = Kept

    def run(self, parameters: Asked, call: Call) -> Kept:
        text = f"{call.key} {parameters.identidad}".encode()
        document = keep(call, "issued", "nota.txt", "Nota", "text/plain", text)
        with call.tools.database.write() as conn:
            entry = register_certificate(
                conn,
                job_key=call.key,
                case_id=call.case_id,
                document_id=document.id,
                product="nota",
                holder="Uno",
                identity=None,
                code=str(document.code),
                signer=None,
                at=call.at,
                zone=call.tools.config.zone,
            )
        return Kept(document=str(document.id), number=entry.number)


def bundle() -> dict[str, bytes]:
    """``banco`` whose two jobs are a document with its register row, and a letter."""
    made = files()
    made["proceso.bpmn"] = (
        made["proceso.bpmn"]
        .replace(
            b'<spiffworkflow:serviceTaskOperator id="fetch"', b'<spiffworkflow:serviceTaskOperator id="keep_document"'
        )
        .replace(b'<spiffworkflow:serviceTaskOperator id="issue"', b'<spiffworkflow:serviceTaskOperator id="send_mail"')
        .replace(
            b'<spiffworkflow:parameter id="copias" type="any" value="copias"/>',
            b'<spiffworkflow:parameter id="template" type="any" value="\'aviso.txt\'"/>'
            b'<spiffworkflow:parameter id="to" type="any" value="\'solicitante\'"/>',
        )
    )
    made["forms/aviso.txt"] = "Asunto: Está listo {{ numero }}\n\nVenga a buscarlo.\n".encode()
    return made


def open_doomed(url: str, folder: Path, smtp_port: int) -> Cartulario:
    config = Config(database_url=url, data_dir=folder, smtp_port=smtp_port, job_attempts=50)
    return replace(build(config), operations={**CATALOGUE, KeepDocument.name: KeepDocument()})


def by_chance(chance: float, seed: int) -> Callable[[int], Death | None]:
    """Die at some commits, half of the times just after."""
    dice = random.Random(seed)

    def fate(_number: int) -> Death | None:
        if dice.random() >= chance:
            return None
        return "after" if dice.random() < 0.5 else "before"

    return fate


def web(app: Cartulario, cases: int) -> None:
    """File every case and complete whatever is open, until all are done. Repeating is harmless."""
    with app.database.read() as conn:
        actor = conn.scalar(sa.select(person.c.id).where(person.c.username == "uno"))
    for n in range(cases):
        _insist(lambda n=n: start_case(StartCase("banco", actor, {}, _id(f"start {n}")), app.engine))
    while _unfinished(app):
        for row in _open_tasks(app):
            command = CompleteTask(row.id, actor, ANSWERS[row.element], _id(f"{row.id}"))
            _insist(lambda command=command: complete_task(command, app.engine))
        for found in _doubtful(app):
            command = ResolveIncident(found.id, actor, SENT, "Llegó", _id(f"{found.id}"))
            _insist(lambda command=command: resolve_incident(command, app.engine))
        time.sleep(0.05)


def _insist(act: Any) -> None:
    while True:
        try:
            act()
            return
        except Conflict:
            return
        except Unavailable:
            time.sleep(0.2)


def _id(text: str) -> UUID:
    return uuid.uuid5(NAMESPACE, text)


def _open_tasks(app: Cartulario) -> list[Any]:
    with app.database.read() as conn:
        return list(conn.execute(sa.select(task.c.id, task.c.element).where(task.c.status == "open").limit(200)))


def _doubtful(app: Cartulario) -> list[Any]:
    """Letters that may or may not have left: a person looks and says."""
    with app.database.read() as conn:
        return list(conn.execute(sa.select(incident.c.id).where(incident.c.status == "open")))


def _unfinished(app: Cartulario) -> int:
    with app.database.read() as conn:
        return int(conn.scalar(sa.select(sa.func.count()).select_from(case).where(case.c.status == "open")) or 0)


def live(
    kind: Literal["web", "work"], url: str, folder: Path, smtp_port: int, cases: int, chance: float, seed: int
) -> None:
    """The whole life of a process."""
    app = open_doomed(url, folder, smtp_port)
    doom(app.database, by_chance(chance, seed))
    if kind == "web":
        web(app, cases)
        return
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    work(app, stop, executor_id="doomed")
