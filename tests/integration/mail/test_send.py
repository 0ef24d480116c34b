"""A letter against a real SMTP server in every mood: it leaves at most once, and the record says how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.clock import SystemClock
from engine.mail import Mail, Mailer, Refused, Temporary, Uncertain, get_mail, outbox, prepare_mail, send
from engine.storage.unit_of_work import Database
from tests.support.smtp import SmtpServer, free_port

AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def mailer(server: SmtpServer) -> Mailer:
    return Mailer("127.0.0.1", server.port, "secretaria@une.example", "Secretaría", timeout=5)


def _prepare(
    database: Database, *, to: tuple[str, ...] = ("mj@une.example",), cc: tuple[str, ...] = (), round: int = 0
) -> Mail:
    with database.write() as conn:
        return prepare_mail(
            conn,
            message_id="<cartulario.1@une.example>",
            case_id=None,
            to=to,
            cc=cc,
            subject="Listo",
            body="Su certificación está lista.",
            round=round,
            at=AT,
        )


def _status(database: Database, mail: Mail) -> str:
    with database.read() as conn:
        return get_mail(conn, mail.id).status


def test_a_letter_that_the_server_took_is_sent(database: Database, server: SmtpServer, mailer: Mailer) -> None:
    mail = send(database, mailer, SystemClock(), _prepare(database))
    assert mail.status == "sent"
    assert mail.sent_at is not None
    (message,) = server.behaviour.messages
    assert message["Message-ID"] == mail.message_id


def test_a_sent_letter_is_never_sent_again(database: Database, server: SmtpServer, mailer: Mailer) -> None:
    send(database, mailer, SystemClock(), _prepare(database))
    again = send(database, mailer, SystemClock(), _prepare(database, round=1))
    assert again.status == "sent"
    assert len(server.behaviour.received) == 1


def test_with_the_server_down_nothing_left_and_a_later_attempt_sends(database: Database, mailer: Mailer) -> None:
    mail = _prepare(database)
    away = Mailer("127.0.0.1", free_port(), "secretaria@une.example")
    with pytest.raises(Temporary):
        send(database, away, SystemClock(), mail)
    assert _status(database, mail) == "prepared"
    assert send(database, mailer, SystemClock(), mail).status == "sent"


def test_a_451_may_be_tried_again(database: Database, server: SmtpServer, mailer: Mailer) -> None:
    server.behaviour.data = "451 Try again later"
    mail = _prepare(database)
    with pytest.raises(Temporary, match="451"):
        send(database, mailer, SystemClock(), mail)
    server.behaviour.data = "250 OK"
    assert send(database, mailer, SystemClock(), mail).status == "sent"


def test_a_refused_recipient_is_final_and_names_the_address(
    database: Database, server: SmtpServer, mailer: Mailer
) -> None:
    server.behaviour.rcpt["nadie@une.example"] = "550 No such user"
    mail = _prepare(database, to=("mj@une.example", "nadie@une.example"))
    with pytest.raises(Refused, match=r"nadie@une\.example"):
        send(database, mailer, SystemClock(), mail)
    assert _status(database, mail) == "refused"
    assert server.behaviour.received == []  # to all or to none


@pytest.mark.req("R-41")
def test_a_copy_that_the_server_will_not_take_is_told_and_keeps_the_letter_from_nobody(
    database: Database, server: SmtpServer, mailer: Mailer
) -> None:
    server.behaviour.rcpt["nadie@une.example"] = "550 No such user"
    mail = _prepare(database, cc=("nadie@une.example", "tribunal@une.example"))
    sent = send(database, mailer, SystemClock(), mail)
    assert (sent.status, server.behaviour.received[0][0]) == ("sent", ["mj@une.example", "tribunal@une.example"])
    assert "la copia a nadie@une.example: 550 No such user" in (sent.error or "")


def test_a_refused_letter_goes_to_the_mended_address_when_a_person_retries(
    database: Database, server: SmtpServer, mailer: Mailer
) -> None:
    server.behaviour.rcpt["nadie@une.example"] = "550 No such user"
    with pytest.raises(Refused):
        send(database, mailer, SystemClock(), _prepare(database, to=("nadie@une.example",)))
    with pytest.raises(Refused):  # the same round: still refused, without asking the server again
        send(database, mailer, SystemClock(), _prepare(database, to=("mj@une.example",)))
    mended = _prepare(database, to=("mj@une.example",), round=1)
    assert send(database, mailer, SystemClock(), mended).to == ("mj@une.example",)


def test_a_550_for_the_message_is_final(database: Database, server: SmtpServer, mailer: Mailer) -> None:
    server.behaviour.data = "550 Spam"
    mail = _prepare(database)
    with pytest.raises(Refused, match="550"):
        send(database, mailer, SystemClock(), mail)
    assert _status(database, mail) == "refused"


def test_when_the_connection_drops_after_the_message_nobody_sends_it_blindly_again(
    database: Database, server: SmtpServer, mailer: Mailer
) -> None:
    server.behaviour.drop = True
    mail = _prepare(database)
    with pytest.raises(Uncertain):
        send(database, mailer, SystemClock(), mail)
    assert _status(database, mail) == "doubtful"
    server.behaviour.drop = False
    with pytest.raises(Uncertain):
        send(database, mailer, SystemClock(), _prepare(database))
    assert len(server.behaviour.received) == 1


def test_a_letter_found_half_sent_is_shown_to_a_person_and_sent_only_when_they_retry(
    database: Database, server: SmtpServer, mailer: Mailer
) -> None:
    mail = _prepare(database)
    with database.write() as conn:
        outbox.begin_sending(conn, mail.id)  # and then the worker was killed
    with pytest.raises(Uncertain):
        send(database, mailer, SystemClock(), _prepare(database))
    assert server.behaviour.received == []
    assert send(database, mailer, SystemClock(), _prepare(database, round=1)).status == "sent"
    assert len(server.behaviour.received) == 1


def test_a_line_that_starts_with_a_dot_arrives_whole(database: Database, server: SmtpServer, mailer: Mailer) -> None:
    with database.write() as conn:
        mail = prepare_mail(
            conn,
            message_id="<2@une.example>",
            case_id=None,
            to=["a@une.example"],
            subject="S",
            body="a\n.\n.b\nc",
            at=AT,
        )
    send(database, mailer, SystemClock(), mail)
    body = server.behaviour.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "a\n.\n.b\nc\n"


def test_the_password_is_given_when_the_server_asks(database: Database) -> None:
    with SmtpServer(password=("oficina", "secreta")) as server:
        mailer = Mailer("127.0.0.1", server.port, "s@une.example", username="oficina", password="secreta")
        assert send(database, mailer, SystemClock(), _prepare(database)).status == "sent"
        assert server.behaviour.logins


def test_a_wrong_password_is_tried_again_later_and_is_not_written_anywhere(database: Database) -> None:
    with SmtpServer(password=("oficina", "secreta")) as server:
        mailer = Mailer("127.0.0.1", server.port, "s@une.example", username="oficina", password="equivocada")
        with pytest.raises(Temporary) as failure:
            send(database, mailer, SystemClock(), _prepare(database))
        assert "equivocada" not in str(failure.value) + repr(mailer)


def test_without_the_encryption_that_was_asked_for_nothing_is_said(database: Database, server: SmtpServer) -> None:
    mailer = Mailer("127.0.0.1", server.port, "s@une.example", username="o", password="secreta", starttls=True)
    with pytest.raises(Temporary):
        send(database, mailer, SystemClock(), _prepare(database))
    assert server.behaviour.received == []
