"""Documents of a case: rows that name, title and describe bytes kept in the archive.

Every function takes the caller's transaction. The bytes are put into the archive first (write-once, so a rollback
leaves only an unreferenced original), then the rows are inserted. Storing is idempotent by (job_key, name): a job that
runs twice records its document once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.storage.tables import document, original


class Originals(Protocol):
    """What documents need of the archive."""

    def put(self, data: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Document:
    id: UUID
    case_id: UUID | None
    kind: str  # upload | attachment | draft | issued | withdrawn
    name: str
    title: str
    media_type: str
    sha256: str
    size: int
    code: str | None
    facts: list[list[str]]
    signatures: list[dict[str, Any]]
    scan: str  # not_scanned | clean
    released_at: datetime | None
    job_key: str | None
    created_by: UUID | None
    created_at: datetime


def store_document(
    conn: Connection,
    archive: Originals,
    *,
    case_id: UUID | None,
    kind: str,
    name: str,
    title: str,
    media_type: str,
    data: bytes,
    at: datetime,
    created_by: UUID | None = None,
    job_key: str | None = None,
    code: str | None = None,
    facts: Sequence[Sequence[str]] | None = None,
    signatures: Sequence[dict[str, Any]] | None = None,
    scan: str = "not_scanned",
) -> Document:
    """Archive the bytes and record the document; with a job_key already recorded for this name, answer that one."""
    if job_key is not None and (already := find_by_job(conn, job_key, name)) is not None:
        return already
    sha256 = archive.put(data)
    _insert_original(conn, sha256, len(data), media_type, at)
    document_id = uuid4()
    row = {
        "id": document_id,
        "case_id": case_id,
        "kind": kind,
        "name": name,
        "title": title,
        "media_type": media_type,
        "sha256": sha256,
        "size": len(data),
        "code": code,
        "facts": [list(pair) for pair in facts] if facts else None,
        "signatures": list(signatures) if signatures else None,
        "scan": scan,
        "job_key": job_key,
        "created_by": created_by,
        "created_at": at,
    }
    conn.execute(_insert(conn)(document).values(row).on_conflict_do_nothing(index_elements=["job_key", "name"]))
    if job_key is not None and (first := find_by_job(conn, job_key, name)) is not None:
        return first  # ours, or that of a twin of this job that was faster
    return get_document(conn, document_id)


def get_document(conn: Connection, document_id: UUID) -> Document:
    """Raises NotFound."""
    row = conn.execute(sa.select(document).where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("No encontramos ese documento.")
    return document_of(row)


def read_document(conn: Connection, archive: Originals, document_id: UUID) -> tuple[Document, bytes]:
    """The document and its bytes. Raises NotFound, or Unavailable when the archive cannot give them."""
    found = get_document(conn, document_id)
    return found, archive.get(found.sha256)


def list_documents(conn: Connection, case_id: UUID, released_only: bool = False, *, named: str = "") -> list[Document]:
    """A case's documents, oldest first. ``named``: only those whose name begins so."""
    query = sa.select(document).where(document.c.case_id == case_id)
    if named:
        query = query.where(document.c.name.startswith(named, autoescape=True))
    if released_only:
        query = query.where(document.c.released_at.is_not(None))
    return [document_of(row) for row in conn.execute(query.order_by(document.c.created_at, document.c.id))]


def attach_to_case(conn: Connection, ids: Iterable[UUID], case_id: UUID, kind: str = "upload") -> None:
    """Uploads made before their request was filed become the case's. Those of another case are left alone."""
    conn.execute(
        sa.update(document)
        .where(document.c.id.in_(list(ids)), document.c.case_id.is_(None))
        .values(case_id=case_id, kind=kind)
    )


def release(conn: Connection, ids: Iterable[UUID], at: datetime) -> None:
    """From now on the requester may download these. Repeated, the first instant stays."""
    wanted = list(ids)
    conn.execute(
        sa.update(document).where(document.c.id.in_(wanted), document.c.released_at.is_(None)).values(released_at=at)
    )


def withdraw(conn: Connection, found: Document) -> None:
    """A document that was being prepared, its signed and sealed forms too, is delivered to nobody, signed by nobody and
    found by nobody who verifies; its bytes stay. What was released stays released."""
    same_code = sa.and_(document.c.case_id == found.case_id, document.c.code == found.code)
    mine = document.c.id == found.id if found.code is None else same_code
    prepared = sa.and_(document.c.kind.in_(("draft", "issued")), document.c.released_at.is_(None))
    conn.execute(sa.update(document).where(mine, prepared).values(kind="withdrawn"))


def name_uploads(conn: Connection, ids: Iterable[UUID], title: str | None) -> None:
    """What was uploaded gets a title that says what it is, in place of its file's name. Without a title, nothing."""
    if title:
        mine = sa.and_(document.c.id.in_(list(ids)), document.c.kind.in_(("upload", "attachment")))
        conn.execute(sa.update(document).where(mine).values(title=title))


def find_by_job(conn: Connection, job_key: str, name: str) -> Document | None:
    """What an earlier run of this job recorded under that name."""
    query = sa.select(document).where(document.c.job_key == job_key, document.c.name == name)
    row = conn.execute(query).one_or_none()
    return None if row is None else document_of(row)


def _insert_original(conn: Connection, sha256: str, size: int, media_type: str, at: datetime) -> None:
    found = conn.execute(sa.select(original.c.fixity).where(original.c.sha256 == sha256)).one_or_none()
    if found is not None:
        if found.fixity in (
            "leaving",
            "discarded",
        ):  # sent before, never filed, let go of; now it is here again
            conn.execute(sa.update(original).where(original.c.sha256 == sha256).values(fixity=None))
        return
    values = {"sha256": sha256, "size": size, "media_type": media_type, "stored_at": at}
    conn.execute(_insert(conn)(original).values(values).on_conflict_do_nothing(index_elements=["sha256"]))


def _insert(conn: Connection) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert


def document_of(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        name=row.name,
        title=row.title,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        code=row.code,
        facts=row.facts or [],
        signatures=row.signatures or [],
        scan=row.scan,
        released_at=row.released_at,
        job_key=row.job_key,
        created_by=row.created_by,
        created_at=row.created_at,
    )
