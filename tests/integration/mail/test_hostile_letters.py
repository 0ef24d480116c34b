"""Letters made to break or to deceive, under the docente's own address: each is kept and settled, none moves an acta, and what we
answer goes to the docente alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.inbound.received import judge_new, statement
from tests.support.letters import hostile
from tests.support.mail_desk import AT, DOCENTE, MailDesk, read_here
from tests.support.smtp import SmtpServer

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
BASE = "2026-L0001-F0001"
ALIKE = {
    "a space of no width": f"{BASE}\u200b.docx",
    "other hyphens": BASE.replace("-", "\u2010") + ".docx",
    "wide digits": BASE.replace("2026", "２０２６") + ".docx",
    "digits of another script": BASE.replace("0001", "٠٠٠١") + ".docx",
    "a letter of another script": BASE.replace("F", "Ϝ") + ".docx",
    "written backwards": f"{BASE}\u202excod.docx",
    "a mark over a letter": BASE.replace("L", "L\u0301") + ".docx",
    "small letters": f"{BASE.lower()}.docx",
    "a line more": f"{BASE}\n.docx",
    "two endings": f"{BASE}.pdf.docx",
}
OURS = ["message-id", "date", "from", "to", "subject", "in-reply-to", "references"]
OF_A_MACHINE = ["auto-submitted", "precedence", "x-auto-response-suppress"]
MIME = ["mime-version", "content-type", "content-transfer-encoding"]


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def desk(database_url: str, tmp_path: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailDesk]:
    monkeypatch.setattr(statement, "read_return", read_here)
    opened = MailDesk.open(database_url, tmp_path / "data", smtp_port=smtp.port)
    yield opened
    opened.app.close()


@pytest.mark.req("R-34")
@pytest.mark.parametrize("kind", ALIKE)
def test_a_file_whose_name_only_looks_like_an_actas_is_refused(desk: MailDesk, kind: str) -> None:
    raw = desk.written((f"{BASE}.docx", desk.word())).replace(
        f'filename="{BASE}.docx"'.encode(), b"filename*=utf-8''" + _percent(ALIKE[kind])
    )
    mail = desk.receive(raw)
    assert (mail.status, desk.delivered(), desk.loads()) == ("refused", [], [])
    assert "no lleva el nombre base" in (mail.reason or "")


@pytest.mark.req("R-34", "R-40", "R-45")
def test_no_hostile_letter_moves_an_acta_or_sends_our_answer_elsewhere(desk: MailDesk, smtp: SmtpServer) -> None:
    every = {kind: raw for kind, raw in hostile().items() if kind != "only line ends"}  # for us, the same as nothing
    letters = [raw.replace(b"a@b.example", DOCENTE.encode()) for raw in every.values()]
    named = [raw.replace(b"x.pdf", BASE.encode() + b".pdf") for raw in letters if b"x.pdf" in raw]
    mails = [desk.keep(raw) for raw in [*letters, *named]]
    judge_new(desk.app)
    desk.clock.advance(timedelta(minutes=2))
    while judge_new(desk.app) != (0, []):
        pass
    assert {desk.mail(mail_id).status for mail_id in mails} == {"held", "refused"}
    assert (desk.delivered(), [load.mail_id for load in desk.loads() if load.rows]) == ([], [])
    assert smtp.behaviour.received, "some are answered"
    for to, raw in smtp.behaviour.received:
        assert to == [DOCENTE]
        head = raw.split(b"\r\n\r\n")[0].decode("ascii")
        names = {line.split(":")[0].lower() for line in head.split("\r\n") if not line.startswith((" ", "\t"))}
        assert names <= {*OURS, *OF_A_MACHINE, *MIME}


def test_letters_without_a_message_id_are_told_apart_by_what_they_say(desk: MailDesk) -> None:
    def anonymous(subject: str) -> bytes:
        lines = desk.written(text="¿Hasta cuándo?", subject=subject).split(b"\r\n")
        return b"\r\n".join(line for line in lines if not line.startswith(b"Message-ID"))

    one, other = anonymous("Una"), anonymous("Otra")
    assert [desk.receive(raw).message_id for raw in (one, other)] == ["", ""]
    with pytest.raises(AssertionError, match="kept before"):
        desk.keep(b"Received: por otro camino\r\n" + one)
    assert [mail.status for mail in desk.mails()] == ["held", "held"]


@pytest.mark.req("R-45")
@pytest.mark.parametrize("said", ["Fri, 01 Jan 2100 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000", "ayer"])
def test_a_letter_counts_by_when_it_came_whatever_date_it_bears(desk: MailDesk, said: str) -> None:
    mail = desk.receive(desk.written(desk.file(), headers={"Date": said}), at=AT)
    assert (mail.status, mail.received_at) == ("filed", AT)
    assert [load.at for load in desk.loads()] == [AT]


def _percent(name: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in name.encode()).encode()
