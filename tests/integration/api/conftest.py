"""The API over the real service, on both databases, with a token for each person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people
from tests.support.face import House, furnish, open_house, run_jobs

ANSWERS = {
    "productos": ["certificado_institucional"],
    "tipo": "matricula",
    "destino": "Universidad de Cuenca",
    "adjuntos": [],
    "declaracion": True,
}
ADMIT = {"admision": "admitir", "fuente_registro": "libros"}


@dataclass
class Caller:
    client: FlaskClient
    token: str = field(repr=False)

    def __call__(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self("POST", path, json=json, **options)


@dataclass
class Api:
    house: House
    tokens: dict[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)  # what exists, by the name of its path parameter

    def caller(self, username: str) -> Caller:
        if username not in self.tokens:
            with self.house.app.database.write() as conn:
                who = self.house.people[username]
                self.tokens[username] = people.create_token(conn, who, "prueba", self.house.clock.now())
        return Caller(self.house.flask.test_client(), self.tokens[username])

    def start(self, username: str = "maria") -> str:
        body = {"process": "solicitar_certificacion", "answers": ANSWERS, "request_id": str(uuid4()), "confirmed": True}
        answer = self.caller(username).post("/cases", body)
        assert answer.status_code == 201, answer.text
        run_jobs(self.house)
        return str(answer.json["number"])

    def task(self, number: str, username: str = "rosa") -> UUID:
        items = self.caller(username).get(f"/tasks?tab=todas&q={number}").json["items"]
        return UUID(items[0]["id"])


def make(database_url: str, folder: Path) -> Api:
    house = open_house(database_url, folder)
    furnish(house)
    for username, given, family, *roles in (
        ("ana", "Ana Lucía", "Villacís Arteaga", "secretaria", "jefe_secretaria"),
        ("teo", "Teodoro", "Villacís Sagñay", "auditor"),
        ("adan", "Adán", "Ñato", "administrador", "secretaria"),
    ):
        house.person(username, given, family, *roles)
    with house.app.database.write() as conn:
        assert people.roles_of(conn, house.people["teo"], date(2026, 11, 23)) == {"auditor"}
    return Api(house)


@pytest.fixture
def api(database_url: str, tmp_path: Path) -> Iterator[Api]:
    made = make(database_url, tmp_path)
    yield made
    made.house.app.close()
