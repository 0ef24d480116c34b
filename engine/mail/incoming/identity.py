"""Which letter this is: the same one whoever delivers it again, in another folder or under another UIDVALIDITY.

Two letters with one Message-ID and different content are two letters: a forged Message-ID hides no letter.
"""

from __future__ import annotations

import hashlib
import re

from engine.mail.incoming.mime import split_head

_FIELDS = (b"message-id", b"from", b"to", b"cc", b"subject", b"date", b"content-type", b"content-transfer-encoding")
_FIELD = re.compile(rb"^(" + b"|".join(_FIELDS) + rb")[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE | re.IGNORECASE)
_SPACE = re.compile(rb"\s+")


def identity_of(raw: bytes) -> str:
    """SHA-256 of what its writer wrote. Servers on the way add headers, fold them anew and end lines as they like. What
    has neither one of these headers nor a body is no letter, and is known by every byte."""
    head, body = split_head(raw)
    found = [(name.lower(), value) for name, value in _FIELD.findall(head.replace(b"\r\n", b"\n"))]
    if not found and not body.strip():
        return hashlib.sha256(b"no letter\n" + raw.strip()).hexdigest()
    digest = hashlib.sha256()
    for name in _FIELDS:
        for field, value in found:
            if field == name:
                digest.update(name + b":" + _SPACE.sub(b" ", value).strip() + b"\n")
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
