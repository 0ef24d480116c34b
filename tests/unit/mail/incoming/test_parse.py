"""Letters as the mail programs of docentes write them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from engine.mail.incoming import parse
from engine.mail.incoming.identity import identity_of
from tests.support.letters import letter

HEAD = b"From: a@b.example\r\n"


def test_an_ordinary_letter_is_read_whole() -> None:
    raw = letter(
        "Inés Álvarez <Ines.Alvarez@uni.example>",
        "quimica@uni.example",
        subject="Acta Ñ",
        text="Libro 12, folio 34: señales.",
        files=[("2021-L0012-F0034.pdf", b"%PDF-1.7 \x00\xff\r\nfin")],
        cc=["Ana <ana@uni.example>", "luis@uni.example"],
        headers={"Date": "Thu, 15 Apr 2021 10:30:00 -0300", "Message-ID": "<uno@uni.example>"},
    )
    read = parse(raw)
    assert (read.sender, read.sender_name) == ("ines.alvarez@uni.example", "Inés Álvarez")
    assert (read.to, read.cc) == (("quimica@uni.example",), ("ana@uni.example", "luis@uni.example"))
    assert (read.subject, read.message_id) == ("Acta Ñ", "<uno@uni.example>")
    assert read.date == datetime(2021, 4, 15, 13, 30, tzinfo=UTC)
    assert read.text.strip() == "Libro 12, folio 34: señales."
    [part] = read.parts
    assert (part.name, part.data) == ("2021-L0012-F0034.pdf", b"%PDF-1.7 \x00\xff\r\nfin")
    assert part.listed == {
        "name": "2021-L0012-F0034.pdf",
        "media_type": "application/pdf",
        "size": 16,
        "sha256": hashlib.sha256(part.data).hexdigest(),
    }
    assert read.faults == ()
    assert not read.automatic


def test_our_reader_finds_what_the_standard_library_wrote() -> None:
    """Alternatives, related images and attached letters, nested as mail programs nest them."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "a@b.example", "c@d.example"
    message.set_content("texto")
    message.add_alternative("<p>texto con <img src='cid:x'></p>", subtype="html")
    message.get_payload()[1].add_related(b"GIF89a", "image", "gif", cid="<x>", filename="logo.gif")  # type: ignore[union-attr,index]
    message.add_attachment(b"uno", maintype="application", subtype="octet-stream", filename="uno.docx")
    message.add_attachment("dos", filename="dos.txt")
    message.add_attachment(EmailMessage(policy=SMTP), filename="antes.eml")
    read = parse(message.as_bytes())
    assert read.text.strip() == "texto"
    assert [part.name for part in read.parts] == ["logo.gif", "uno.docx", "dos.txt", "antes.eml"]
    assert [part.data for part in read.parts][:3] == [b"GIF89a", b"uno", b"dos\r\n"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"filename*=UTF-8''Acta%20%C3%B1.pdf", "Acta ñ.pdf"),
        (b"filename*=iso-8859-1''Acta%20%F1.pdf", "Acta ñ.pdf"),
        (b"filename*0*=utf-8''2021-L0012;\r\n filename*1=-F0034.pdf", "2021-L0012-F0034.pdf"),
        (b'filename="=?utf-8?B?QWN0YSDDsS5wZGY=?="', "Acta ñ.pdf"),
        (b'filename="=?iso-8859-1?Q?Acta_=F1.pdf?="', "Acta ñ.pdf"),
        ('filename="Acta ñ.pdf"'.encode(), "Acta ñ.pdf"),
        (b'filename="C:\\\\Mis documentos\\\\2021-L0012-F0034.docx"', "2021-L0012-F0034.docx"),
        (b'filename="../../2021-L0012-F0034.pdf"', "2021-L0012-F0034.pdf"),
        (b'filename="' + b"a" * 900 + b'.pdf"', "a" * 200),
        (b"", "sin-nombre"),
    ],
)
def test_a_files_name_is_read_however_it_is_written(header: bytes, name: str) -> None:
    raw = HEAD + b"Content-Type: application/pdf\r\nContent-Disposition: attachment; " + header + b"\r\n\r\n%PDF-"
    assert [part.name for part in parse(raw).parts] == [name]


