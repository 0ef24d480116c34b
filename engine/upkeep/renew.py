"""Renew what the archive keeps for ever, before its last time-stamp can no longer be checked (R-53).

A signed PDF with a document time-stamp (PAdES B-LTA) is to be believed for as long as that time-stamp's certificate
is. Each is looked at once; those that end soon, and that were not withdrawn, get a newer time-stamp over the whole.
The file so made is another issued document with the same code, which is from then on the one that the verification
page shows, and its case's history says so; the earlier stays. Called by ``cartulario archive renew``; run twice, or
killed half way, it does what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.archive import Archive
from engine.clock import Clock
from engine.documents import Document, get_document, store_document
from engine.errors import CartularioError
from engine.signing import Signing, preserve, stamped_until
from engine.storage.events import append_event
from engine.storage.tables import case, document, preservation
from engine.storage.unit_of_work import Database

PDF = "application/pdf"
ISSUED = "issued"  # and not withdrawn since
PAGE = 200


class Keeper(Protocol):
    """What renewing needs of the application (``engine.app.Cartulario``)."""

    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def signing(self) -> Signing: ...


@dataclass(frozen=True, slots=True)
class Renewal:
    looked_at: int
    renewed: int
    failures: tuple[tuple[str, str], ...]  # name of the document, and why: it is tried again the next time

    @property
    def whole(self) -> bool:
        return not self.failures


def renew(office: Keeper, within: timedelta, limit: int | None = None) -> Renewal:
    """Whatever ends ``within`` that time from now, the soonest first; at most ``limit`` documents."""
    failures: list[tuple[str, str]] = []
    looked = _look(office, failures)
    renewed = 0
    for document_id in _ending(office, office.clock.now() + within, limit):
        with office.database.read() as conn:
            kept = get_document(conn, document_id)
        try:
            renewed += _renew(office, kept)
        except CartularioError as error:
            failures.append((kept.name, error.message))
    return Renewal(looked, renewed, tuple(failures))


def _look(office: Keeper, failures: list[tuple[str, str]]) -> int:
    """Note until when each signed document lasts that nobody looked at yet."""
    looked, passed = 0, None
    while rows := _unseen(office, passed):
        for row in rows:
            passed = row.id
            try:
                until = stamped_until(office.archive.get(row.sha256))
            except (CartularioError, ValueError) as error:  # a damaged original: ``archive check`` says so too
                failures.append((row.name, str(error)))
                continue
            with office.database.write() as conn:
                _note(conn, row.id, until, office.clock.now())
            looked += 1
    return looked


def _unseen(office: Keeper, after: UUID | None) -> list[Any]:
    signed = (document.c.kind == ISSUED) & (document.c.media_type == PDF) & document.c.signatures.is_not(None)
    query = (
        sa.select(document.c.id, document.c.name, document.c.sha256)
        .where(signed, ~sa.exists().where(preservation.c.document_id == document.c.id))
        .order_by(document.c.id)
        .limit(PAGE)
    )
    with office.database.read() as conn:
        return list(conn.execute(query if after is None else query.where(document.c.id > after)))


def _ending(office: Keeper, by: datetime, limit: int | None) -> Iterator[UUID]:
    query = (
        sa.select(preservation.c.document_id)
        .join(document, document.c.id == preservation.c.document_id)
        .where(preservation.c.until <= by, preservation.c.renewed_by.is_(None), document.c.kind == ISSUED)
        .order_by(preservation.c.until, preservation.c.document_id)
        .limit(limit)
    )
    with office.database.read() as conn:
        yield from list(conn.scalars(query))


def _renew(office: Keeper, kept: Document) -> bool:
    """No: it was withdrawn meanwhile, as an acta that is rejected or annulled, and is not brought back."""
    data = preserve(office.archive.get(kept.sha256), office.signing)
    now = office.clock.now()
    with office.database.write() as conn:
        conn.execute(sa.select(case.c.id).where(case.c.id == kept.case_id).with_for_update())  # before what is its
        kind = sa.select(document.c.kind).where(document.c.id == kept.id).with_for_update()
        if conn.scalar(kind) != ISSUED:
            return False
        made = store_document(
            conn,
            office.archive,
            case_id=kept.case_id,
            kind=ISSUED,
            name=kept.name,
            title=kept.title,
            media_type=kept.media_type,
            data=data,
            code=kept.code,
            facts=kept.facts,
            signatures=kept.signatures,
            job_key=f"renueva:{kept.id}",
            at=now,
        )
        mine = preservation.c.document_id == kept.id
        conn.execute(preservation.update().where(mine).values(renewed_by=made.id, looked_at=now))
        _note(conn, made.id, stamped_until(data), now)
        if made.case_id is not None:
            told = {"document": str(made.id), "name": made.name, "sha256": made.sha256, "renews": str(kept.id)}
            append_event(conn, made.case_id, "document_renewed", at=now, data=told)
    return True


def _note(conn: Connection, document_id: UUID, until: datetime | None, at: datetime) -> None:
    conn.execute(preservation.insert().values(document_id=document_id, until=until, looked_at=at))
