"""The operation ``send_mail``, asked for by a diagram and answered by a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from engine.app import Cartulario
from engine.cases import RetryIncident, retry_incident
from engine.documents import store_document
from engine.errors import InvalidBundle
from engine.inbound.worker import run_job
from engine.people import grant_role
from engine.storage.tables import person
from tests.support.one_job import (
    incidents,
    job_keys,
    job_row,
    letters,
    open_office,
    publish_one_job,
    requester,
    start,
)
from tests.support.smtp import SmtpServer, free_port

TEMPLATE = """Asunto: Trámite {{ numero }} — {{ estado }}

Hola, {{ tramite.solicitante.nombre }}:

Su trámite está {{ estado }}. Véalo en {{ enlace }}
{{ unidad }}
"""
GIVEN = {"template": "'aviso.txt'", "to": "'solicitante'", "data": "{'tramite': tramite, 'estado': 'listo'}"}


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def office(database_url: str, tmp_path: Path, server: SmtpServer) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", smtp_port=server.port, public_url="https://une.example/")
    yield app
    app.close()


def _run(app: Cartulario, template: str = TEMPLATE, **parameters: str) -> str:
    publish_one_job(app, "send_mail", {"forms/aviso.txt": template.encode()}, **{**GIVEN, **parameters})
    start(app, requester(app))
    (key,) = job_keys(app)
    run_job(app, key)
    return key


def _secretary(app: Cartulario, email: str = "una@une.example") -> UUID:
    someone = requester(app, email=email, identity_number="1700000019")
    with app.database.write() as conn:
        grant_role(conn, someone, "secretaria", since=date(2020, 1, 1))
    return someone


def test_the_requester_gets_what_the_template_says(office: Cartulario, server: SmtpServer) -> None:
    key = _run(office)
    (message,) = server.behaviour.messages
    assert message["To"] == "mj.nanez@une.example"
    assert message["Subject"] == "Trámite NT-2026-000001 — listo"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "María José Ñáñez de la Cruz" in text
    assert "https://une.example/tramites/NT-2026-000001" in text
    row = job_row(office, key)
    assert row.status == "done"
    assert row.result["para"] == ["mj.nanez@une.example"]


def test_everyone_who_holds_the_role_today_gets_it(office: Cartulario, server: SmtpServer) -> None:
    _secretary(office, "una@une.example")
    _secretary(office, "otra@une.example")
    _run(office, to="'secretaria'")
    ((recipients, _),) = server.behaviour.received
    assert sorted(recipients) == ["otra@une.example", "una@une.example"]


def test_of_a_role_one_to_whom_nobody_can_write_does_not_keep_the_letter_from_the_others(
    office: Cartulario, server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    _secretary(office, "una@une.example")
    before = _secretary(office, "otra@une.example")
    with office.database.write() as conn:  # registered before the mailer's rule was everybody's
        conn.execute(person.update().where(person.c.id == before).values(email="maría@une.example"))
    _run(office, to="'secretaria'")
    ((recipients, _),) = server.behaviour.received
    assert recipients == ["una@une.example"]
    assert "1 addresses of «secretaria»" in caplog.text


def test_a_role_that_nobody_holds_is_an_incident_that_says_so(office: Cartulario) -> None:
    _run(office, to="'rectorado'")
    (incident,) = incidents(office)
    assert incident.permanent
    assert "«rectorado»" in incident.cause


def test_a_letter_without_a_subject_is_an_incident_and_sends_nothing(office: Cartulario, server: SmtpServer) -> None:
    _run(office, "Hola {{ numero }}")
    (incident,) = incidents(office)
    assert incident.permanent
    assert "primera línea" in incident.cause
    assert server.behaviour.received == []


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("Asunto: {{ nota }}\nHola", "nota"),
        ("Asunto: Hola\n{{ ''.__class__.__mro__ }}", "__class__"),
    ],
)
def test_a_letter_that_asks_for_what_nobody_gives_or_reaches_out_is_not_published(
    office: Cartulario, template: str, complaint: str
) -> None:
    with pytest.raises(InvalidBundle) as refused:
        publish_one_job(office, "send_mail", {"forms/aviso.txt": template.encode()}, **GIVEN)
    assert any("aviso.txt" in str(one) and complaint in str(one) for one in refused.value.findings)


def test_what_a_person_typed_cannot_add_a_recipient(office: Cartulario, server: SmtpServer) -> None:
    _run(office, data="{'tramite': tramite, 'estado': 'listo\\nBcc: otra@malo.example'}")
    (message,) = server.behaviour.messages
    assert message["Bcc"] is None
    ((recipients, _),) = server.behaviour.received
    assert recipients == ["mj.nanez@une.example"]


def test_documents_of_the_case_go_with_the_letter_and_those_of_others_do_not(
    office: Cartulario, server: SmtpServer
) -> None:
    files = {"forms/aviso.txt": TEMPLATE.encode()}
    publish_one_job(office, **{"text": "'hola'"})
    other = start(office, requester(office))
    with office.database.write() as conn:
        strange = store_document(
            conn,
            office.archive,
            case_id=other.case_id,
            kind="issued",
            name="ajeno.pdf",
            title="Ajeno",
            media_type="application/pdf",
            data=b"%PDF-1.7",
            at=datetime.now(UTC),
        )
    publish_one_job(office, "send_mail", files, **GIVEN, attachments=f"['{strange.id}']")
    start(office, requester(office))
    (key,) = [key for key in job_keys(office) if job_row(office, key).operation == "send_mail"]
    run_job(office, key)
    (incident,) = incidents(office)
    assert "otro trámite" in incident.cause
    assert server.behaviour.received == []


def test_a_letter_carries_its_attachment(office: Cartulario, server: SmtpServer) -> None:
    files = {"forms/aviso.txt": TEMPLATE.encode()}
    with office.database.write() as conn:
        document = store_document(
            conn,
            office.archive,
            case_id=None,
            kind="issued",
            name="certificación.pdf",
            title="Certificación",
            media_type="application/pdf",
            data=b"%PDF-1.7",
            at=datetime.now(UTC),
        )
    publish_one_job(office, "send_mail", files, **GIVEN, attachments=f"[{{'id': '{document.id}'}}]")
    case = start(office, requester(office))
    with office.database.write() as conn:
        conn.exec_driver_sql('UPDATE document SET case_id = (SELECT id FROM "case")')
    (key,) = job_keys(office)
    run_job(office, key)
    (message,) = server.behaviour.messages
    assert [part.get_filename() for part in message.iter_attachments()] == ["certificación.pdf"]
    assert case.number in message["Subject"]


def test_with_the_server_down_it_is_tried_again_and_arrives_once(
    database_url: str, tmp_path: Path, server: SmtpServer
) -> None:
    down = open_office(database_url, tmp_path / "data", smtp_port=free_port())
    key = _run(down)
    assert (job_row(down, key).status, job_row(down, key).attempts) == ("queued", 1)
    down.close()
    up = open_office(database_url, tmp_path / "data", smtp_port=server.port)
    run_job(up, key)
    run_job(up, key)
    assert job_row(up, key).status == "done"
    assert len(server.behaviour.received) == 1
    up.close()


def test_a_letter_that_may_have_left_waits_for_a_person_who_may_send_it_again(
    office: Cartulario, server: SmtpServer
) -> None:
    server.behaviour.drop = True
    key = _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "puede haber salido" in incident.cause
    assert [letter.status for letter in letters(office)] == ["doubtful"]
    server.behaviour.drop = False
    retry_incident(RetryIncident(incident.id, _secretary(office), "No le llegó", uuid4()), office.engine)
    run_job(office, key)
    assert job_row(office, key).status == "done"
    assert [letter.status for letter in letters(office)] == ["sent"]
    assert len(server.behaviour.received) == 2


def test_a_refused_address_is_an_incident_that_names_it(office: Cartulario, server: SmtpServer) -> None:
    server.behaviour.rcpt["mj.nanez@une.example"] = "550 No such user"
    _run(office)
    (incident,) = incidents(office)
    assert incident.permanent
    assert "mj.nanez@une.example" in incident.cause
