"""An office with its mail accounts and a case that waits for the actas of a mesa, for the tests of mail that comes in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from engine import people
from engine.actas import examen
from engine.actas.examen import returned_apart
from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import Returned, ReturnUnread
from engine.app import Cartulario, build
from engine.cases import StartCase, start_case
from engine.clock import FixedClock
from engine.config import Config
from engine.definitions import Bundle
from engine.inbound.received import judge, judge_new
from engine.mail.incoming import Arrival, ReceivedMail, authentication, get_received, keep, mails
from engine.storage.tables import definition_version, event
from tests.support import examen as support
from tests.support.diagrams import Diagram, properties
from tests.support.letters import File, letter
from tests.support.one_job import MANIFEST
from tests.support.returned_acta import filled_word

AT = support.AT + timedelta(days=1)
ACTAS, QUIMICA, ECONOMIA = "actas@une.example", "quimica@une.example", "economia@une.example"
DOCENTE = "irene@une.example"
ACCOUNTS = {
    "actas": {"address": ACTAS, "name": "Actas"},
    "departamento:quimica": {"address": QUIMICA, "name": "Departamento de Química"},
    "departamento:economia": {"address": ECONOMIA, "name": "Departamento de Economía"},
}
SERVER = "mx.une.example"


def read_here(data: bytes) -> Returned:
    """As ``read_return``, without a process of its own: a second saved in each test."""
    try:
        return returned_apart.read_here(data)
    except Unopened as error:
        raise ReturnUnread(error.cause, str(error)) from error


@dataclass
class MailDesk:
    app: Cartulario
    clock: FixedClock
    docente: UUID
    staff: dict[str, UUID]
    actas: list[examen.Acta]
    uid: int = 0

    @classmethod
    def open(
        cls, url: str, folder: Path, *, students: int = 2, mesas: int = 1, state: str = "en_carga", **settings: Any
    ) -> MailDesk:
        clock = FixedClock(AT)
        given = {"mail_accounts": ACCOUNTS, "mail_authserv_id": SERVER, "smtp_port": 1} | settings
        app = build(Config(database_url=url, data_dir=folder, **given), clock)  # type: ignore[arg-type]
        with app.database.write() as conn:
            docente = support.prepare(conn)
            people.grant_role(conn, docente, "docente", date(2025, 1, 1))
            staff = {
                name: _person(conn, name, role)
                for name, role in (
                    ("directora", "departamento:quimica"),
                    ("economista", "departamento:economia"),
                    ("decana", "autoridad_departamental:quimica"),
                    ("posgrado", "sgpyec"),
                )
            }
        bases = [f"2026-L0001-F{n:04d}" for n in range(1, -(-students // 21) * mesas + 1)]
        case_id = _waiting(app, bases, docente)
        opened = [support.open_mesa(app.database, students, case_id=case_id) for _ in range(mesas)]
        actas = [one for mesa in opened for one in support.actas(app.database, mesa)]
        assert [one.base for one in actas] == bases
        for one in actas:
            support.bring(app.database, one.id, state)
        return cls(app, clock, docente, staff, actas)

    def word(self, n: int = 0, **changed: Any) -> bytes:
        with self.app.database.read() as conn:
            return filled_word(examen.acta_data(conn, self.actas[n].id), **changed)

    def file(self, n: int = 0, **changed: Any) -> File:
        return f"{self.actas[n].base}.docx", self.word(n, **changed)

    def written(self, *files: File, sender: str = DOCENTE, to: str = QUIMICA, **more: Any) -> bytes:
        acta = self.actas[0]
        told = f"Va el acta del libro {acta.libro}, folio {acta.folio}, de Métodos numéricos aplicados."
        return letter(sender, to, files=files, **({"text": told} | more))

    def keep(
        self, raw: bytes, *, account: str = "departamento:quimica", at: datetime | None = None, vouched: bool = True
    ) -> UUID:
        """As the reader does, of a server that finds nothing wrong with what it says nothing of; not ``vouched``: of
        one that is silent."""
        self.uid += 1
        now = self.clock.now()
        arrival = Arrival(account, 1, self.uid, raw, len(raw), at or now)
        auth = authentication(raw, SERVER)
        if vouched and not auth["results"]:
            auth["results"] = [{"method": "dmarc", "result": "pass"}]
        mail_id = keep(self.app.database, self.app.archive, arrival, auth, now)
        assert mail_id is not None, "it was kept before"
        return mail_id

    def receive(self, raw: bytes, **more: Any) -> ReceivedMail:
        mail_id = self.keep(raw, **more)
        judge(mail_id, self.app)
        return self.mail(mail_id)

    def later(self, mail_id: UUID, seconds: float = 61) -> ReceivedMail:
        self.clock.advance(timedelta(seconds=seconds))
        judge_new(self.app)
        return self.mail(mail_id)

    def mail(self, mail_id: UUID) -> ReceivedMail:
        with self.app.database.read() as conn:
            return get_received(conn, mail_id)

    def mails(self) -> list[ReceivedMail]:
        with self.app.database.read() as conn:
            return mails(conn)

    def loads(self, n: int = 0) -> list[examen.Load]:
        with self.app.database.read() as conn:
            return examen.loads_of(conn, self.actas[n].id)

    def delivered(self) -> list[dict[str, Any]]:
        """What the case was told, in order."""
        query = sa.select(event.c.data).where(event.c.kind == "message_delivered").order_by(event.c.n)
        with self.app.database.read() as conn:
            return [_payload(data) for data in conn.scalars(query)]


def _payload(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)["payload"]
    return found


def _person(conn: sa.Connection, username: str, role: str) -> UUID:
    made = people.create_person(
        conn,
        username=username,
        given_names=username.title(),
        family_names="Güemes",
        email=f"{username}@une.example",
        at=support.AT,
    )
    people.grant_role(conn, made, role, date(2025, 1, 1))
    return made


def _waiting(app: Cartulario, bases: list[str], requester: UUID) -> UUID:
    """A case that waits for each of these actas, and then for nobody: its last task stays open."""
    d = Diagram("una_nota", lane="Secretaría")
    d.root("message", "m1", "acta_devuelta")
    d.chain(d.node("startEvent", "inicio"), d.node("parallelGateway", "abre"))
    d.node("parallelGateway", "cierra")
    for n, base in enumerate(bases):
        d.chain("abre", d.node("receiveTask", f"esperar_{n}", properties(clave=f"'{base}'"), messageRef="m1"), "cierra")
    d.chain("abre", d.node("userTask", "seguir"), "cierra")
    d.chain("cierra", d.node("endEvent", "fin", properties(desenlace="hecha")))
    bundle = Bundle("una_nota", {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": d.xml()})
    row = {"id": uuid4(), "process": "una_nota", "number": 1, "hash": bundle.hash, "title": bundle.manifest.title}
    kept = {"bundle": bundle.zip(), "library_version": "", "state": "published", "at": app.clock.now()}
    with app.database.write() as conn:  # unchecked: the check of diagrams has its own tests
        conn.execute(definition_version.insert().values(row | kept))
    return start_case(StartCase("una_nota", requester, {}, uuid4()), app.engine).case_id
