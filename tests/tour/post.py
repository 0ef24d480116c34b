"""What people write to the office in a tour, to a real IMAP server that the office's reader reads: the docente's file,
filled in, and the authority's, signed.
"""

from __future__ import annotations

import email
import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.actas.examen import Acta, acta_data, get_acta, get_mesa, tribunal_of
from engine.app import Cartulario
from engine.mail.incoming import ReceivedMail, mails
from engine.people import get_person
from tests.support.dovecot import Dovecot
from tests.support.letters import letter
from tests.support.returned_acta import filled_word
from tests.tour.client import Deviation

READ_WITHIN = 60  # seconds


class Post:
    def __init__(self, server: Dovecot) -> None:
        self._server = server

    def accounts(self, known: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
        """The office's accounts, read from this server."""
        where = {
            "imap_host": "127.0.0.1",
            "imap_port": self._server.port,
            "imap_tls": "off",
            "imap_password": self._server.password,
        }
        return {code: {**account, **where} for code, account in known.items()}

    def send_back(self, app: Cartulario, folder: Path, acta: Acta, told: Mapping[str, Any]) -> None:
        """As article 3.2 says: from the registered address, the tribunal in copy, libro, folio and course in the text."""
        with app.database.read() as conn:
            data, mesa = acta_data(conn, acta.id), get_mesa(conn, acta.mesa_id)
            tribunal = [one.email for one in tribunal_of(conn, mesa.id) if one.email and one.person_id]
            before = {one.id for one in mails(conn, acta_id=acta.id)}
        account = app.config.mail_accounts[f"departamento:{mesa.departamento}"].address
        name = f"{acta.base}.docx"
        filled = filled_word(
            data, change=lambda it: _write(it, told), empty=_attachment(folder, mesa.docente_email, name)
        )
        text = f"Remito el acta del libro {acta.libro}, folio {acta.folio}, de {mesa.curso}."
        copies = [address for address in tribunal if address != mesa.docente_email]
        written = letter(
            mesa.docente_email, account, subject=f"Acta {acta.base}", text=text, files=[(name, filled)], cc=copies
        )
        self._arrives(app, acta.id, account, written, before)

    def return_signed(self, app: Cartulario, acta_id: UUID, who: UUID, name: str, signed: bytes) -> None:
        """The authority answers the letter that asked for the signature, with the file that it brought, signed."""
        with app.database.read() as conn:
            acta = get_acta(conn, acta_id)
            mesa, sender = get_mesa(conn, acta.mesa_id), get_person(conn, who).email
            before = {one.id for one in mails(conn, acta_id=acta.id)}
        account = app.config.mail_accounts[f"departamento:{mesa.departamento}"].address
        text = f"Va firmada el acta del libro {acta.libro}, folio {acta.folio}, de {mesa.curso}."
        written = letter(sender, account, subject=f"Re: Acta {acta.base}", text=text, files=[(name, signed)])
        self._arrives(app, acta.id, account, written, before)

    def _arrives(self, app: Cartulario, acta_id: UUID, account: str, written: bytes, before: set[UUID]) -> None:
        self._server.deliver(account, written, app.clock.now())
        judged = _judged(app, acta_id, before)
        if judged.status != "filed":
            raise Deviation(f"the mail of {judged.sender} was {judged.status}: {judged.reason}")


def _attachment(folder: Path, address: str, name: str) -> bytes:
    """Of the last letter to that address that brings it."""
    for file in sorted((folder / "mailbox").glob("*.eml"), reverse=True):
        message = email.message_from_bytes(file.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        if address not in str(message["To"]):
            continue
        for part in message.iter_attachments():
            if part.get_filename() == name:
                return bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
    raise Deviation(f"no letter to {address} brought {name}")


def _write(document: Any, told: Mapping[str, Any]) -> None:
    grades, totals = document.tables[2:4]
    rows: Sequence[Mapping[str, Any]] = told["rows"]
    for line, row in zip(grades.rows[2:], rows, strict=False):
        line.cells[4].text = str(row["nota"] or "")
        line.cells[5].text = "ausente" if row["ausente"] else str(row["letras"] or "")
    totals.cell(0, 1).text, totals.cell(0, 3).text = str(told["inscriptos"]), str(told["examinados"])


def _judged(app: Cartulario, acta_id: UUID, before: set[UUID]) -> ReceivedMail:
    limit = time.monotonic() + READ_WITHIN
    while time.monotonic() < limit:
        with app.database.read() as conn:
            new = [one for one in mails(conn, acta_id=acta_id) if one.id not in before]
            stray = mails(conn, statuses=["refused", "held"], limit=1)
        if new and new[0].status != "new":
            return new[0]
        if stray and stray[0].acta_id is None:
            raise Deviation(f"the mail was not understood: {stray[0].reason}")
        time.sleep(0.2)
    raise Deviation("the reader did not take the docente's mail")
