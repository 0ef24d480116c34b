"""Compose a letter: plain text, a simple HTML alternative made from it, attachments, and headers safe from injection.

The same letter is composed byte for byte the same at every attempt: its Message-ID comes from the job's key, its date
from the record, its MIME boundaries from the Message-ID.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine.address import is_address

SUBJECT_PREFIX = "Asunto:"
LONGEST_SUBJECT = 200
_UNFIT = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:)]")


class MalformedMail(ValueError):
    """A template gave no subject, or an address cannot be one. The text says which, in Spanish."""


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """All that is fixed when a mail is prepared."""

    message_id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    body: str
    date: datetime
    cc: tuple[str, ...] = ()
    answers: str | None = None  # the Message-ID that it answers by itself: nobody's program answers it


def message_id_of(job_key: str, domain: str) -> str:
    """The same for every attempt at a job, different for every job."""
    return f"<cartulario.{hashlib.sha256(job_key.encode()).hexdigest()[:32]}@{domain}>"


def split_template(text: str) -> tuple[str, str]:
    """A filled template's subject and body: its first line is ``Asunto: …``. Raises MalformedMail."""
    first, _, rest = text.strip("\ufeff \r\n").partition("\n")
    if not first.startswith(SUBJECT_PREFIX):
        raise MalformedMail("La primera línea de la plantilla debe ser «Asunto: …».")
    subject = _short(one_line(first.removeprefix(SUBJECT_PREFIX)))
    if not subject:
        raise MalformedMail("El asunto de la plantilla quedó vacío.")
    body = rest.strip("\r\n")
    if not body.strip():
        raise MalformedMail("El texto de la plantilla quedó vacío.")
    return subject, body


def _short(subject: str) -> str:
    """Cut between two words, and it shows."""
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    cut = subject[:LONGEST_SUBJECT]
    return (cut[:-1].rpartition(" ")[0] or cut[:-1]) + "…"


def one_line(text: str) -> str:
    """Without line breaks, control or direction-changing characters, nor what is no character: safe in a header, and
    in a database."""
    return " ".join("".join(" " if unicodedata.category(c) in _UNFIT else c for c in text).split())


def check_address(address: str) -> str:
    """Raises MalformedMail unless it is one plain address."""
    if not is_address(address):
        raise MalformedMail(f"«{one_line(address)[:80]}» no es una dirección de correo.")
    return address


def compose(letter: Letter, attachments: Sequence[Attachment] = ()) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.date)
    message["From"] = Address(one_line(letter.sender_name), addr_spec=check_address(letter.sender))
    message["To"] = [Address(addr_spec=check_address(address)) for address in letter.to]
    if letter.cc:
        message["Cc"] = [Address(addr_spec=check_address(address)) for address in letter.cc]
    message["Subject"] = one_line(letter.subject)
    message["Auto-Submitted"] = "auto-generated" if letter.answers is None else "auto-replied"  # RFC 3834
    if letter.answers is not None:
        message["Precedence"] = "bulk"
        message["X-Auto-Response-Suppress"] = "All"
        if _MESSAGE_ID.fullmatch(letter.answers):
            message["In-Reply-To"] = message["References"] = letter.answers
    message.set_content(letter.body + "\n", cte="quoted-printable")
    message.add_alternative(as_html(letter.body), subtype="html", cte="quoted-printable")
    for attachment in attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.data, maintype=main, subtype=sub or "octet-stream", filename=one_line(attachment.name)
        )
    _fix_boundaries(message, letter.message_id)
    return message


def as_html(body: str) -> str:
    """Paragraphs and links, nothing else; every character of the text is escaped."""
    paragraphs = "".join(
        f"<p>{_linked(block).replace(chr(10), '<br>')}</p>" for block in re.split(r"\n\s*\n", body.strip()) if block
    )
    return (
        '<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"></head>'
        '<body style="font-family:sans-serif;font-size:16px;line-height:1.5;color:#1d2733;max-width:38em">'
        f"{paragraphs}</body></html>\n"
    )


def _linked(text: str) -> str:
    pieces, last = [], 0
    for found in _URL.finditer(text):
        pieces.append(html.escape(text[last : found.start()]))
        address = html.escape(found.group())
        pieces.append(f'<a href="{address}">{address}</a>')
        last = found.end()
    pieces.append(html.escape(text[last:]))
    return "".join(pieces)


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    for n, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{hashlib.sha256(f'{seed}{n}'.encode()).hexdigest()[:32]}")
