"""One acta of a session: its row as a value, how it is found, its original, and how many were approved (C-54).

An acta is called by its reference, «CGA-2026-7»: body, year and number, which are unique together. Nothing of it
changes but its reservation; its original lies in the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.pages import page_numbers, written_ranges
from engine.errors import NotFound
from engine.storage.tables import acta_sesion, collegiate_body

_REFERENCE = re.compile(r"\s*([A-Za-z][A-Za-z0-9]{0,11})\s*-\s*(\d{4})\s*-\s*(\d{1,6})\s*\Z")


class Originals(Protocol):
    """What the register needs of the archive."""

    def put(self, data: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ActaSesion:
    id: UUID
    body: str
    body_name: str
    year: int
    number: int
    date: Day
    kind: str  # ordinaria | extraordinaria | solemne | otra
    title: str
    keywords: str | None
    pages: int
    signed_by: str | None
    custody: str | None
    status: str  # draft | approved
    approved_on: Day | None
    sha256: str
    imported_by: UUID | None
    imported_at: datetime
    reserved: str  # none | partial | whole: as it was last set, see ``reservation_on``
    reserved_pages: list[list[int]] | None
    reserved_reason: str | None
    reserved_until: Day | None

    @property
    def reference(self) -> str:
        return f"{self.body}-{self.year}-{self.number}"

    @property
    def name(self) -> str:
        return f"Acta n.º {self.number} de {self.year}, {self.body_name}"


COLUMNS = [
    collegiate_body.c.name.label("body_name") if name == "body_name" else acta_sesion.c[name]
    for name in ActaSesion.__dataclass_fields__
]
SELECT = sa.select(*COLUMNS).join_from(acta_sesion, collegiate_body, acta_sesion.c.body == collegiate_body.c.code)


def get_acta(conn: Connection, acta_id: UUID) -> ActaSesion:
    """Raises NotFound."""
    return _one(conn.execute(SELECT.where(acta_sesion.c.id == acta_id)).one_or_none())


def acta_by_reference(conn: Connection, reference: str) -> ActaSesion:
    """«CGA-2026-7», however it is spaced. Raises NotFound."""
    found = _REFERENCE.match(reference)
    if found is None:
        raise NotFound("Un acta se nombra por su órgano, año y número, como CGA-2026-7.")
    query = SELECT.where(
        acta_sesion.c.body == found[1].upper(),
        acta_sesion.c.year == int(found[2]),
        acta_sesion.c.number == int(found[3]),
    )
    return _one(conn.execute(query).one_or_none(), f"No hay un acta {reference.strip().upper()} en el registro.")


def session_acta_with(conn: Connection, sha256: str) -> str | None:
    """The reference of the acta whose original this is, if any."""
    row = conn.execute(SELECT.where(acta_sesion.c.sha256 == sha256).limit(1)).one_or_none()
    return _one(row).reference if row is not None else None


def reservation_on(acta: ActaSesion, day: Day) -> str:
    """What is reserved on that day: «none» once its last day has passed."""
    past = acta.reserved_until is not None and acta.reserved_until < day
    return "none" if past else acta.reserved


def open_pages(acta: ActaSesion, day: Day) -> list[int]:
    """The pages that may be copied on that day, from 1."""
    state = reservation_on(acta, day)
    if state == "whole":
        return []
    hidden = page_numbers(acta.reserved_pages or []) if state == "partial" else frozenset()
    return [page for page in range(1, acta.pages + 1) if page not in hidden]


def reserved_words(acta: ActaSesion, day: Day) -> str:
    """«páginas 2 a 4», «página 2», «entera» or nothing, for people."""
    state = reservation_on(acta, day)
    if state == "partial":
        written = written_ranges(acta.reserved_pages or [])
        return f"página {written}" if written.isdigit() else f"páginas {written}"
    return "entera" if state == "whole" else ""


def read_original(archive: Originals, acta: ActaSesion) -> bytes:
    """The bytes, checked. Raises NotFound or Unavailable when the archive cannot give them whole."""
    return archive.get(acta.sha256)


def count_approved(conn: Connection, since: Day, until: Day, body: str | None = None) -> int:
    """Actas approved from ``since`` until before ``until`` (C-54); copies of them are counted elsewhere."""
    query = sa.select(sa.func.count()).where(
        acta_sesion.c.status == "approved",
        acta_sesion.c.approved_on >= since,
        acta_sesion.c.approved_on < until,
    )
    if body is not None:
        query = query.where(acta_sesion.c.body == body)
    return int(conn.execute(query).scalar_one())


def _one(row: Any, message: str = "Esa acta no está en el registro.") -> ActaSesion:
    if row is None:
        raise NotFound(message)
    return ActaSesion(*row)
