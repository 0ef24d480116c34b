"""Verification codes: 60 random bits in Crockford's base32, written 7K3M-Q9PX-2B4H.

The alphabet leaves out I, L, O and U; what people mistype for a digit is read as that digit.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import document

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(conn: Connection) -> str:
    """A code that no document carries."""
    while True:
        code = write_code("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
        if conn.execute(sa.select(document.c.id).where(document.c.code == code).limit(1)).first() is None:
            return code


def code_of(conn: Connection, case_id: UUID, name: str) -> str:
    """The code of this case's document of that name: drafts and the final one share it; a new one for a new name."""
    known = conn.execute(
        sa.select(document.c.code)
        .where(document.c.case_id == case_id, document.c.name == name, document.c.code.is_not(None))
        .limit(1)
    ).scalar()
    return known if known is not None else new_code(conn)


def read_code(text: str) -> str | None:
    """What somebody typed or scanned, as a code; None when it cannot be one."""
    if len(text) > 64:
        return None
    plain = "".join(c for c in text.upper().translate(_MISREAD) if c not in "- \u2010\u2011\u2013")
    if len(plain) != LENGTH or any(c not in ALPHABET for c in plain):
        return None
    return write_code(plain)


def write_code(plain: str) -> str:
    return "-".join(plain[i : i + 4] for i in range(0, LENGTH, 4))


def verification_url(public_url: str, code: str) -> str:
    """What the QR holds. In capitals where nothing is lost by it (a smaller symbol), so the site serves /V/<code>."""
    url = f"{public_url.rstrip('/')}/v/{code.replace('-', '')}"
    return url.upper() if urlsplit(public_url).path.strip("/") == "" else url
