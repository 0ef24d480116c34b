"""Read a letter that came from anywhere. Never raises: what cannot be read is told in ``faults``, in Spanish.

Called when a letter is stored and again when it is judged; the same bytes always read the same.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import Any

from engine.mail.incoming import words
from engine.mail.incoming.mime import Leaf, leaves, read_head, split_head
from engine.mail.message import one_line

log = logging.getLogger(__name__)

UNREADABLE = "El correo no se puede leer: está dañado."
WITHOUT_SENDER = "El remitente del correo no se puede leer o es más de uno."
SEALED = {  # what hides its attachments from everybody but one mail program
    "application/ms-tnef": "El correo trae sus adjuntos dentro de winmail.dat, que solo Outlook abre: envíelo como texto sin formato.",  # noqa: E501
    "application/pkcs7-mime": "El correo viene cifrado o envuelto en una firma S/MIME: envíelo sin ella.",
    "application/x-pkcs7-mime": "El correo viene cifrado o envuelto en una firma S/MIME: envíelo sin ella.",
    "application/pgp-encrypted": "El correo viene cifrado: envíelo sin cifrar.",
}
_OWN_WORDS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)(?:[+@.-]|\Z)", re.IGNORECASE)
_BULK = {"bulk", "junk", "list", "auto_reply"}


@dataclass(frozen=True)
class Part:
    """An attachment, as its sender had it."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    sha256: str

    @property
    def listed(self) -> dict[str, Any]:
        return {"name": self.name, "media_type": self.media_type, "size": len(self.data), "sha256": self.sha256}


@dataclass(frozen=True)
class Incoming:
    message_id: str = ""
    sender: str = ""  # the one address of From, lower case; "" when none, several, or not plainly one
    sender_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    automatic: bool = False  # a machine wrote it: never answered
    text: str = field(default="", repr=False)
    parts: tuple[Part, ...] = ()
    faults: tuple[str, ...] = ()


def parse(raw: bytes) -> Incoming:
    faults: list[str] = []
    try:
        head = read_head(split_head(raw)[0])
        text, parts = _body(raw, faults)
        return _incoming(head, text, parts, faults)
    except Exception:
        log.exception("a letter of %d bytes could not be read; it is kept as it came", len(raw))
        return Incoming(faults=(UNREADABLE,))


def _incoming(head: Message, text: str, parts: list[Part], faults: list[str]) -> Incoming:
    senders = words.raw_headers(head, "From")
    name, sender = words.mailbox(senders[0]) if len(senders) == 1 else ("", "")
    if not sender:
        faults.append(WITHOUT_SENDER)
    return Incoming(
        message_id=words.header(head, "Message-ID")[:255],
        sender=sender,
        sender_name=name,
        to=tuple(words.addresses(" ".join(words.raw_headers(head, "To")))),
        cc=tuple(words.addresses(" ".join(words.raw_headers(head, "Cc")))),
        subject=words.header(head, "Subject")[:300],
        date=words.date_of(words.raw_header(head, "Date")),
        automatic=_is_automatic(head, sender),
        text=text,
        parts=tuple(parts),
        faults=tuple(dict.fromkeys(faults)),
    )


def _is_automatic(head: Message, sender: str) -> bool:
    """RFC 3834 and what was done before it."""
    submitted = words.header(head, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or words.header(head, "Precedence").lower() in _BULK
        or any(head.get(name) is not None for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
        or words.raw_header(head, "Return-Path").strip() == "<>"
        or head.get_content_type() == "multipart/report"
        or bool(_OWN_WORDS.match(sender))
    )


def _body(raw: bytes, faults: list[str]) -> tuple[str, list[Part]]:
    """The text to be read, and the attachments."""
    plain, marked = "", ""
    parts: list[Part] = []
    for leaf in leaves(raw, faults):
        kind, name = one_line(leaf.media_type), words.file_name(leaf.head)
        if kind in SEALED:
            faults.append(SEALED[kind])
        if not name and not _is_attached(leaf) and kind in ("text/plain", "text/html"):
            charset = leaf.head.get_content_charset()
            if kind == "text/plain":
                plain = plain or words.text_of(leaf.content(), charset, is_html=False)
            else:
                marked = marked or words.text_of(leaf.content(), charset, is_html=True)
        elif name or _is_attached(leaf) or kind.startswith(("application/", "message/")):
            data = leaf.content()
            parts.append(Part(name or "sin-nombre", kind[:100], data, hashlib.sha256(data).hexdigest()))
    return plain or marked, parts


def _is_attached(leaf: Leaf) -> bool:
    return words.raw_header(leaf.head, "Content-Disposition").strip().lower().startswith("attachment")
