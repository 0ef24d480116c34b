"""Which later acta says otherwise: a published rectificativa or reconstruida, and which rows of the first it mends.

A first acta stays as it was signed, and verifies as it always did; whoever is shown it is told of the later one. Called
by the public verification and by the export: before its publication a later acta is not told of (R-50).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import acta, document, historia_academica

REBUILT = "reconstruida"


@dataclass(frozen=True, slots=True)
class Later:
    base: str
    kind: str  # rectificativa | reconstruida
    code: str | None  # of its signed original, as /verificar takes it
    filas: tuple[int, ...]  # of the first acta; none: as a whole


def superseded(conn: Connection, document_id: UUID, at: datetime) -> list[Later]:
    """Of the acta whose signed original this document is, renewed or not; of any other document, nothing."""
    found = conn.execute(sa.select(document.c.code).where(document.c.id == document_id)).one()
    final = document.alias("final").c
    itself = (
        final.id == document_id if found.code is None else sa.or_(final.id == document_id, final.code == found.code)
    )
    query = sa.select(acta.c.id).join(final.id.table, final.id == acta.c.final_document_id).where(itself).limit(1)
    acta_id = conn.scalar(query)
    return [] if acta_id is None else _later(conn, acta_id, at)


def replaced_rows(conn: Connection, acta_id: UUID, at: datetime) -> dict[int, str]:
    """The rows of an acta that no longer hold, each with the base of the acta that says otherwise."""
    return {fila: base for base, _kind, _code, fila in _replacing(conn, acta_id, at)}


def _later(conn: Connection, acta_id: UUID, at: datetime) -> list[Later]:
    rows: dict[tuple[str, str, str | None], list[int]] = {}
    for base, kind, code, fila in _replacing(conn, acta_id, at):
        rows.setdefault((base, kind, code), []).append(fila)
    about = sa.select(acta.c.base, acta.c.kind, document.c.code).outerjoin(
        document, document.c.id == acta.c.final_document_id
    )
    for base, kind, code in conn.execute(about.where(acta.c.about_id == acta_id, acta.c.published_at <= at)):
        rows.setdefault((base, kind, code), [])
    return [Later(*which, tuple(sorted(filas))) for which, filas in sorted(rows.items(), key=lambda one: one[0][0])]


def _replacing(conn: Connection, acta_id: UUID, at: datetime) -> Sequence[tuple[str, str, str | None, int]]:
    first, later = historia_academica.c, historia_academica.alias("later").c
    rows = conn.execute(
        sa.select(acta.c.base, acta.c.kind, document.c.code, first.fila)
        .join_from(historia_academica, later.id.table, later.replaces_id == first.id)
        .join(acta, acta.c.id == later.acta_id)
        .outerjoin(document, document.c.id == acta.c.final_document_id)
        .where(first.acta_id == acta_id, later.published_at <= at)
        .order_by(acta.c.base, first.fila)
    )
    return [(base, kind, code, fila) for base, kind, code, fila in rows]
