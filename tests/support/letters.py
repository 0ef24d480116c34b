"""Letters as a docente's mail program writes them, and as one who means harm does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from engine.clock import SystemClock

File = tuple[str, bytes]  # name, content
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def letter(
    sender: str,
    to: str,
    *,
    subject: str = "Acta",
    text: str = "Va el acta.",
    files: Sequence[File] = (),
    cc: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if cc:
        message["Cc"] = ", ".join(cc)
    message["Date"] = format_datetime(SystemClock().now())
    message["Message-ID"] = make_msgid(domain="docentes.example")
    for name, value in (headers or {}).items():
        del message[name]
        message[name] = value
    message.set_content(text)
    for name, data in files:
        main, _, sub = (PDF if name.lower().endswith(".pdf") else DOCX).partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def nested(depth: int) -> bytes:
    """Multiparts within multiparts, the one text at the bottom."""
    marks = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return b"From: a@b.example\r\n" + marks + b"Content-Type: text/plain\r\n\r\nal fondo"


def many_parts(count: int) -> bytes:
    head = b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    part = b'--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="%d.pdf"\r\n\r\n%d\r\n'
    return head + b"".join(part % (n, n) for n in range(count)) + b"--x--\r\n"


def hostile() -> dict[str, bytes]:
    """One letter of each kind that has broken a mail reader."""
    head = b"From: a@b.example\r\n"
    pdf = head + b"Content-Type: application/pdf; name=x.pdf\r\n"
    mixed = head + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    return {
        "nothing": b"",
        "no header": b"\r\nsolo texto",
        "only line ends": b"\r\n" * 50_000,
        "random bytes": bytes(range(256)) * 400,
        "a NUL everywhere": b"From: a@b.example\x00\r\nSubject: \x00uno\x00\r\n\r\n\x00",
        "no sender": b"Subject: x\r\n\r\nhola",
        "two senders": b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nx",
        "two in one sender": b"From: a@b.example, c@d.example\r\n\r\nx",
        "nested 3,000 deep": nested(3_000),
        "1,000 attachments": many_parts(1_000),
        "no end": mixed + b"--x\r\nContent-Type: text/plain\r\n\r\nsin final",
        "a boundary that never comes": mixed + b"nada",
        "an empty boundary": head + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx',
        "a charset that is none": head + b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
        "a charset that unpacks": head + b"Content-Type: text/plain; charset=zip\r\n\r\nx\x9c\x03\x00",
        "a wrong charset": head + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nma\xf1ana",
        "a subject of encoded words": head + b"Subject: " + b"=?utf-8?b?////?= " * 20_000 + b"\r\n\r\nx",
        "an encoded word without end": head + b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\r\n\r\nx",
        "a header of a megabyte": b"From: " + b'"' * 1_000_000 + b"\r\n\r\nx",
        "100,000 headers": b"X: y\r\n" * 100_000 + head + b"\r\nx",
        "a header in the subject": head + b"Subject: =?utf-8?q?uno=0d=0aBcc:_victima=40x.example?=\r\n\r\nx",
        "a header in a file name": mixed + b'--x\r\nContent-Disposition: attachment; filename="a\tb=?utf-8?q?=0aX:_y?=.pdf"\r\n\r\nx\r\n--x--',
        "a name with 20,000 pieces": head + b"Content-Type: application/pdf;" + b";".join(b" name*%d*=utf-8''a" % n for n in range(20_000)) + b"\r\n\r\nx",
        "a name in no charset": head + b"Content-Type: application/pdf; name*=nada''%ff%fe.pdf\r\n\r\nx",
        "a name that climbs": mixed + b'--x\r\nContent-Disposition: attachment; filename="..\\..\\/etc/passwd"\r\n\r\nx\r\n--x--',
        "base64 that is none": pdf + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A=!?\xff" * 100_000,
        "half of base64": pdf + b"Content-Transfer-Encoding: base64\r\n\r\nQUJDR",
        "quoted-printable that is none": pdf + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n=3",
        "an encoding nobody knows": pdf + b"Content-Transfer-Encoding: rot13\r\n\r\nx",
        "a date beyond the calendar": head + b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
        "HTML of nothing but marks": head + b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000,
        "HTML of nothing but entities": head + b"Content-Type: text/html\r\n\r\n" + b"&#x" * 300_000,
        "results of nothing but brackets": head + b"Authentication-Results: yo; " + b"(" * 50_000 + b"dkim=pass\r\n\r\ncorchetes",
        "a DKIM signature of nonsense": head + b"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=x; h=" + b"from:" * 2_000 + b"; bh=A; b=A\r\n\r\nfirma",
        "half a character in the subject": head + b"Subject: =?utf-7?Q?+2AA-?=\r\n\r\nx",
        "half a character in a file name": head + b"Content-Type: application/pdf; name*=utf-7''x%2B2AA-.pdf\r\n\r\nx",
        "half a character in the text": head + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-",
        "a NUL in the kind of a file": head + b"Content-Type: application/p\x00df; name=x.pdf\r\n\r\nx",
        "10,000 headers, each of its own name": head + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\ndiez mil",
        "10,000 recipients": head + b"To: " + b",".join(b"p%d@b.example" % n for n in range(10_000)) + b"\r\n\r\nx",
        "12 megabytes in one line": head + b"\r\n" + b"x" * 12_000_000,
        "a picture of 12 megabytes": head + b"Content-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB\r\n" * 2_000_000,
        "headers of eight bits": b"From: \xd1a\xf1ez <a@b.example>\r\nSubject: Acta \xf1\xc3\xb1\xff\r\n" + b"Content-Disposition: attachment; filename=\xd1.pdf\r\n\r\nx",
        "no Message-ID": head + b"Subject: sin\r\n\r\nx",
        "a Message-ID of many lines": head + b"Message-ID: <a\r\n b\r\n\tc@b.example>\r\n\r\nx",
        "two Message-IDs": head + b"Message-ID: <a@b.example>\r\nMessage-ID: <c@b.example>\r\n\r\nx",
        "a date in the future": head + b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nx",
        "a date before dates": head + b"Date: Mon, 1 Jan 0001 00:00:00 +1400\r\n\r\nx",
        "a name written backwards": mixed + b"--x\r\nContent-Disposition: attachment; filename*=utf-8''acta%E2%80%AExcod.pdf\r\n\r\nx\r\n--x--",
        "a name of nothing to see": mixed + b"--x\r\nContent-Disposition: attachment; filename*=utf-8''%E2%80%8B%E2%81%A0%EF%BB%BF\r\n\r\nx\r\n--x--",
        "a name of 300 marks": mixed + b"--x\r\nContent-Disposition: attachment; filename*=utf-8''a" + b"%CC%81" * 300 + b".pdf\r\n\r\nx\r\n--x--",
        "pieces of a name out of order": mixed + b"--x\r\nContent-Disposition: attachment; filename*1=b.pdf; filename*0*=utf-8''a; filename*9=c\r\n\r\nx\r\n--x--",
        "related within alternative within mixed": mixed + b'--x\r\nContent-Type: multipart/alternative; boundary="xx"\r\n\r\n--xx\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n\r\nuno\r\n--x--\r\n--xx--\r\n--x--',
        "Outlook's bag": head + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx",
        "a mail within a mail": mixed + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + nested(50) + b"\r\n--x--",
    }  # fmt: skip
