"""What the office leans on fails: the time-stamp, the mail, the archive's disk. People are told what to do, on both
databases, and what they did is there when it works again.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine.app import build
from engine.cases import RetryIncident, retry_incident
from engine.clock import FixedClock
from engine.config import Config
from engine.inbound.worker import run_job
from engine.signing import add_pkcs12
from engine.storage.tables import document, event, incident, job, mail, signing_key, task
from tests.integration.hard_input.front_desk import FrontDesk
from tests.integration.hard_input.test_hostile_requests import GOOD, PDF, post, words
from tests.support.face import House, Visitor, complete, furnish
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture
from tests.support.smtp import SmtpServer, free_port
from web.app import create_app
from web.security import limiter

RECORD = {
    "carrera": "Derecho",
    "facultad": "Ciencias Sociales",
    "modalidad": "Presencial",
    "estado_academico": "Graduado",
    "ingreso": "1998",
    "promedio": 88,
    "materias": [],
    "fuente": "Libro 4",
}


def open_signing_house(database_url: str, folder: Path, smtp: int, settings: dict[str, Any]) -> House:
    config = Config(database_url=database_url, data_dir=folder, smtp_port=smtp, **settings)
    clock = FixedClock(datetime.now(UTC))
    app = build(config, clock)
    house = House(app, clock, create_app(app))
    limiter.reset()
    return house


@dataclass
class Signer:
    house: House
    visitor: Visitor
    task: UUID

    def sign(self, request_id: UUID) -> TestResponse:
        data = {"request_id": str(request_id), "_despues": "lista", "decision_firma": "firmar", "pin": PIN}
        return self.visitor.send(f"/bandeja/{self.task}/completar", data)


@pytest.fixture
def signer(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[Signer]:  # noqa: F811
    """The Secretario General before a certificate to sign."""
    with SmtpServer() as smtp:
        house = open_signing_house(database_url, tmp_path, smtp.port, authority.pki.settings())
        furnish(house)
        general = house.person("general", "Fiorella", "D'Angelo", "secretario_general")
        with house.app.database.write() as conn:
            data = authority.pki.person_pkcs12("Fiorella D'Angelo", "0912345675", PIN)
            add_pkcs12(conn, general, data, PIN, "Firma de Fiorella", house.clock.now())
        number = house.enter("maria").file()
        complete(house, number, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="libros")
        complete(house, number, "cargar_registro", "rosa", **RECORD)
        complete(house, number, "revisar_borrador", "rosa", revision="aprobar")
        with house.app.database.read() as conn:
            open_ = (task.c.status == "open") & (task.c.role == "secretario_general")
            yield Signer(house, house.enter("general"), conn.execute(sa.select(task.c.id).where(open_)).scalar_one())
        house.app.close()


def count(house: House, query: Any) -> int:
    with house.app.database.read() as conn:
        return int(conn.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


@pytest.mark.req("R-9")
def test_with_the_time_stamp_down_nobody_signs_and_no_try_is_spent(
    signer: Signer,
    tmp_path: Path,
    authority: Authority,  # noqa: F811
) -> None:
    down = authority.pki.settings() | {"tsa_url": f"http://127.0.0.1:{free_port()}/tsa"}
    url = signer.house.app.database.url.render_as_string(hide_password=False)
    away = open_signing_house(url, tmp_path, free_port(), down)
    request_id = uuid4()
    desk = Signer(away, away.enter("general"), signer.task)
    for _ in range(4):
        answer = desk.sign(request_id)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "El servicio de sellado de tiempo no responde. Nada se firmó" in words(answer)
        assert 'name="pin"' in answer.text, "the form is there to send again"
    away.app.close()
    assert count(signer.house, sa.select(signing_key.c.id).where(signing_key.c.failures > 0)) == 0
    assert count(signer.house, sa.select(document.c.id).where(document.c.kind == "issued")) == 0
    assert signer.sign(request_id).status_code == 303
    assert count(signer.house, sa.select(document.c.id).where(document.c.kind == "issued")) == 1


def test_a_signature_sent_twice_by_the_same_page_signs_once(signer: Signer) -> None:
    request_id = uuid4()
    assert signer.sign(request_id).status_code == 303
    assert signer.sign(request_id).status_code == 303
    assert count(signer.house, sa.select(document.c.id).where(document.c.kind == "issued")) == 1
    signed = sa.select(event.c.n).where(event.c.element == "firmar_certificacion", event.c.kind == "task_completed")
    assert count(signer.house, signed) == 1


def test_with_the_mail_down_the_work_goes_on_and_after_days_of_it_a_person_decides(desk: FrontDesk) -> None:
    case = desk.start()
    with desk.app.database.read() as conn:
        key = conn.execute(sa.select(job.c.key).where(job.c.operation == "send_mail")).scalar_one()
    for _ in range(2 * desk.app.config.job_attempts):
        run_job(desk.app, key)
    page = words(desk.client("rosa").get(f"/casos/{case.number}"))
    assert "espera y se vuelve a intentar solo. El correo no salió: el servidor de correo no responde" in page
    task_id = desk.open_task(case.case_id)
    answers = {"admision": "admitir", "fuente_registro": "sistema", "request_id": str(uuid4())}
    assert desk.client("rosa").post(f"/bandeja/{task_id}/completar", data=answers).status_code == 303
    with desk.app.database.read() as conn:
        assert conn.scalar(sa.select(mail.c.status)) == "prepared"
        assert conn.execute(sa.select(incident.c.id)).all() == []
    assert isinstance(desk.app.clock, FixedClock)
    desk.app.clock.advance(timedelta(hours=desk.app.config.mail_patience_hours))
    run_job(desk.app, key)
    with desk.app.database.read() as conn:
        seen = conn.execute(sa.select(incident.c.id, incident.c.cause)).one()
    assert "no responde" in seen.cause
    retry_incident(RetryIncident(seen.id, desk.people["rosa"], "Volvió el correo", uuid4()), desk.app.engine)
    with SmtpServer() as server:
        config = desk.app.config.model_copy(update={"smtp_port": server.port})
        again = build(config, FixedClock(desk.app.clock.now()))
        run_job(again, key)
        run_job(again, key)
        again.close()
        assert len(server.behaviour.received) == 1


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF fits in any file any more."""
    real = os.write

    def write(descriptor: int, data: Any) -> int:
        if bytes(data[:5]) == b"%PDF-":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)


def test_with_the_archives_disk_full_the_file_is_refused_in_words_and_the_answers_stay(
    desk: FrontDesk, full_disk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk.client("maria")
    address = desk.draft_of(client)
    assert post(client, address, dict(GOOD)).status_code == 302
    answer = post(client, address, {**GOOD, "adjuntos": (io.BytesIO(PDF), "cedula.pdf")})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "no tiene espacio" in words(answer)
    assert 'value="Universidad de Cuenca"' in client.get(address).get_data(as_text=True)
    with desk.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(document)) == 0
    monkeypatch.undo()
    sent = post(client, address, {**GOOD, "adjuntos": (io.BytesIO(PDF), "cedula.pdf")})
    assert sent.location == f"{address}/revisar"
