"""A small office for the tests of jobs: one process whose diagram is a single service task, and the operation ``note``,
which leaves two traces: a line in a file at each run, and a letter in the outbox, recorded once whatever happens."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from pydantic import Field

from engine.app import Cartulario, build
from engine.cases import Receipt, StartCase, start_case
from engine.clock import Clock
from engine.config import Config
from engine.definitions import Bundle, publish
from engine.errors import OperationFailed
from engine.mail import message_id_of, prepare_mail
from engine.operations import CATALOGUE, Call, Operation
from engine.operations.base import BaseParameters, BaseResult
from engine.people import create_person
from engine.storage.tables import incident, job, mail

PROCESS = "una_nota"
MANIFEST = """
[proceso]
id = "una_nota"
titulo = "Dejar una nota"
descripcion = "Deja una nota."
serie = "NT"
responsable = "Secretaría General"
[carriles]
"Secretaría" = "secretaria"
"""
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="https://cartulario.example">
  <bpmn:collaboration id="c"><bpmn:participant id="p" name="Nota" processRef="una_nota" /></bpmn:collaboration>
  <bpmn:process id="una_nota" name="Dejar una nota" isExecutable="true">
    <bpmn:laneSet id="l"><bpmn:lane id="secretaria" name="Secretaría">
      <bpmn:flowNodeRef>inicio</bpmn:flowNodeRef><bpmn:flowNodeRef>anotar</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>fin</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="inicio" name="Se pide una nota"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="anotar" name="Anotar"><bpmn:extensionElements>
      <spiffworkflow:serviceTaskOperator id="%(operation)s" resultVariable="nota"><spiffworkflow:parameters>
        %(parameters)s
      </spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:endEvent id="fin" name="Anotada"><bpmn:extensionElements><spiffworkflow:properties>
      <spiffworkflow:property name="desenlace" value="anotada" /></spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="inicio" targetRef="anotar" />
    <bpmn:sequenceFlow id="b" sourceRef="anotar" targetRef="fin" />
  </bpmn:process>
</bpmn:definitions>
"""


class NoteParameters(BaseParameters):
    text: str = Field(description="La nota.")
    seconds: float = Field(default=0, description="Cuánto tarda la primera vez.")
    fails: int = Field(default=0, description="Cuántas veces falla antes de salir bien.")
    times: int = Field(default=1, description="Cuántas veces la repite el resultado.")
    permanent: bool = Field(default=False, description="Si lo que falla no vale la pena reintentarlo.")


class NoteResult(BaseResult):
    text: str


class Note(Operation[NoteParameters]):
    name = "note"
    summary = "Deja una nota."
    Parameters = NoteParameters
    Result = NoteResult

    def run(self, parameters: NoteParameters, call: Call) -> NoteResult:
        runs = call.tools.config.data_dir / "runs"
        with runs.open("a") as file:
            file.write(f"{call.key} {os.getpid()}\n")
        times = runs.read_text().count(call.key)
        if times <= parameters.fails:
            raise OperationFailed("La tinta se secó.", permanent=parameters.permanent)
        with call.tools.database.write() as conn:
            prepare_mail(
                conn,
                message_id=message_id_of(call.key, "une.example"),
                case_id=call.case_id,
                to=["nadie@une.example"],
                subject="nota",
                body=parameters.text,
                at=call.at,
            )
        if times == 1:
            time.sleep(parameters.seconds)
        return NoteResult(text=parameters.text * parameters.times)


def open_office(database_url: str, data_dir: Path, clock: Clock | None = None, **settings: object) -> Cartulario:
    """The application over this database, with the operation ``note``."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "runs").touch()
    config = Config.model_validate({"database_url": database_url, "data_dir": data_dir, **settings})
    return replace(build(config, clock), operations={**CATALOGUE, Note.name: Note()})


def publish_one_job(
    app: Cartulario, operation: str = "note", files: dict[str, bytes] | None = None, **parameters: str
) -> None:
    """Publish the process with this operation; parameters are expressions."""
    given = "".join(
        f"<spiffworkflow:parameter id='{name}' type='any' value=\"{text}\" />" for name, text in parameters.items()
    )
    diagram = DIAGRAM % {"operation": operation, "parameters": given}
    bundle = Bundle(PROCESS, {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": diagram.encode(), **(files or {})})
    with app.database.write() as conn:
        publish(conn, bundle, None, datetime.now(UTC), app.operations)


def requester(app: Cartulario, **changes: str) -> UUID:
    person = {
        "username": f"alumna-{uuid4().hex[:8]}",
        "given_names": "María José",
        "family_names": "Ñáñez de la Cruz",
        "email": "mj.nanez@une.example",
        "identity_kind": "cedula",
        "identity_number": "0912345675",
    }
    with app.database.write() as conn:
        return create_person(conn, **{**person, **changes}, at=datetime.now(UTC))


def start(app: Cartulario, who: UUID) -> Receipt:
    return start_case(StartCase(PROCESS, who, {}, uuid4()), app.engine)


def job_keys(app: Cartulario, status: str | None = None) -> list[str]:
    query = sa.select(job.c.key).order_by(job.c.created_at, job.c.key)
    with app.database.read() as conn:
        return list(conn.scalars(query if status is None else query.where(job.c.status == status)))


def wait_until(condition: Callable[[], object], seconds: float = 30) -> float:
    """How long it took; fails the test when it takes longer."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.1)
    return time.monotonic() - began


def job_row(app: Cartulario, key: str) -> sa.Row[tuple[object, ...]]:
    with app.database.read() as conn:
        return conn.execute(sa.select(job).where(job.c.key == key)).one()


def incidents(app: Cartulario) -> list[sa.Row[tuple[object, ...]]]:
    with app.database.read() as conn:
        return list(conn.execute(sa.select(incident).order_by(incident.c.opened_at)))


def letters(app: Cartulario) -> list[sa.Row[tuple[object, ...]]]:
    with app.database.read() as conn:
        return list(conn.execute(sa.select(mail).order_by(mail.c.created_at)))


def runs(app: Cartulario) -> list[str]:
    """The key of each run of ``note``, in order."""
    return [line.split()[0] for line in (app.config.data_dir / "runs").read_text().splitlines()]
