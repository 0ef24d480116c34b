"""Who wrote is told why, once and never in a loop; and a person decides on what was held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.inbound.received import (
    accept_held,
    answer_all_due,
    file_held,
    list_received,
    open_received,
    refuse_held,
    statement,
)
from engine.inbound.received.notice import MOST
from engine.people import people_with_role
from tests.support import examen as support
from tests.support.mail_desk import AT, DOCENTE, QUIMICA, SERVER, MailDesk, read_here
from tests.support.smtp import SmtpServer

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
WRONG_NAME = ("mi acta.docx", b"x")


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "read_return", read_here)


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def desk(database_url: str, tmp_path: Path, smtp: SmtpServer) -> Iterator[MailDesk]:
    opened = MailDesk.open(database_url, tmp_path / "data", smtp_port=smtp.port)
    yield opened
    opened.app.close()


@pytest.mark.req("R-34", "R-45")
def test_who_wrote_is_told_why_from_the_account_that_they_wrote_to(desk: MailDesk, smtp: SmtpServer) -> None:
    mail = desk.receive(desk.written(WRONG_NAME))
    [(to, raw)] = smtp.behaviour.received
    [told] = smtp.behaviour.messages
    assert to == [DOCENTE]
    assert told["From"] == f"Departamento de Química <{QUIMICA}>"
    assert told["Subject"] == "Su correo no se pudo aceptar"
    assert "«mi acta.docx» no lleva el nombre base de un acta" in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert told["In-Reply-To"] == mail.message_id
    assert mail.notice == "sent"
    assert b"Recibimos el 03/03/2026" in raw


def test_an_answer_starts_no_loop(desk: MailDesk, smtp: SmtpServer) -> None:
    desk.receive(desk.written(WRONG_NAME))
    [told] = smtp.behaviour.messages
    assert (told["Auto-Submitted"], told["Precedence"]) == ("auto-replied", "bulk")
    assert smtp.behaviour.senders == ["<>"]
    [(_, raw)] = smtp.behaviour.received
    back = desk.receive(raw.replace(b"<cartulario.", b"<otro.").replace(QUIMICA.encode(), DOCENTE.encode()))
    assert (back.status, back.notice) == ("held", "withheld")
    assert len(smtp.behaviour.received) == 1


SILENT: dict[str, dict[str, Any]] = {
    "a machine": {"headers": {"Auto-Submitted": "auto-replied"}},
    "a list": {"headers": {"Precedence": "list"}},
    "a mail server": {"sender": "MAILER-DAEMON@otro.example"},
    "one of our own accounts": {"sender": "economia@une.example"},
    "a stranger who means no acta": {"sender": "oferta@ventas.example", "files": [("folleto.pdf", b"%PDF-1.4")]},
    "nobody": {"sender": "a@b.example, c@d.example"},
}


@pytest.mark.parametrize("kind", SILENT)
def test_some_are_never_answered(desk: MailDesk, smtp: SmtpServer, kind: str) -> None:
    given = dict(SILENT[kind])
    mail = desk.receive(desk.written(*given.pop("files", ()), **given))
    assert mail.status in ("held", "refused")
    assert mail.notice == "withheld"
    assert smtp.behaviour.received == []


@pytest.mark.req("R-45")
def test_a_stranger_who_means_an_acta_is_told(desk: MailDesk, smtp: SmtpServer) -> None:
    mail = desk.receive(desk.written(desk.file(), sender="irene@gmail.example"))
    assert (mail.status, mail.notice) == ("refused", "sent")
    assert smtp.behaviour.received[0][0] == ["irene@gmail.example"]


def test_nobody_gets_more_than_some_answers_a_day(desk: MailDesk, smtp: SmtpServer) -> None:
    for n in range(MOST + 2):
        desk.receive(desk.written(WRONG_NAME, subject=str(n)))
    assert len(smtp.behaviour.received) == MOST
    desk.clock.advance(timedelta(days=2))
    desk.receive(desk.written(WRONG_NAME, subject="otro día"))
    assert len(smtp.behaviour.received) == MOST + 1


def test_an_answer_that_could_not_leave_leaves_later_and_once(desk: MailDesk, smtp: SmtpServer) -> None:
    smtp.behaviour.data = "451 later"
    mail = desk.receive(desk.written(WRONG_NAME))
    assert mail.notice == "due"
    smtp.behaviour.data = "250 OK"
    answer_all_due(desk.app)
    answer_all_due(desk.app)
    assert desk.mail(mail.id).notice == "sent"
    assert len(smtp.behaviour.received) == 1


def test_an_address_that_takes_no_mail_is_not_tried_for_ever(desk: MailDesk, smtp: SmtpServer) -> None:
    smtp.behaviour.rcpt[DOCENTE] = "550 unknown"
    mail = desk.receive(desk.written(WRONG_NAME))
    assert mail.notice == "failed"
    answer_all_due(desk.app)
    assert smtp.behaviour.received == []


def doubted(desk: MailDesk) -> Any:
    raw = f"Authentication-Results: {SERVER}; dmarc=fail\r\n".encode() + desk.written(desk.file())
    mail = desk.receive(raw)
    assert mail.status == "held"
    return mail


def test_each_office_sees_the_mail_of_its_own_accounts(desk: MailDesk) -> None:
    mail = doubted(desk)
    who = desk.staff
    assert [one.id for one in list_received(desk.app, who["directora"])] == [mail.id]
    assert list_received(desk.app, who["directora"], statuses=("refused",)) == []
    opened = open_received(desk.app, who["directora"], mail.id)
    assert [part.name for part in opened.letter.parts] == [desk.actas[0].base + ".docx"]
    for stranger in (who["economista"], who["posgrado"], desk.docente, uuid4()):
        assert list_received(desk.app, stranger) == []
        with pytest.raises(NotFound):
            open_received(desk.app, stranger, mail.id)
        with pytest.raises(NotFound):
            accept_held(desk.app, mail.id, stranger, "porque sí")


@pytest.mark.req("R-42")
def test_a_person_lets_a_held_statement_in_and_says_why(desk: MailDesk) -> None:
    mail = doubted(desk)
    done = accept_held(desk.app, mail.id, desk.staff["directora"], "La llamé por teléfono")
    assert (done.status, done.judged_by) == ("filed", desk.staff["directora"])
    assert "Aceptado: La llamé por teléfono" in (done.reason or "")
    assert desk.delivered() == [{"carga": str(desk.loads()[0].id), "correo": str(mail.id)}]
    with pytest.raises(Conflict):
        accept_held(desk.app, mail.id, desk.staff["directora"], "otra vez")
    with pytest.raises(Conflict):
        refuse_held(desk.app, mail.id, desk.staff["directora"], "tarde")


def test_a_person_refuses_and_the_sender_reads_it_in_their_words(desk: MailDesk, smtp: SmtpServer) -> None:
    mail = doubted(desk)
    smtp.behaviour.received.clear()
    with pytest.raises(InvalidAnswers):
        refuse_held(desk.app, mail.id, desk.staff["directora"], "  ")
    done = refuse_held(desk.app, mail.id, desk.staff["directora"], "La docente dice que no la envió.")
    assert (done.status, done.notice) == ("refused", "sent")
    [told] = smtp.behaviour.messages
    assert "La docente dice que no la envió." in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert desk.delivered() == []


def test_what_the_acta_does_not_wait_for_cannot_be_let_in(desk: MailDesk) -> None:
    mail = doubted(desk)
    desk.receive(desk.written(desk.file(), subject="Verdadera"))
    with pytest.raises(Conflict):
        accept_held(desk.app, mail.id, desk.staff["directora"], "Da igual")
    assert desk.mail(mail.id).status == "held"


@pytest.mark.req("R-38", "R-42")
def test_what_was_read_from_a_converted_pdf_and_does_not_agree_is_a_persons_to_decide(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(document: Any) -> None:
        document.tables[2].rows[2].cells[5].text = "tres"

    monkeypatch.setattr(statement, "read_return", lambda data: replace(read_here(data), converted=True))
    mail = desk.receive(desk.written(desk.file(change=wrong)))
    assert mail.status == "held"
    assert "las letras dicen «tres»" in (mail.reason or "")
    with pytest.raises(Conflict, match="cargue el acta a mano"):
        accept_held(desk.app, mail.id, desk.staff["directora"], "Se lee bien")
    done = file_held(desk.app, mail.id, desk.staff["directora"], "Cargada a mano")
    assert done.status == "filed"
    assert "Leído: Cargada a mano" in (done.reason or "")
    assert desk.delivered() == []


def test_a_question_is_filed_as_read(desk: MailDesk) -> None:
    mail = desk.receive(desk.written(text="¿Hasta cuándo tengo tiempo?"))
    with pytest.raises(Conflict, match="archívelo como leído"):
        accept_held(desk.app, mail.id, desk.staff["directora"], "Respondida por teléfono")
    done = file_held(desk.app, mail.id, desk.staff["directora"], "Respondida por teléfono")
    assert done.status == "filed"
    assert "Leído: Respondida por teléfono" in (done.reason or "")


@pytest.mark.req("R-43")
def test_only_who_may_sign_for_the_departamento_that_day_returns_a_signed_acta(desk: MailDesk) -> None:
    support.bring(desk.app.database, desk.actas[0].id, "a_firma")
    base = desk.actas[0].base
    with desk.app.database.read() as conn:
        [decana] = people_with_role(conn, "autoridad_departamental:quimica", AT.date())
    late = desk.receive(desk.written((f"{base}.pdf", b"%PDF-1.7 x")))
    word = desk.receive(desk.written((f"{base}.docx", b"PK x"), sender=decana.email))
    early = desk.receive(desk.written((f"{base}.pdf", b"%PDF-1.7 y"), sender=decana.email))
    assert (late.status, word.status, early.status) == ("refused", "refused", "new")
    assert "se devuelve en PDF" in (word.reason or "")
    held = desk.later(early.id)
    assert held.status == "held"
    assert "no está a la firma" in (held.reason or "")
    assert [load.source for load in desk.loads()] == ["web"]
