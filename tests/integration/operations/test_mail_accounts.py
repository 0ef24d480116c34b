"""``send_mail`` with the office's accounts, copies and persons, answered by a real SMTP server (R-35, R-36, R-41)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from engine.app import Cartulario
from engine.inbound.worker import run_job
from engine.people import grant_role
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
from tests.support.smtp import SmtpServer

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # what the databases have to do with it: test_send_mail
LETTER = {"forms/aviso.txt": b"Asunto: Acta {{ base }}\n\nVa el acta {{ base }}."}
ACCOUNTS = {
    "actas": {"address": "actas.posgrado@une.example", "name": "Actas de examen, SGPyEC"},
    "departamento:quimica": {"address": "quimica@une.example", "name": "Departamento de Química"},
}


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def office(database_url: str, tmp_path: Path, server: SmtpServer) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", smtp_port=server.port, mail_accounts=ACCOUNTS)
    yield app
    app.close()


def run(app: Cartulario, **parameters: str) -> str:
    given = {"template": "'aviso.txt'", "data": "{'base': '2026-L0001-F0001'}", **parameters}
    publish_one_job(app, "send_mail", LETTER, **given)
    start(app, requester(app))
    (key,) = job_keys(app)
    run_job(app, key)
    return key


@pytest.mark.req("R-35")
def test_a_letter_leaves_from_the_account_of_the_actas_to_the_departments(
    office: Cartulario, server: SmtpServer
) -> None:
    key = run(office, to="'cuenta:departamento:quimica'", account="'actas'")
    (message,) = server.behaviour.messages
    assert message["From"].addresses[0].addr_spec == "actas.posgrado@une.example"
    assert message["From"].addresses[0].display_name == "Actas de examen, SGPyEC"
    assert message["To"] == "quimica@une.example"
    assert message["Cc"] is None
    assert job_row(office, key).result["para"] == ["quimica@une.example"]


@pytest.mark.req("R-41", "R-44")
def test_copies_go_to_persons_once_and_are_told_in_the_letter_and_in_its_record(
    office: Cartulario, server: SmtpServer
) -> None:
    one = requester(office, email="docente@une.example", identity_number="1700000019")
    two = requester(office, email="tribunal@une.example", identity_number="3000000012")
    run(
        office,
        to=f"'{one}'",
        cc=f"['{two}', '{one}', 'cuenta:actas', '{two}']",
        account="'departamento:quimica'",
    )
    ((recipients, _),) = server.behaviour.received
    (message,) = server.behaviour.messages
    assert message["To"] == "docente@une.example"
    assert message["Cc"] == "tribunal@une.example, actas.posgrado@une.example"
    assert recipients == ["docente@une.example", "tribunal@une.example", "actas.posgrado@une.example"]
    (kept,) = letters(office)
    assert kept.recipients["cc"] == ["tribunal@une.example", "actas.posgrado@une.example"]
    assert kept.recipients["from"][0] == "quimica@une.example"


def test_who_holds_a_part_of_a_role_gets_its_letter_and_nobody_of_another_part(
    office: Cartulario, server: SmtpServer
) -> None:
    for part, number in (("quimica", "1700000019"), ("economia", "3000000012")):
        someone = requester(office, email=f"{part}@une.example", identity_number=number)
        with office.database.write() as conn:
            grant_role(conn, someone, f"departamento:{part}", date(2020, 1, 1))
    run(office, to="'departamento:quimica'")
    ((recipients, _),) = server.behaviour.received
    assert recipients == ["quimica@une.example"]


def test_of_a_letter_to_each_nobody_sees_the_others_and_a_refused_one_keeps_none_back_twice(
    office: Cartulario, server: SmtpServer
) -> None:
    numbers = ("0102030400", "1700000019", "3000000012")
    people = [requester(office, email=f"alumna{n}@une.example", identity_number=i) for n, i in enumerate(numbers)]
    server.behaviour.rcpt["alumna2@une.example"] = "451 later"
    key = run(office, to=str([str(one) for one in people]), each="True")
    assert [to for to, _ in server.behaviour.received] == [["alumna0@une.example"], ["alumna1@une.example"]]
    assert job_row(office, key).status == "queued"
    server.behaviour.rcpt.clear()
    run_job(office, key)
    assert job_row(office, key).status == "done"
    assert [to for to, _ in server.behaviour.received] == [[f"alumna{n}@une.example"] for n in range(3)]
    assert all(message["Cc"] is None for message in server.behaviour.messages)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"to": "'cuenta:biologia'"}, "No hay una cuenta de correo «biologia»"),
        ({"to": "'solicitante'", "account": "'biologia'"}, "«actas», «departamento:quimica»"),
        ({"to": f"'{uuid4()}'"}, "no está registrado"),
        ({"to": "[]"}, "no tiene destinatario"),
        ({"to": "'solicitante'", "cc": "'cuenta:actas'", "each": "True"}, "no lleva copias"),
    ],
)
def test_what_names_nobody_is_an_incident_that_says_what_to_do(
    office: Cartulario, server: SmtpServer, parameters: dict[str, str], told: str
) -> None:
    run(office, **parameters)
    (incident,) = incidents(office)
    assert incident.permanent
    assert told in incident.cause
    assert server.behaviour.received == []
