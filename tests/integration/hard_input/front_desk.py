"""An office as its public meets it: over HTTP, with two students, staff of three roles and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from engine import people
from engine.app import Cartulario, build
from engine.calendar import seed_feriados
from engine.cases import Receipt, StartCase, start_case
from engine.clock import FixedClock
from engine.config import ROOT, Config
from engine.definitions import Bundle, publish
from engine.storage.tables import task
from web.app import create_app
from web.security import limiter

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # Wednesday, 10:00 in Guayaquil
PROCESS = "solicitar_certificacion"
ANSWERS = {
    "productos": ["certificado_institucional"],
    "tipo": "matricula",
    "destino": "Universidad de Cuenca",
    "declaracion": True,
}
CAST = {
    "maria": ("estudiante", None),
    "ajena": ("estudiante", None),
    "rosa": (None, "secretaria"),
    "general": (None, "secretario_general"),
    "auditora": (None, "auditor"),
}


@dataclass
class FrontDesk:
    app: Cartulario
    face: Flask
    people: dict[str, UUID]

    def client(self, username: str | None = None) -> FlaskClient:
        """A browser; signed in as somebody when a name is given."""
        client = self.face.test_client()
        if username is not None:
            with self.app.database.write() as conn:
                token = people.open_session(conn, self.people[username], "127.0.0.1", "test", NOW, 10)
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = token, True
        return client

    def start(self, username: str = "maria", **changes: Any) -> Receipt:
        command = StartCase(PROCESS, self.people[username], ANSWERS | changes, uuid4(), confirmed=True)
        return start_case(command, self.app.engine)

    def open_task(self, case_id: UUID) -> UUID:
        """The case's first open task."""
        with self.app.database.read() as conn:
            query = sa.select(task.c.id).where(task.c.case_id == case_id, task.c.status == "open")
            return UUID(str(conn.execute(query).scalars().first()))

    def draft_of(self, client: FlaskClient) -> str:
        """The address of a new request, as «Solicitar» gives it."""
        return str(client.get(f"/servicios/{PROCESS}/solicitud").location)


@contextmanager
def open_front_desk(database_url: str, folder: Path) -> Iterator[FrontDesk]:
    config = Config(database_url=database_url, data_dir=folder, demo=True)
    app = build(config, FixedClock(NOW))
    with app.database.write() as conn:
        seed_feriados(conn, config, (2026, 2027))
        made = {name: _person(conn, name, *given) for name, given in CAST.items()}
        publish(conn, Bundle.read(ROOT / "bpmn", ROOT / "forms", PROCESS), None, NOW, app.operations)
    face = create_app(app)
    face.config.update(WTF_CSRF_ENABLED=False)
    limiter.reset()
    yield FrontDesk(app, face, made)
    app.close()


def _person(conn: Any, name: str, profile: str | None, role: str | None) -> UUID:
    made = people.create_person(
        conn,
        username=name,
        given_names=name.title(),
        family_names="Ñáñez de la Cruz",
        email=f"{name}@une.example",
        profile=profile,
        at=NOW,
    )
    if role is not None:
        people.grant_role(conn, made, role, date(2026, 1, 1))
    return made
