"""Which of our documents is this? By its code, or by the bytes of a file. Called by the public verification page.

Only issued documents answer: a draft, an upload or an attachment does not exist for a stranger.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.documents.code import read_code
from engine.documents.document import Document, document_of
from engine.storage.tables import document

MAX_REVISIONS = 100
_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")


@dataclass(frozen=True, slots=True)
class Match:
    document: Document
    exact: bool  # else the file begins with it, and goes on


def find_by_code(conn: Connection, typed: str) -> Document | None:
    """The issued document of a code, as typed or scanned; of several, the last issued."""
    code = read_code(typed)
    if code is None:
        return None
    return _newest(conn, document.c.code == code)


def find_original(conn: Connection, data: bytes) -> Match | None:
    """The issued document that these bytes are or, a PDF being added to only at its end, that they begin with.

    Of the revisions that match, the longest.
    """
    sums = _prefix_sums(data)
    rows = conn.execute(
        sa.select(document.c.sha256, document.c.size)
        .where(document.c.sha256.in_(list(sums)), document.c.kind == "issued")
        .order_by(document.c.size.desc())
        .limit(1)
    ).one_or_none()
    if rows is None:
        return None
    found = _newest(conn, document.c.sha256 == rows.sha256)
    return None if found is None else Match(found, found.size == len(data))


def _prefix_sums(data: bytes) -> list[str]:
    """SHA-256 of the whole and of every beginning that ends where a PDF may end, in one pass."""
    ends = [match.end() for match in _END.finditer(data)][:MAX_REVISIONS]
    bare = [match.start() + len(b"%%EOF") for match in _END.finditer(data)][:MAX_REVISIONS]
    digest, sums, start = hashlib.sha256(), [], 0
    for end in sorted({*ends, *bare, len(data)}):
        digest.update(data[start:end])
        sums.append(digest.hexdigest())
        start = end
    return sums


def _newest(conn: Connection, condition: sa.ColumnElement[bool]) -> Document | None:
    row = conn.execute(
        sa.select(document)
        .where(condition, document.c.kind == "issued")
        .order_by(document.c.created_at.desc(), document.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else document_of(row)
