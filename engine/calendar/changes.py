"""Every change of the calendar, with its reason; and which of them the open cases have followed.

A change is written with the day that it changes. The terms of open cases are counted again afterwards, one short
transaction each (``inbound.calendar_changes``): until the last is done the change is pending, so that what a worker
leaves when it dies is done by the next.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.calendar.rules import Kind
from engine.errors import InvalidAnswers
from engine.storage.tables import calendar_recount, feriado_change

KINDS: tuple[Kind, ...] = ("nacional", "local", "receso", "decreto")


@dataclass(frozen=True, slots=True)
class FeriadoChange:
    """``moved``: open cases whose date changed; nothing while they are still being counted."""

    id: UUID
    day: date
    old: dict[str, str] | None
    new: dict[str, str] | None
    reason: str
    by: UUID | None
    at: datetime
    moved: int | None

    @property
    def place(self) -> str | None:
        """Of a local holiday somewhere else than at the office."""
        return (self.new or self.old or {}).get("place")


def check_change(kind: str, reason: str, name: str | None) -> None:
    """Raises InvalidAnswers."""
    errors: dict[str, str] = {}
    if kind not in KINDS:
        errors["kind"] = "Elija la clase de feriado: nacional, local, receso o decreto."
    if not reason.strip() or len(reason) > 300:
        errors["reason"] = "Diga por qué cambia el calendario, en 300 caracteres o menos."
    if name and len(name) > 160:
        errors["name"] = "El nombre del feriado tiene 160 caracteres como máximo."
    if errors:
        raise InvalidAnswers(errors)


def write_change(
    conn: Connection,
    day: date,
    old: dict[str, str] | None,
    new: dict[str, str] | None,
    reason: str,
    by: UUID | None,
    at: datetime,
) -> None:
    change: dict[str, Any] = {"id": uuid.uuid4(), "day": day, "old": old, "new": new, "reason": reason.strip()}
    conn.execute(feriado_change.insert(), {**change, "by": by, "at": at})


_CHANGES = (
    sa.select(*(feriado_change.c[name] for name in ("id", "day", "old", "new", "reason", "by", "at")))
    .add_columns(calendar_recount.c.moved)
    .outerjoin(calendar_recount, calendar_recount.c.change_id == feriado_change.c.id)
    .order_by(feriado_change.c.at.desc(), feriado_change.c.day)
)


def list_changes(conn: Connection, year: int | None = None) -> list[FeriadoChange]:
    """Every change of the calendar, the newest first."""
    query = _CHANGES
    if year is not None:
        query = query.where(feriado_change.c.day.between(date(year, 1, 1), date(year, 12, 31)))
    return [FeriadoChange(*row) for row in conn.execute(query)]


def pending_changes(conn: Connection) -> list[FeriadoChange]:
    """Those that the open cases have not followed yet."""
    return [FeriadoChange(*row) for row in conn.execute(_CHANGES.where(calendar_recount.c.change_id.is_(None)))]


def mark_followed(conn: Connection, changes: Sequence[FeriadoChange], moved: int, at: datetime) -> None:
    """``moved``: how many cases have another date. A change that another worker marked keeps its mark."""
    done = set(conn.scalars(sa.select(calendar_recount.c.change_id)))
    rows = [{"change_id": one.id, "moved": moved, "at": at} for one in changes if one.id not in done]
    if rows:
        conn.execute(calendar_recount.insert(), rows)
