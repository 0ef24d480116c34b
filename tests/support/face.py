"""A whole face over an engine of its own, and a browser without a screen that keeps cookies and forgery tokens."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people
from engine.app import Cartulario, build
from engine.cases import CompleteTask, complete_task
from engine.clock import FixedClock
from engine.config import ROOT, Config
from engine.definitions import Bundle, publish
from engine.history.case_file import find_case, tasks_of
from engine.inbound.worker import run_job
from engine.storage.tables import job
from web.app import create_app
from web.security import limiter

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # ten in the morning in Guayaquil
PASSWORD = "una frase larga y mía"
SERVICE = "solicitar_certificacion"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ANSWERS = {
    "productos": ["certificado_institucional"],
    "tipo": "matricula",
    "destino": "Universidad de Cuenca",
    "declaracion": "1",
}


@dataclass
class House:
    app: Cartulario
    clock: FixedClock
    flask: Flask
    people: dict[str, UUID] = field(default_factory=dict)

    def person(self, username: str, given: str, family: str, *roles: str, profile: str | None = None) -> UUID:
        with self.app.database.write() as conn:
            self.people[username] = people.create_person(
                conn,
                username=username,
                given_names=given,
                family_names=family,
                email=f"{username}@une.example",
                password=PASSWORD,
                profile=profile,
                at=self.clock.now(),
            )
            for role in roles:
                people.grant_role(conn, self.people[username], role, date(2024, 1, 1))
        return self.people[username]

    def visitor(self) -> Visitor:
        return Visitor(self.flask.test_client())

    def enter(self, username: str) -> Visitor:
        visitor = self.visitor()
        visitor.sign_in(username)
        return visitor


@dataclass
class Visitor:
    client: FlaskClient
    token: str = ""

    def open(self, path: str, **options: Any) -> TestResponse:
        answer = self.client.get(path, **options)
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        if not self.token:
            self.open("/ingresar")
        answer = self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **options)
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def sign_in(self, username: str, password: str = PASSWORD, back: str = "") -> TestResponse:
        self.open("/ingresar")
        answer = self.send(f"/ingresar?volver={back}", {"usuario": username, "clave": password})
        self.token = ""
        self.open("/ayuda")
        return answer

    def begin(self, service: str = SERVICE) -> str:
        """→ the address of the draft."""
        return self.open(f"/servicios/{service}/solicitud").location

    def file(self, answers: dict[str, Any] | None = None) -> str:
        """Send a whole request → its number."""
        draft = self.begin()
        assert self.send(draft, answers or ANSWERS).location == f"{draft}/revisar"
        return self.send(f"{draft}/enviar", {"confirmada": "1"}).location.split("/")[2]


def open_house(database_url: str, folder: Path, smtp_port: int = 1, *, demo: bool = False) -> House:
    """A face over a database that ``furnish`` filled. Without a mail server a letter fails at once."""
    config = Config(database_url=database_url, data_dir=folder, demo=demo, smtp_port=smtp_port, mail_patience_hours=0.0)
    clock = FixedClock(MONDAY)
    app = build(config, clock)
    made = House(app, clock, create_app(app))
    limiter.reset()
    with app.database.read() as conn:
        for username in ("maria", "tadeo", "oficina", "rosa"):
            if found := people.find_person(conn, username):
                made.people[username] = found.id
    return made


def furnish(house: House) -> None:
    """Two students, an administrative, a secretary, and the real service published."""
    house.person("maria", "María José", "Ñáñez de la Cruz", profile="estudiante")
    house.person("tadeo", "Tadeo", "Güemes", profile="estudiante")
    house.person("oficina", "Chiquinquirá", "Ordóñez", profile="administrativo")
    house.person("rosa", "Rosa Elvira", "Peñafiel Güemes", "secretaria")
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", SERVICE)
    with house.app.database.write() as conn:
        publish(conn, bundle, None, MONDAY, house.app.operations)


def publish_process(house: House, process: str) -> None:
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", process)
    with house.app.database.write() as conn:
        publish(conn, bundle, None, MONDAY, house.app.operations)


def run_jobs(house: House) -> None:
    """What the worker would do, until nothing is queued."""
    waiting = sa.select(job.c.key).where(job.c.status == "queued").limit(1)
    for _ in range(50):
        with house.app.database.read() as conn:
            key = conn.scalar(waiting)
        if key is None:
            return
        run_job(house.app, key)
    raise AssertionError("the jobs do not end")


def a_pdf() -> bytes:
    made, file = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(file, deterministic_id=True)
    return file.getvalue()


def complete(house: House, number: str, element: str, by: str, **answers: Any) -> None:
    """A task of the case, by somebody of the staff, straight through the engine."""
    with house.app.database.read() as conn:
        head = find_case(conn, number)
        key = next(one.id for one in tasks_of(conn, head.id) if one.element == element and one.status == "open")
    complete_task(CompleteTask(key, house.people[by], answers, uuid4()), house.app.engine)
    run_jobs(house)
