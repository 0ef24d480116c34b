"""The editions that were published, and what the one in force promises.

Read by the portal, the API and, through ``app.py``, by ``start_case``; written by the operation ``publish_edition`` and
once by ``seed_edition``. The highest number is in force; rows are append-only, so an earlier edition reads for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.carta.edition import Edition
from engine.errors import EditionOutdated, NotFound
from engine.storage.tables import carta_edition


@dataclass(frozen=True, slots=True)
class Published:
    """One row: an edition with how it came about. ``document_id`` is its signed PDF; the seeded one has none."""

    id: UUID
    edition: Edition
    hash: str
    document_id: UUID | None
    case_id: UUID | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Headline:
    number: int
    code: str
    date: date


def headline(conn: Connection) -> Headline | None:
    """What the foot of every page says of the edition in force; cheaper than the whole of it."""
    columns = (carta_edition.c.number, carta_edition.c.code, carta_edition.c.date)
    row = conn.execute(sa.select(*columns).order_by(carta_edition.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Headline(*row)


def current_edition(conn: Connection) -> Edition | None:
    """The edition in force; none before the first is seeded."""
    found = current_publication(conn)
    return None if found is None else found.edition


def current_publication(conn: Connection) -> Published | None:
    row = conn.execute(_newest()).one_or_none()
    return None if row is None else _published(row)


def get_edition(conn: Connection, number: int) -> Edition:
    """Raises NotFound."""
    return get_publication(conn, number).edition


def get_publication(conn: Connection, number: int) -> Published:
    """Raises NotFound."""
    row = conn.execute(sa.select(carta_edition).where(carta_edition.c.number == number)).one_or_none()
    if row is None:
        raise NotFound("No hay una edición de la Carta con ese número.")
    return _published(row)


def list_editions(conn: Connection) -> list[Published]:
    """The newest first."""
    rows = conn.execute(sa.select(carta_edition).order_by(carta_edition.c.number.desc()))
    return [_published(row) for row in rows]


def commitments(conn: Connection, service: str) -> tuple[int, dict[str, int]] | None:
    """The number of the edition in force and its business days by product for ``service`` («B2»).

    One read, so the terms are those of that edition even while another is being published. None when there is no
    edition, or when the one in force does not offer the service. Products come in the edition's order.
    """
    row = conn.execute(_newest()).one_or_none()
    if row is None:
        return None
    for management in row.text["gestiones"]:
        for offered in management["servicios"]:
            if offered["codigo"] == service:
                return row.number, {product["codigo"]: product["dias"] for product in offered["productos"]}
    return None


def publish_edition(
    conn: Connection,
    edition: Edition,
    at: datetime,
    *,
    document_id: UUID | None = None,
    case_id: UUID | None = None,
    job_key: str | None = None,
) -> Published:
    """Write the next edition; in force from the commit. Repeated with the same job key, it answers the first.

    Raises EditionOutdated when ``edition`` is not the one that follows: another was published meanwhile.
    """
    _lock(conn)
    if job_key is not None:
        written = conn.execute(sa.select(carta_edition).where(carta_edition.c.job_key == job_key)).one_or_none()
        if written is not None:
            return _published(written)
    newest = conn.scalar(sa.select(sa.func.max(carta_edition.c.number))) or 0
    if edition.number != newest + 1:
        raise EditionOutdated(newest)
    conn.execute(
        carta_edition.insert().values(
            _row(edition, at) | {"document_id": document_id, "case_id": case_id, "job_key": job_key}
        )
    )
    return get_publication(conn, edition.number)


def insert_first(conn: Connection, edition: Edition, at: datetime) -> None:
    """The seeded edition; whoever comes second changes nothing."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    conn.execute(insert(carta_edition).values(_row(edition, at)).on_conflict_do_nothing(index_elements=["number"]))


def _row(edition: Edition, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "number": edition.number,
        "code": edition.code,
        "date": edition.date,
        "text": edition.as_json(),
        "hash": edition.hash,
        "published_at": at,
    }


def _newest() -> sa.Select[Any]:
    return sa.select(carta_edition).order_by(carta_edition.c.number.desc()).limit(1)


def _published(row: sa.Row[Any]) -> Published:
    return Published(row.id, Edition.read(row.text), row.hash, row.document_id, row.case_id, row.published_at)


def _lock(conn: Connection) -> None:
    """One publication at a time: on SQLite a writer is alone already; on PostgreSQL the table is held to the commit."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("LOCK TABLE carta_edition IN SHARE ROW EXCLUSIVE MODE"))
