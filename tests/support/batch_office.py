"""An office with many documents to sign and to print: a process of three steps, its PDF made once and not typeset for
each case, and the people who sign, print and file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from pydantic import Field

from engine import people
from engine.app import Cartulario, build
from engine.cases import StartCase, start_case
from engine.clock import Clock, FixedClock
from engine.config import Config
from engine.definitions import Bundle, publish
from engine.inbound.worker import run_job
from engine.inbox import Viewer
from engine.operations import CATALOGUE, Call, Operation
from engine.operations.base import BaseParameters, BaseResult
from engine.storage.tables import document, job, task
from tests.support import paper
from tests.support.diagrams import Diagram, operator, properties
from tests.support.kept import keep
from tests.support.kept_keys import bring_key
from tests.support.pki import PIN

PROCESS = "constancia"
MANIFEST = """
[proceso]
id = "constancia"
titulo = "Pedir una constancia"
descripcion = "Una constancia firmada."
servicio = "X1"
serie = "CO"
responsable = "Secretaría General"
perfiles = ["estudiante", "graduado"]
perfiles_mostrador = ["externo"]
[carriles]
"Estudiante" = "solicitante"
"Secretaría" = "secretaria"
"Secretario General" = "secretario_general"
[datos]
buscar = ["motivo"]
titulo = "motivo"
"""
LANES = {"Estudiante": ["inicio"], "Secretaría": ["emitir", "imprimir", "fin"], "Secretario General": ["firmar"]}
REQUEST = {"motivo": "Beca", "copias": 1}


class Asked(BaseParameters):
    motivo: str = Field(description="Para qué.")


class Kept(BaseResult):
    id: str
    nombre: str


class KeepPdf(Operation[Asked]):
    name = "keep_pdf"
    summary = "Guarda un PDF con un hueco para la firma."
    Parameters = Asked
    Result = Kept

    def run(self, parameters: Asked, call: Call) -> Kept:
        title, pdf = "Constancia de " + parameters.motivo, paper.certificate().bytes
        made = keep(call, "draft", "constancia.pdf", title, "application/pdf", pdf)
        return Kept(id=str(made.id), nombre=made.name)


def bundle(level: str = "B-B") -> Bundle:
    d = Diagram(PROCESS)
    d.node("startEvent", "inicio", properties(formJsonSchemaFilename="pedido.json"))
    d.node("serviceTask", "emitir", operator("keep_pdf", "constancia", motivo="motivo"))
    signing = {"firma": "constancia", "firmaSi": "decision == 'firmar'", "nivel": level}
    d.node("userTask", "firmar", properties(formJsonSchemaFilename="firma.json", **signing))
    printing = {"cola": "impresion", "imprime": "constancia"}
    d.node("userTask", "imprimir", properties(formJsonSchemaFilename="imprenta.json", **printing))
    d.node("endEvent", "fin", properties(desenlace="entregada"))
    d.chain("inicio", "emitir", "firmar", "imprimir", "fin")
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    diagram = d.xml().replace(
        b'isExecutable="true">', b'isExecutable="true"><bpmn:laneSet id="ls">' + lanes.encode() + b"</bpmn:laneSet>"
    )
    files = {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": diagram, **paper.base_files()}
    forms = {"firma": _signing_form(), "pedido": _request_form(), "imprenta": _printing_form()}
    return Bundle(PROCESS, files | {f"forms/{name}.json": made for name, made in forms.items()})


def _signing_form() -> bytes:
    options = [{"value": "firmar", "label": "Sí, la firmo"}, {"value": "devolver", "label": "No, la devuelvo"}]
    decision = {"type": "radio", "key": "decision", "id": "decision", "label": "¿La firma?", "values": options}
    why = {
        "type": "textarea",
        "key": "porque",
        "id": "porque",
        "label": "Motivo",
        "validate": {"required": True},
        "conditional": {"hide": '=decision != "devolver"'},
    }
    return _form("firma", {**decision, "validate": {"required": True}}, why)


def _printing_form() -> bytes:
    return _form("imprenta", {"type": "textfield", "key": "nota", "id": "nota", "label": "Nota"})


def _request_form() -> bytes:
    reason = {"type": "textfield", "key": "motivo", "id": "motivo", "label": "¿Para qué es?", "description": "Breve."}
    copies = {"type": "number", "key": "copias", "id": "copias", "label": "Copias", "defaultValue": 1}
    return _form(
        "pedido",
        {**reason, "validate": {"required": True, "maxLength": 80}},
        {**copies, "validate": {"required": True, "min": 1, "max": 9}},
    )


def _form(name: str, *components: dict[str, Any]) -> bytes:
    schema = {"type": "default", "id": name, "schemaVersion": 19, "components": list(components)}
    return json.dumps(schema).encode()


@dataclass
class BatchOffice:
    app: Cartulario
    people: dict[str, UUID]

    def viewer(self, username: str) -> Viewer:
        return self.app.inbox.viewer(self.people[username])

    def start(self, many: int, username: str = "maria", **answers: Any) -> None:
        """This many cases, each waiting for its signature."""
        for _ in range(many):
            given = REQUEST | answers
            start_case(StartCase(PROCESS, self.people[username], given, uuid4(), confirmed=True), self.app.engine)
        self.run_jobs()

    def run_jobs(self) -> None:
        while keys := self.all(sa.select(job.c.key).where(job.c.status == "queued").limit(500)):
            for row in keys:
                run_job(self.app, row.key)

    def open_tasks(self, element: str) -> list[UUID]:
        query = sa.select(task.c.id).where(task.c.status == "open", task.c.element == element)
        return [row.id for row in self.all(query.order_by(task.c.opened_at, task.c.id))]

    def issued(self) -> list[Any]:
        return self.all(sa.select(document).where(document.c.kind == "issued"))

    def signed(self) -> list[Any]:
        return [row for row in self.all(sa.select(document)) if row.signatures]

    def all(self, query: Any) -> list[Any]:
        with self.app.database.read() as conn:
            return list(conn.execute(query))


def open_app(database_url: str, folder: Path, settings: dict[str, Any], clock: Clock | None = None) -> Cartulario:
    config = Config(database_url=database_url, data_dir=folder, **settings)
    app = build(config, clock or FixedClock(datetime.now(UTC)))
    return replace(app, operations={**CATALOGUE, KeepPdf.name: KeepPdf()})


@contextmanager
def open_batch_office(
    database_url: str, folder: Path, pki: Any, *, clock: Clock | None = None, level: str = "B-B"
) -> Iterator[BatchOffice]:
    app = open_app(database_url, folder, pki.settings(), clock)
    at = app.clock.now()
    with app.database.write() as conn:
        made = {
            "maria": _person(conn, "maria", "María José", "Ñáñez de la Cruz", at, "0912345675", "estudiante"),
            "tadeo": _person(conn, "tadeo", "Tadeo", "Güemes", at, "0926687856", "graduado"),
            "oficina": _person(conn, "oficina", "Chiquinquirá", "Ordóñez", at, None, "administrativo"),
            "rosa": _person(conn, "rosa", "Rosa Elvira", "Peñafiel", at, None, None, "secretaria"),
            "general": _person(conn, "general", "Fiorella", "D'Angelo", at, None, None, "secretario_general"),
        }
        bring_key(conn, pki, made["general"], "Fiorella D'Angelo", PIN, at)
        publish(conn, bundle(level), None, at, app.operations)
    yield BatchOffice(app, made)
    app.close()


def _person(
    conn: Any,
    username: str,
    given: str,
    family: str,
    at: datetime,
    identity: str | None,
    profile: str | None,
    *roles: str,
) -> UUID:
    made = people.create_person(
        conn,
        username=username,
        given_names=given,
        family_names=family,
        email=f"{username}@une.example",
        identity_kind="cedula" if identity else None,
        identity_number=identity,
        profile=profile,
        at=at,
    )
    for role in roles:
        people.grant_role(conn, made, role, date(2024, 1, 1))
    return made
