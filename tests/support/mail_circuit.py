"""One mesa of one acta in its process, its people and their mail: an account on a real IMAP server, letters that leave over
SMTP, jobs run when asked. For the tests of the circuit by mail."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from engine.actas import examen
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.inbound.received import judge_new
from engine.inbound.worker import run_queued
from engine.mail.incoming import Reader, ReceivedMail, mails, open_mailbox
from engine.people import get_person
from engine.storage.tables import mesa_examen, signing_key, task
from tests.processes.world import PIN, World
from tests.support.dovecot import Dovecot
from tests.support.letters import letter
from tests.support.outside_signer import sign_outside
from tests.support.returned_acta import filled_word

CODE, OFFICE, SIGNER = "departamento:quimica", "quimica@une.example", "autoridad_departamental:quimica"
STUDENT = {
    "expediente": "PG-0001/26",
    "apellidos": "Ñáñez",
    "nombres": "María",
    "tipo": "CI",
    "documento": "0912345675",
}
OTHER = STUDENT | {"expediente": "PG-0002/26", "apellidos": "Oña", "documento": "1700000019"}
LIST = {
    "curso": "Métodos numéricos aplicados",
    "codigo": "P-4127",
    "horas": 60,
    "fecha": "2026-03-02",
    "departamento": "quimica",
    "forma_listado": "filas",
    "alumnos": [STUDENT, OTHER],
}


class Circuit:
    """``imap`` serves the Departamento's account; ``box`` is its address there."""

    def __init__(self, world: World, imap: Dovecot, **changed: Any) -> None:
        self.world, self.imap = world, imap
        self.box = f"{uuid4().hex[:8]}@une.example"
        docente = str(world.person("docente"))
        tribunal = [{"nombre": "Bermúdez Ñato, Irene", "correo": "docente@une.example"}]
        given = LIST | {"docente": docente, "tribunal": tribunal} | changed
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

    # --- what comes in -----------------------------------------------------------------------------------------------

    def filled(self, **how: Any) -> bytes:
        """What was sent to the docente, with its grades."""
        with self.world.app.database.read() as conn:
            data = examen.acta_data(conn, self.acta.id)
        return filled_word(data, empty=self.sent(f"{self.acta.base}.docx", "docente"), **how)

    def signed(self, pkcs12: bytes | None = None) -> bytes:
        """What was sent to be signed, signed with a program that is not ours; by default with the signer's own key."""
        kept = sa.select(signing_key.c.data).where(signing_key.c.person_id == self.world.person(SIGNER))
        data = pkcs12 or bytes(self.all(kept)[0].data)
        return sign_outside(self.sent(f"{self.acta.base}.pdf", SIGNER), data, PIN, self.world.clock.now())

    def write(self, who: str, name: str, data: bytes, **more: Any) -> ReceivedMail:
        """Somebody writes to the Departamento, whose account is read at once."""
        self.post(who, name, data, **more)
        assert self.read() == 1
        with self.world.app.database.read() as conn:
            return mails(conn)[0]

    def post(self, who: str, name: str, data: bytes, *, sender: str = "", **more: Any) -> None:
        """It is in the mailbox; nobody has read it. From ``sender``, or else who's registered address."""
        self.world.clock.advance(timedelta(minutes=1))
        text = f"Va el acta del libro {self.acta.libro}, folio {self.acta.folio}, de Métodos numéricos aplicados."
        raw = letter(sender or self.address(who), OFFICE, text=text, files=[(name, data)], **more)
        self.imap.deliver(self.box, raw, self.world.clock.now())

    def read(self) -> int:
        """How many letters were new: all are read, judged and told to their cases."""
        app, account = self.world.app, self.imap.account(self.box)
        reader = Reader(CODE, account, "uno", app.config, app.clock, app.database, app.archive, Event(), lambda: None)
        with open_mailbox(CODE, account) as box:
            reader.read_all(box)
        settled, failed = judge_new(app)
        assert failed == []
        run_queued(app)
        return settled

    def all(self, query: Any) -> list[Any]:
        with self.world.app.database.read() as conn:
            return list(conn.execute(query))
