"""Take a file from a person: read no more than allowed, tell what it is by its content, have it scanned, keep it.

``check_upload`` does all that needs no database, so that no transaction waits for a slow sender or a scanner;
``accept_upload`` is both steps for who has a connection at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.documents.clamd import Infected, scan
from engine.documents.document import Document, Originals, store_document
from engine.documents.errors import TooManyUploads, UploadRefused
from engine.documents.file_name import file_name, safe_name
from engine.documents.media_type import KNOWN, allowed_types, media_type_of, named, type_of_extension
from engine.errors import TooLarge
from engine.storage.tables import document
from engine.words import counted, listed

CHUNK = 256 * 1024


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Quota:
    """Of files that a person sent and handed in with nothing: no archive is filled by one person's account."""

    files: int
    bytes: int


OF_A_PERSON = Quota(60, 200 * 1024 * 1024)
OF_THE_OFFICE = Quota(1000, 4 * 1024 * 1024 * 1024)  # a batch of old actas is three hundred scans


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    name: str
    media_type: str
    data: bytes
    scan: str  # not_scanned | clean


def check_upload(
    *, filename: str, stream: Readable, allowed: Sequence[str], max_bytes: int, clamd: str | None = None
) -> CheckedUpload:
    """``allowed``: extensions or media types, as the form says; none means every type we know.

    Raises TooLarge, or UploadRefused with what to send instead.
    """
    data = _read(stream, max_bytes)
    name = safe_name(filename, "archivo")
    if not data:
        raise UploadRefused(f"«{name}» está vacío. Elija el archivo otra vez.", cause="empty")
    media_type = _accepted_type(name, data, allowed_types(tuple(allowed)))
    try:
        scanned = scan(data, clamd)
    except Infected as error:
        raise UploadRefused(
            f"«{name}» contiene un virus ({error}) y no se guardó. Revise su equipo y envíe otra copia.",
            cause="infected",
        ) from error
    return CheckedUpload(file_name(name, media_type), media_type, data, scanned)


def accept_upload(
    conn: Connection,
    archive: Originals,
    *,
    filename: str,
    stream: Readable,
    allowed: Sequence[str],
    max_bytes: int,
    created_by: UUID | None,
    at: datetime,
    declared_type: str | None = None,
    clamd: str | None = None,
    case_id: UUID | None = None,
    kind: str = "upload",
) -> Document:
    """``declared_type`` is what the browser says: never believed, kept out. Raises as ``check_upload``."""
    checked = check_upload(filename=filename, stream=stream, allowed=allowed, max_bytes=max_bytes, clamd=clamd)
    return store_upload(conn, archive, checked, created_by=created_by, at=at, case_id=case_id, kind=kind)


def store_upload(
    conn: Connection,
    archive: Originals,
    checked: CheckedUpload,
    *,
    created_by: UUID | None,
    at: datetime,
    case_id: UUID | None = None,
    kind: str = "upload",
    quota: Quota | None = None,
) -> Document:
    """``quota``: what the person may have here without having handed it in. Raises TooManyUploads."""
    if quota is not None and created_by is not None:
        _require_room(conn, created_by, len(checked.data), quota)
    return store_document(
        conn,
        archive,
        case_id=case_id,
        kind=kind,
        name=checked.name,
        title=checked.name,
        media_type=checked.media_type,
        data=checked.data,
        scan=checked.scan,
        created_by=created_by,
        at=at,
    )


def _require_room(conn: Connection, person_id: UUID, size: int, quota: Quota) -> None:
    loose = sa.and_(document.c.case_id.is_(None), document.c.created_by == person_id, document.c.kind == "upload")
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(document.c.size), 0)).where(loose)
    files, total = conn.execute(query).one()
    if files >= quota.files or total + size > quota.bytes:
        raise TooManyUploads(
            f"Ya envió {counted(files, 'archivo', 'archivos')} que no presentó con ninguna solicitud. Presente lo que "
            "tiene empezado, o espere: lo que no se presenta se borra solo."
        )


def _read(stream: Readable, max_bytes: int) -> bytes:
    pieces, size = [], 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > max_bytes:
            raise TooLarge(f"El archivo pasa de {_megabytes(max_bytes)}. Envíe uno más pequeño.", max_bytes=max_bytes)
        pieces.append(piece)
    return b"".join(pieces)


def _accepted_type(name: str, data: bytes, allowed: frozenset[str]) -> str:
    media_type, promised = media_type_of(data), type_of_extension(name)
    names = [KNOWN[one] for one in KNOWN if one in allowed]
    wanted = listed(names, "o") if names else "otro tipo de archivo"
    if media_type is None and promised is not None:
        raise UploadRefused(
            f"«{name}» está dañado o no es {_article(promised)} {KNOWN[promised]}. "
            "Ábralo, guárdelo otra vez y envíelo.",
            cause="damaged",
        )
    if media_type is None:
        raise UploadRefused(f"«{name}» es {named(data)}. Envíe {wanted}.", cause="unknown_type")
    if promised is not None and promised != media_type:
        raise UploadRefused(
            f"«{name}» dice ser {_article(promised)} {KNOWN[promised]}, pero por dentro es {_article(media_type)} "
            f"{KNOWN[media_type]}. Envíe el archivo con su nombre verdadero.",
            cause="disguised",
        )
    if media_type not in allowed:
        raise UploadRefused(
            f"«{name}» es {_article(media_type)} {KNOWN[media_type]} y aquí se pide {wanted}.", cause="not_allowed"
        )
    return media_type


def _article(media_type: str) -> str:
    return "una" if KNOWN[media_type].startswith(("imagen", "hoja")) else "un"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{size // 1024} KB"
