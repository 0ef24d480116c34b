"""Which of our documents is this? By its code, or by the bytes of a file. Called by the public verification page.

Only issued documents answer: a draft, an upload or an attachment does not exist for a stranger.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.documents.code import read_code
from engine.documents.document import Document, document_of
from engine.storage.tables import document

MAX_REVISIONS = 100
MAX_SEALED = 50  # cases into which one file was brought, looked at
SEALED_FACT = "Archivo recibido, SHA-256"  # the fact of a sealed document that says which file it seals
_KEYWORDS = re.compile(rb"<pdf:Keywords>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</pdf:Keywords>")  # in the XMP, in clear
_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")


@dataclass(frozen=True, slots=True)
class Match:
    """``exact``: these bytes; ``begins``: the file begins with them and goes on; ``claims``: it carries its code only,
    so it is an altered copy."""

    document: Document
    how: Literal["exact", "begins", "claims"]


def find_by_code(conn: Connection, typed: str) -> Document | None:
    """The issued document of a code, as typed or scanned; of several, the last issued, at one instant the longer."""
    code = read_code(typed)
    if code is None:
        return None
    return _newest(conn, document.c.code == code)


def find_original(conn: Connection, data: bytes) -> Match | None:
    """The issued document that these bytes are; or, a PDF being added to only at its end, that they begin with (of the
    revisions that match, the longest); or whose code they carry.
    """
    sums = _prefix_sums(data)
    rows = conn.execute(
        sa.select(document.c.sha256, document.c.size)
        .where(document.c.sha256.in_(list(sums)), document.c.kind == "issued")
        .order_by(document.c.size.desc())
        .limit(1)
    ).one_or_none()
    if rows is None:
        return _claimed(conn, data)
    found = _newest(conn, document.c.sha256 == rows.sha256)
    return None if found is None else Match(found, "exact" if found.size == len(data) else "begins")


def find_sealed(conn: Connection, sha256: str) -> Document | None:
    """The issued document by which we sealed a file of these bytes, the last if several: the file is kept in its case,
    and the document says so in its facts."""
    brought = document.alias("brought")
    rows = conn.execute(
        sa.select(document)
        .join(brought, brought.c.case_id == document.c.case_id)
        .where(brought.c.sha256 == sha256, brought.c.kind == "upload", document.c.kind == "issued")
        .order_by(document.c.created_at.desc(), document.c.size.desc(), document.c.id)
        .limit(MAX_SEALED)
    )
    return next((document_of(row) for row in rows if _seals(row.facts, sha256)), None)


def _seals(facts: list[list[str]] | None, sha256: str) -> bool:
    return any(label == SEALED_FACT and value.replace(" ", "") == sha256 for label, value in facts or ())


def _claimed(conn: Connection, data: bytes) -> Match | None:
    code = _KEYWORDS.search(data)
    found = find_by_code(conn, code[1].decode()) if code is not None else None
    return None if found is None else Match(found, "claims")


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
        .order_by(document.c.created_at.desc(), document.c.size.desc(), document.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else document_of(row)
