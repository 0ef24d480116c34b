"""The office's mail on the screen: whose it is, what is told of a letter, and what a person decides of what was held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from engine import people
from engine.actas import examen
from engine.inbound.received import statement
from engine.mail.incoming import ReceivedMail
from tests.support.examen import ZONE
from tests.support.face import PASSWORD, House, Visitor
from tests.support.letters import letter
from tests.support.mail_desk import ACTAS, AT, DOCENTE, QUIMICA, SERVER, MailDesk, read_here
from web.app import create_app
from web.security import limiter

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Office:
    def __init__(self, desk: MailDesk) -> None:
        self.desk = desk
        self.house = House(desk.app, desk.clock, create_app(desk.app))
        limiter.reset()
        with desk.app.database.write() as conn:
            for who in (*desk.staff.values(), desk.docente):
                people.set_password(conn, who, PASSWORD, desk.clock.now())

    def enter(self, username: str) -> Visitor:
        return self.house.enter(username)

    def held(self) -> ReceivedMail:
        """A second statement of an acta whose first was accepted, with one absent."""
        desk = self.desk
        desk.receive(desk.written(desk.file()))
        with desk.app.database.write() as conn:
            examen.accept_grades(conn, desk.actas[0].id, desk.loads()[0].id, job_key="uno", by=None, at=AT, zone=ZONE)
        desk.clock.advance(timedelta(minutes=5))
        mail = desk.receive(desk.written(desk.file(absent=[1]), subject="Otra vez", text="Corrijo & <b>aviso</b>"))
        assert mail.status == "held"
        return mail


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(statement, "read_return", read_here)
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield Office(opened)
    opened.app.close()


def decide(visitor: Visitor, mail: ReceivedMail, act: str, reason: str = "Lo llamé y es suyo."):  # type: ignore[no-untyped-def]
    page = f"/examenes/correos/{mail.id}"
    visitor.open(page)
    return visitor.send(page, {"accion": act, "motivo": reason})


@pytest.mark.req("R-38", "R-40", "R-45")
def test_what_was_held_is_a_pile_and_shows_its_grades_beside_the_acta(office: Office) -> None:
    mail = office.held()
    visitor = office.enter("directora")
    register = visitor.open("/examenes").text
    assert "Correo a resolver" in register
    assert "Otra vez" in visitor.open("/examenes/correos").text
    page = visitor.open(f"/examenes/correos/{mail.id}").text
    assert "llegó antes" in page
    assert "Corrijo &amp; &lt;b&gt;aviso&lt;/b&gt;" in page
    assert page.count("No coincide") >= 1
    assert "DMARC: pasó" in page
    assert f"{office.desk.actas[0].base}.docx" in page
    acta = visitor.open(f"/examenes/{office.desk.actas[0].base}").text
    assert f"/examenes/correos/{mail.id}" in acta


@pytest.mark.req("R-11")
def test_the_mail_of_an_account_is_its_offices_and_nobody_elses(office: Office) -> None:
    mail = office.held()
    for username in ("economista", "posgrado", "decana", "docente"):
        visitor = office.enter(username)
        assert visitor.open(f"/examenes/correos/{mail.id}").status_code == 404, username
        assert visitor.open(f"/examenes/correos/{mail.id}/original").status_code == 404, username
        assert visitor.open(f"/examenes/correos/{mail.id}/adjuntos/1").status_code == 404, username
        assert decide(visitor, mail, "aceptar").status_code == 404, username
    office.desk.receive(letter(DOCENTE, ACTAS, subject="Para posgrado"), account="actas")
    assert "Para posgrado" in office.enter("posgrado").open("/examenes/correos").text
    assert "Para posgrado" not in office.enter("directora").open("/examenes/correos").text
    assert "Otra vez" not in office.enter("economista").open("/examenes/correos").text
    assert office.enter("docente").open("/examenes/correos").status_code == 404
    assert office.desk.mail(mail.id).status == "held"


def test_a_question_is_filed_as_read_with_a_reason_and_leaves_the_pile(office: Office) -> None:
    mail = office.desk.receive(office.desk.written(text="¿Cuándo es la mesa?", subject="Consulta"))
    visitor = office.enter("directora")
    without = decide(visitor, mail, "leido", "  ")
    assert without.status_code == 422
    assert "Diga por qué" in without.text
    assert office.desk.mail(mail.id).status == "held"
    assert decide(visitor, mail, "leido", "La contesté por teléfono.").status_code == 303
    now = office.desk.mail(mail.id)
    assert (now.status, now.judged_by) == ("filed", office.desk.staff["directora"])
    assert "Nada espera su decisión" in visitor.open("/examenes/correos").text
    assert "Consulta" in visitor.open("/examenes/correos?estado=filed").text
    shown = visitor.open(f"/examenes/correos/{mail.id}").text
    assert "La contesté por teléfono." in shown
    assert 'name="motivo"' not in shown


def test_what_brings_nothing_that_can_enter_is_not_offered_to_be_accepted(office: Office) -> None:
    desk = office.desk
    question = desk.receive(desk.written(text="¿Cuándo es la mesa?"))
    many = desk.receive(desk.written(*[desk.file()] * 5))
    silent = desk.receive(desk.written(desk.file(), subject="Sin sello"), vouched=False)
    visitor = office.enter("directora")
    for mail in (question, many):
        page = visitor.open(f"/examenes/correos/{mail.id}").text
        assert 'value="aceptar"' not in page
        assert "cárguela a mano" in page
        assert decide(visitor, mail, "aceptar").status_code == 409
        assert desk.mail(mail.id).status == "held"
    page = visitor.open(f"/examenes/correos/{silent.id}").text
    assert 'value="aceptar"' in page
    assert "cárguela a mano" not in page


def test_a_refusal_is_kept_with_its_reason_and_two_who_decide_at_once_do_not_both(office: Office) -> None:
    mail = office.held()
    visitor = office.enter("directora")
    assert decide(visitor, mail, "rechazar", "Ya vale la primera.").status_code == 303
    again = decide(visitor, mail, "aceptar")
    assert again.status_code == 409
    assert "Alguien decidió antes" in again.text
    now = office.desk.mail(mail.id)
    assert (now.status, now.reason) == ("refused", f"{now.base}: Ya vale la primera.")
    assert decide(visitor, mail, "borrar").status_code == 422


def test_what_cannot_be_carried_stays_held_and_its_reason_is_told(office: Office) -> None:
    mail = office.held()  # its acta waits for no statement any more
    refused = decide(office.enter("directora"), mail, "aceptar", "Vale esta.")
    assert refused.status_code == 409
    assert "Vale esta." in refused.text  # nothing typed is lost
    assert office.desk.mail(mail.id).status == "held"
    assert decide(office.enter("directora"), mail, "leido", "La cargué a mano.").status_code == 303
    now = office.desk.mail(mail.id)
    assert (now.status, now.notice) == ("filed", mail.notice)  # told once, that it waited
    assert "La cargué a mano." in (now.reason or "")


def test_a_file_is_a_download_whatever_it_says_that_it_is(office: Office) -> None:
    raw = letter(DOCENTE, QUIMICA, subject="Una página", files=[("nota.pdf", b"<html><script>x</script></html>")])
    raw = raw.replace(b"application/pdf", b"text/html").replace(b"nota.pdf", b"nota.html")
    mail = office.desk.receive(raw)
    visitor = office.enter("directora")
    answer = visitor.open(f"/examenes/correos/{mail.id}/adjuntos/1")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    whole = visitor.open(f"/examenes/correos/{mail.id}/original")
    assert whole.data == raw
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert visitor.open(f"/examenes/correos/{mail.id}/adjuntos/2").status_code == 404
    assert visitor.open(f"/examenes/correos/{uuid4()}").status_code == 404


def test_the_results_of_our_own_mail_server_are_told(office: Office) -> None:
    raw = f"Authentication-Results: {SERVER}; dmarc=fail header.from=une.example\r\n".encode()
    mail = office.desk.receive(raw + office.desk.written(office.desk.file()))
    page = office.enter("directora").open(f"/examenes/correos/{mail.id}").text
    assert "DMARC: no pasó" in page
    assert "no pudo comprobar" in page
    silent = office.desk.receive(office.desk.written(office.desk.file(), subject="Sin sello"), vouched=False)
    assert (
        "nuestro servidor de correo no dejó resultados"
        in office.enter("directora").open(f"/examenes/correos/{silent.id}").text
    )
