"""The circuit of an acta by mail alone, as the articles tell it: with the process as it is published, real mail servers,
and an authority who signs with a program that is not ours (R-35 … R-44)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.actas import examen
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.inbound.received import judge_new
from engine.inbound.worker import run_queued
from engine.mail.incoming import Reader, ReceivedMail, mails, open_mailbox
from engine.people import get_person
from engine.signing import verify_pdf
from engine.storage.tables import document, mesa_examen, signing_key, task
from tests.processes.world import PIN, World, open_world
from tests.support.dovecot import Dovecot
from tests.support.letters import letter
from tests.support.outside_signer import sign_outside
from tests.support.pki import Authority
from tests.support.returned_acta import filled_word

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
CODE, OFFICE = "departamento:quimica", "quimica@une.example"
STUDENT = {
    "expediente": "PG-0001/26",
    "apellidos": "Ñáñez",
    "nombres": "María",
    "tipo": "CI",
    "documento": "0912345675",
}
LIST = {
    "curso": "Métodos numéricos aplicados",
    "codigo": "P-4127",
    "horas": 60,
    "fecha": "2026-03-02",
    "departamento": "quimica",
    "forma_listado": "filas",
    "alumnos": [STUDENT, STUDENT | {"expediente": "PG-0002/26", "apellidos": "Oña", "documento": "1700000019"}],
}


@pytest.fixture
def world(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[World]:
    with open_world(database_url, tmp_path, authority.pki) as opened:
        opened.publish("acta_examen")
        yield opened


class Circuit:
    """One mesa of one acta, its people and their mail."""

    def __init__(self, world: World, imap: Dovecot) -> None:
        self.world, self.imap = world, imap
        self.box = f"{uuid4().hex[:8]}@une.example"
        docente = str(world.person("docente"))
        tribunal = [{"nombre": "Bermúdez Ñato, Irene", "correo": "docente@une.example"}]
        given = LIST | {"docente": docente, "tribunal": tribunal}
        command = StartCase("acta_examen", world.person("departamento:quimica"), given, uuid4())
        self.case_id = start_case(command, world.app.engine).case_id
        run_queued(world.app)
        self.complete("revisar_listado", "sgpyec", decision_listado="generar")
        with world.app.database.read() as conn:
            mesa = conn.scalar(sa.select(mesa_examen.c.id).where(mesa_examen.c.case_id == self.case_id))
            [self.acta] = examen.actas_of_mesa(conn, mesa)  # type: ignore[arg-type]

    def complete(self, element: str, who: str, **answers: Any) -> None:
        [task_id] = self.open(element)
        command = CompleteTask(task_id, self.world.person(who), answers, uuid4())
        complete_task(command, self.world.app.engine)
        run_queued(self.world.app)

    def open(self, element: str) -> list[UUID]:
        mine = sa.and_(task.c.case_id == self.case_id, task.c.element == element, task.c.status == "open")
        return [row.id for row in self.all(sa.select(task.c.id).where(mine))]

    def state(self) -> str:
        with self.world.app.database.read() as conn:
            return examen.get_acta(conn, self.acta.id).state

    def sent(self, name: str, to: str) -> bytes:
        """The attachment of this name that the office sent to somebody, the latest."""
        address = self.address(to)
        for told in reversed(self.world.smtp.messages):
            if address in str(told["To"]):
                for part in told.iter_attachments():
                    if isinstance(part, EmailMessage) and part.get_filename() == name:
                        return part.get_content()  # type: ignore[no-any-return]
        raise AssertionError(f"{name} was not sent to {address}")

    def address(self, who: str) -> str:
        with self.world.app.database.read() as conn:
            return get_person(conn, self.world.person(who)).email

    def write(self, who: str, name: str, data: bytes, **more: Any) -> ReceivedMail:
        """Somebody writes to the Departamento, whose account is read at once."""
        app = self.world.app
        self.world.clock.advance(timedelta(minutes=1))
        text = f"Va el acta del libro {self.acta.libro}, folio {self.acta.folio}, de Métodos numéricos aplicados."
        self.imap.deliver(
            self.box, letter(self.address(who), OFFICE, text=text, files=[(name, data)], **more), app.clock.now()
        )
        account = self.imap.account(self.box)
        reader = Reader(CODE, account, "uno", app.config, app.clock, app.database, app.archive, Event(), lambda: None)
        with open_mailbox(CODE, account) as box:
            assert reader.read_all(box) == 1
        assert judge_new(app) == (1, [])
        run_queued(app)
        with app.database.read() as conn:
            return mails(conn)[0]

    def all(self, query: Any) -> list[Any]:
        with self.world.app.database.read() as conn:
            return list(conn.execute(query))


@pytest.mark.req("R-4", "R-10", "R-36", "R-40", "R-41", "R-42", "R-43", "R-45", "R-46")
def test_an_acta_goes_through_its_circuit_by_mail_alone(world: World, imap: Dovecot) -> None:
    circuit = Circuit(world, imap)
    base = circuit.acta.base
    with world.app.database.read() as conn:
        data = examen.acta_data(conn, circuit.acta.id)
    filled = filled_word(data, absent=[2], empty=circuit.sent(f"{base}.docx", "docente"))
    back = circuit.write("docente", f"{base}.docx", filled)
    assert (back.status, back.reason) == ("filed", None)
    assert circuit.state() == "en_control"
    assert circuit.open("cargar_calificaciones") == []

    circuit.complete("controlar_acta", "departamento:quimica", decision_control="correcta")
    assert circuit.state() == "a_firma"
    issued = circuit.sent(f"{base}.pdf", "autoridad_departamental:quimica")
    stranger = circuit.write("docente", f"{base}.pdf", issued)
    assert stranger.status in ("held", "refused")
    unsigned = circuit.write("autoridad_departamental:quimica", f"{base}.pdf", issued)
    assert unsigned.status == "refused"
    assert "no trae ninguna firma nueva" in (unsigned.reason or "")
    assert len(circuit.open("firmar_acta")) == 1

    who = world.person("autoridad_departamental:quimica")
    [kept] = circuit.all(sa.select(signing_key.c.data).where(signing_key.c.person_id == who))
    signed = sign_outside(issued, kept.data, PIN, world.clock.now())
    done = circuit.write("autoridad_departamental:quimica", f"{base}.pdf", signed, subject=f"Re: Acta {base}")
    assert (done.status, done.reason) == ("filed", None)
    assert circuit.open("firmar_acta") == []
    found = circuit.all(
        sa.select(document).where(
            document.c.case_id == circuit.case_id, document.c.name == f"{base}.pdf", document.c.kind == "issued"
        )
    )
    [made] = [row for row in found if row.signatures]
    verdict = verify_pdf(
        world.app.archive.get(made.sha256), world.app.signing.trust, original=issued, at=world.clock.now()
    )
    assert verdict.accepted
    assert circuit.state() in ("firmada", "recibida")
    constancia = circuit.all(sa.select(document.c.name).where(document.c.name == f"{base}-correo.pdf"))
    assert len(constancia) == 1
