"""What a letter says of itself is believed no further than it deserves: its Message-ID, its sender, its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.inbound.received import statement
from engine.mail import prepare_mail
from tests.support.mail_desk import ACTAS, AT, SERVER, MailDesk, read_here

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailDesk]:
    monkeypatch.setattr(statement, "read_return", read_here)
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


@pytest.mark.req("R-40")
def test_a_docentes_acta_under_one_of_our_message_ids_is_not_taken_for_our_own_letter(desk: MailDesk) -> None:
    with desk.app.database.write() as conn:
        sent = {"case_id": None, "to": [ACTAS], "subject": "Acta", "body": "x", "at": AT}
        ours = prepare_mail(conn, message_id="<cartulario.1@une.example>", **sent)
    mail = desk.receive(desk.written(desk.file(), headers={"Message-ID": ours.message_id}))
    assert (mail.status, len(desk.delivered()), len(desk.loads())) == ("filed", 1, 1)
    question = desk.receive(desk.written(text="¿Y la mía?", headers={"Message-ID": ours.message_id}))
    assert (question.status, question.notice) == ("held", "due")


@pytest.mark.req("R-45")
def test_a_sender_whom_our_server_said_nothing_of_waits_for_a_person(desk: MailDesk) -> None:
    forged = b"Authentication-Results: otro.example; dmarc=pass\r\n" + desk.written(desk.file())
    mail = desk.receive(forged, vouched=False)
    assert (mail.status, desk.delivered()) == ("held", [])
    assert "no dejó dicho" in (mail.reason or "")
    said = f"Authentication-Results: {SERVER}; dkim=pass header.d=une.example\r\n".encode()
    assert desk.receive(said + desk.written(desk.file(), subject="Otra"), vouched=False).status == "filed"


@pytest.mark.req("R-45")
@pytest.mark.parametrize(
    "said",
    [
        "spf=pass smtp.mailfrom=ladron@malo.example; dkim=pass header.d=malo.example",
        "spf=none; dkim=fail header.d=une.example",
        "dkim=pass header.d=malo.example\r\nAuthentication-Results: mx.une.example; dmarc=fail header.from=une.example",
    ],
)
def test_who_proves_only_to_be_another_does_not_pass_for_the_docente(desk: MailDesk, said: str) -> None:
    forged = f"Authentication-Results: {SERVER}; {said}\r\n".encode() + desk.written(desk.file())
    mail = desk.receive(forged, vouched=False)
    assert (mail.status, desk.delivered()) == ("held", [])
    assert "no pudo comprobar" in (mail.reason or "")


def test_where_no_server_is_named_the_sender_is_believed(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "read_return", read_here)
    desk = MailDesk.open(database_url, tmp_path / "other", mail_authserv_id=None)
    assert desk.receive(desk.written(desk.file()), vouched=False).status == "filed"
    desk.app.close()


def test_of_an_acta_sent_in_many_files_none_is_read(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "read_return", unread)
    mail = desk.receive(desk.written(*[desk.file()] * 5))
    assert (mail.status, desk.delivered()) == ("held", [])
    assert "Trae 5 archivos" in (mail.reason or "")


def test_the_many_files_of_a_sender_in_doubt_are_not_read(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "read_return", unread)
    book = MailDesk.open(database_url, tmp_path / "book", students=22)
    mail = book.receive(book.written(*[book.file(0)] * 3, *[book.file(1)] * 2), vouched=False)
    assert [item["outcome"] for item in mail.items or []] == ["held", "held"]
    assert "no dejó dicho" in (mail.reason or "")
    book.app.close()


def unread(*_given: Any) -> Any:
    raise AssertionError("it was read")
