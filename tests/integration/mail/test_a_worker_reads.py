"""A worker's way in of mail, with its threads: from a real mailbox to the case, and in order to its end."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from engine.inbound.mails import run_mail
from tests.support.dovecot import Dovecot
from tests.support.mail_desk import ACCOUNTS, QUIMICA, SERVER, MailDesk

CODE = "departamento:quimica"


@pytest.mark.req("R-40", "R-46")
def test_a_letter_in_the_mailbox_reaches_its_case(database_url: str, tmp_path: Path, imap: Dovecot) -> None:
    address = f"{tmp_path.name}@une.example"
    account = imap.account(address).model_dump() | {"imap_password": imap.password}
    desk = MailDesk.open(database_url, tmp_path / "data", mail_accounts={**ACCOUNTS, CODE: account})
    stop = Event()
    thread = Thread(target=run_mail, args=(desk.app, stop))
    thread.start()
    try:
        vouched = f"Authentication-Results: {SERVER}; dmarc=pass\r\n".encode()
        imap.deliver(address, vouched + desk.written(desk.file(), to=QUIMICA))
        until = time.monotonic() + 20
        while not any(mail.status == "filed" for mail in desk.mails()):
            assert time.monotonic() < until, desk.mails()
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(timeout=15)
    assert not thread.is_alive()
    assert len(desk.delivered()) == 1
    desk.app.close()


def test_an_office_without_mailboxes_starts_nothing(database_url: str, tmp_path: Path) -> None:
    desk = MailDesk.open(database_url, tmp_path / "data")
    run_mail(desk.app, Event())
    desk.app.close()
