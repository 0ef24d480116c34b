"""The pages of batches: nobody but who may; what is refused is told where it happened; the same page sent twice."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people
from engine.batches import Item, get_batch, list_batches
from engine.batches.batch import create_batch
from engine.storage.tables import batch, case
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture
from web.app import create_app
from web.security import limiter

CSV = "tipo_identidad,identidad,motivo,copias\ncedula,0912345675,=1+1,1\ncedula,1,Beca,1\n"


class Desk:
    def __init__(self, office: BatchOffice) -> None:
        self.office = office
        self.face: Flask = create_app(office.app)
        self.face.config.update(WTF_CSRF_ENABLED=False)
        limiter.reset()

    def client(self, username: str) -> FlaskClient:
        client = self.face.test_client()
        with self.office.app.database.write() as conn:
            at = self.office.app.clock.now()
            token = people.open_session(conn, self.office.people[username], "127.0.0.1", "test", at, 10)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    def wait(self, address: str) -> None:
        batch_id = address.rsplit("/", 1)[1]
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with self.office.app.database.read() as conn:
                if conn.scalar(sa.select(batch.c.status).where(batch.c.id == UUID(batch_id))) == "done":
                    return
            time.sleep(0.1)
        raise AssertionError("the batch did not end")


pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


@pytest.fixture
def desk(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[Desk]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as office:
        yield Desk(office)


def sign(client: FlaskClient, tasks: list[object], pin: str, request_id: str) -> TestResponse:
    data = {"t": [str(task) for task in tasks], "pin": pin, "request_id": request_id}
    return client.post("/lotes/firmar", data=data)


@pytest.mark.req("R-9")
def test_from_the_inbox_to_the_signatures_and_on_to_paper(desk: Desk) -> None:
    office, client, request_id = desk.office, desk.client("general"), str(uuid4())
    office.start(3)
    tasks = office.open_tasks("firmar")
    asked = client.post("/bandeja/masivo", data={"accion": "firmar", "t": [str(task) for task in tasks[:2]]})
    assert asked.status_code == 303
    page = client.get(asked.location)
    assert page.text.count('type="checkbox" name="t"') == 2
    wrong = sign(client, tasks[:2], "otro-pin", request_id)
    assert wrong.status_code == 422
    assert "Le quedan 2 intentos" in wrong.text
    assert "otro-pin" not in wrong.text
    started = sign(client, tasks[:2], PIN, request_id)
    assert started.status_code == 303
    desk.wait(started.location)
    assert sign(client, tasks[:2], PIN, request_id).location == started.location, "the same page, sent twice"
    shown = client.get(started.location)
    assert "2 de 2, hecho." in shown.text
    assert len(office.signed()) == 2
    again = client.post(f"{started.location}/seguir", data={"pin": PIN})
    assert again.location == started.location
    assert desk.client("rosa").get(started.location).status_code == 404
    rosa = desk.client("rosa")
    made = rosa.post("/imprenta", data={"t": [str(task) for task in office.open_tasks("imprimir")]})
    assert made.status_code == 303
    paper = rosa.get(made.location.replace("/lotes/", "/imprenta/") + ".pdf")
    assert paper.mimetype == "application/pdf"
    assert rosa.post(made.location.replace("/lotes/", "/imprenta/") + "/impresa").status_code == 303
    desk.wait(made.location)
    assert office.open_tasks("imprimir") == []
    assert "Imprimir otra vez" in rosa.get("/imprenta").text


def test_a_file_of_requests_is_checked_confirmed_and_reported(desk: Desk) -> None:
    office, client, key = desk.office, desk.client("rosa"), str(uuid4())

    def upload(text: bytes, service: str = "constancia") -> TestResponse:
        data = {"servicio": service, "request_id": key, "archivo": (io.BytesIO(text), "pedidos.csv")}
        return client.post("/lotes/solicitudes", data=data)

    assert "plantilla.csv" in client.get("/lotes/solicitudes").text
    assert "Elija un servicio" in upload(CSV.encode(), "otro").text
    broken = upload("tipo_identidad,identidad,motivo\ncedula,1,Año\n".encode("latin-1"))
    assert broken.status_code == 422
    assert "no está en UTF-8" in broken.text
    checked = upload(CSV.encode())
    assert checked.status_code == 303
    assert "1 fila se puede presentar" in client.get(checked.location).text
    assert office.all(sa.select(case.c.id)) == []
    client.post(f"{checked.location}/confirmar")
    desk.wait(checked.location)
    assert len(office.all(sa.select(case.c.id))) == 1
    client.post(f"{checked.location}/confirmar")
    report = client.get(f"{checked.location}/informe.csv")
    assert report.headers["Content-Disposition"].startswith("attachment")
    assert "presentada,CO-" in report.text
    assert desk.client("general").get("/lotes/solicitudes").status_code == 403
    assert desk.client("maria").get("/lotes").status_code == 404


def test_a_stopped_batch_is_found_again_and_asks_for_the_pin(desk: Desk) -> None:
    office, client = desk.office, desk.client("general")
    office.start(2)
    started = sign(client, list(office.open_tasks("firmar")), PIN, str(uuid4()))
    desk.wait(started.location)
    with office.app.database.write() as conn:  # as a crash leaves it
        conn.execute(batch.update().values(status="running", beat_at=None))
        conn.execute(sa.text("UPDATE batch_item SET status = 'waiting' WHERE n = 2"))
    page = client.get(started.location).text
    assert "Se interrumpió en 1 de 2." in page
    assert "Queda 1 documento por firmar" in page
    wrong = client.post(f"{started.location}/seguir", data={"pin": "1"})
    assert wrong.status_code == 422
    assert re.search("Le quedan 2 intentos", wrong.text)
    assert client.get(f"{started.location}/seguir").status_code == 302
    client.post(f"{started.location}/seguir", data={"pin": PIN})
    desk.wait(started.location)
    with office.app.database.read() as conn:
        (ended,) = list_batches(conn, office.viewer("general"))
        assert get_batch(conn, ended.id).done == 2
    assert len(office.signed()) == 2
    assert ended.number in client.get("/lotes").text


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Lo detuvo Rosa Elvira Peñafiel."), ("en", "Stopped by Rosa Elvira Peñafiel.")]
)
def test_who_stopped_a_batch_is_named_to_whoever_reads_it(desk: Desk, language: str, said: str) -> None:
    office = desk.office
    with office.app.database.write() as conn:
        people.grant_role(conn, office.people["oficina"], "jefe_secretaria", date(2026, 1, 1))
        batch_id = create_batch(
            conn, "solicitudes", office.people["oficina"], "Constancias", [Item(1, "Una")],
            year=2026, at=office.app.clock.now(),
        )  # fmt: skip
        conn.execute(batch.update().values(status="running", beat_at=datetime.now(UTC)))
    place = f"/lotes/{batch_id}"
    assert desk.client("rosa").post(f"{place}/detener").status_code == 303
    reader = desk.client("oficina")
    reader.set_cookie("idioma", language)
    assert said in reader.get(place).text