@pytest.mark.parametrize(
    ("value", "sender", "name"),
    [
        (b"ana@uni.example", "ana@uni.example", ""),
        (b"ana@uni.example (Ana)", "ana@uni.example", "Ana"),
        (b'"P\xc3\xa9rez, Ana" <ANA@uni.example>', "ana@uni.example", "Pérez, Ana"),
        (b"=?utf-8?q?P=C3=A9rez=2C_Ana?= <ana@uni.example>", "ana@uni.example", "Pérez, Ana"),
        (b"=?utf-8?q?ana=40uni=2Eexample=2C?= <otro@x.example>", "otro@x.example", "ana@uni.example,"),
        (b"ana@uni.example <otro@x.example>", "", ""),
        (b"<ana@uni.example>, <otro@x.example>", "", ""),
        (b"<ana@uni.example><otro@x.example>", "", ""),
        (b'"ana@uni.example" <otro@x.example> (uni)', "", ""),
        (b"ana@uni", "", ""),
        (b"=?utf-8?q?ana=40uni.example?=", "", ""),
        (b"Grupo: ana@uni.example;", "", ""),
    ],
)
def test_the_sender_is_the_one_address_that_delivers(value: bytes, sender: str, name: str) -> None:
    read = parse(b"From: " + value + b"\r\n\r\nx")
    assert (read.sender, read.sender_name) == (sender, name)


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated (rejected)",
        b"Precedence: bulk",
        b"Precedence: Auto_Reply",
        b"List-Id: <lista.uni.example>",
        b"X-Autoreply: yes",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; boundary=x",
    ],
)
def test_what_a_machine_wrote_is_known_by_its_headers(header: bytes) -> None:
    assert parse(HEAD + header + b"\r\n\r\nx").automatic
    assert not parse(HEAD + b"Auto-Submitted: no\r\nPrecedence: normal\r\n\r\nx").automatic


@pytest.mark.parametrize("sender", [b"MAILER-DAEMON@uni.example", b"no-reply@uni.example", b"postmaster@x.example"])
def test_what_a_mail_server_wrote_is_known_by_its_sender(sender: bytes) -> None:
    assert parse(b"From: " + sender + b"\r\n\r\nx").automatic


def test_a_wrong_charset_loses_no_text() -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nma\xf1ana"
    assert parse(raw).text == "mañana"


def test_what_only_one_program_opens_is_told() -> None:
    raw = HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx"
    [fault] = parse(raw).faults
    assert "winmail.dat" in fault


def test_the_same_letter_is_the_same_on_every_way() -> None:
    raw = letter(
        "a@b.example", "c@d.example", subject="Un asunto bastante largo que un servidor dobla", files=[("x.pdf", b"1")]
    )
    head, _, body = raw.partition(b"\r\n\r\n")
    travelled = (
        b"Received: from x by y; Thu, 15 Apr 2021 10:30:00 -0300\r\nAuthentication-Results: y; spf=pass\r\n"
        + head.replace(b"que un", b"que\r\n un").replace(b"Subject:", b"SUBJECT:")
        + b"\r\n\r\n"
        + body
    ).replace(b"\r\n", b"\n")
    assert identity_of(travelled) == identity_of(raw)


@pytest.mark.parametrize(
    "change", [(b"Va el acta", b"Va otra acta"), (b"a@b.example", b"z@b.example"), (b"Subject: Acta", b"Subject: Otra")]
)
def test_another_letter_with_the_same_message_id_is_another(change: tuple[bytes, bytes]) -> None:
    raw = letter("a@b.example", "c@d.example")
    assert change[0] in raw
    assert identity_of(raw.replace(*change)) != identity_of(raw)


def test_what_is_no_letter_at_all_is_still_told_apart() -> None:
    one, other = bytes(range(256)), bytes(range(255, -1, -1))
    assert identity_of(one) != identity_of(other) != identity_of(b"")
    assert identity_of(b"\r\n") == identity_of(b"")
