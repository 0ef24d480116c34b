"""Reserve an acta or some of its pages for a legal reason, and lift it: each change stays on record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.access import require_keeper
from engine.actas.acta import ActaSesion, get_acta
from engine.actas.pages import parse_ranges
from engine.errors import InvalidAnswers
from engine.storage.tables import acta_reserva, acta_sesion

KINDS = ("none", "partial", "whole")
SHORTEST, LONGEST = 10, 1_000  # letters of a reason


@dataclass(frozen=True, slots=True)
class ReserveActa:
    """``kind`` «none» lifts the reservation. ``reason`` names the norm, or the act that lifts it."""

    acta_id: UUID
    actor: UUID
    kind: str
    pages: str
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Reservation:
    kind: str
    pages: list[list[int]] | None
    reason: str
    until: date | None
    by: UUID | None
    at: datetime


def reserve_acta(
    conn: Connection, command: ReserveActa, roles: Collection[str], at: datetime, today: date
) -> ActaSesion:
    """Raises NotAllowed, NotFound, InvalidAnswers."""
    require_keeper(roles)
    acta = get_acta(conn, command.acta_id)
    pages = _checked(command, acta, today)
    write_reservation(conn, acta.id, command.kind, pages, command.reason.strip(), command.until, command.actor, at)
    conn.execute(
        sa.update(acta_sesion)
        .where(acta_sesion.c.id == acta.id)
        .values(
            reserved=command.kind,
            reserved_pages=pages,
            reserved_reason=None if command.kind == "none" else command.reason.strip(),
            reserved_until=None if command.kind == "none" else command.until,
        )
    )
    return get_acta(conn, acta.id)


def list_reservations(conn: Connection, acta_id: UUID) -> list[Reservation]:
    """Every change, the latest first."""
    columns = (acta_reserva.c[name] for name in Reservation.__dataclass_fields__)
    query = sa.select(*columns).where(acta_reserva.c.acta_id == acta_id).order_by(acta_reserva.c.at.desc())
    return [Reservation(*row) for row in conn.execute(query)]


def write_reservation(
    conn: Connection,
    acta_id: UUID,
    kind: str,
    pages: list[list[int]] | None,
    reason: str,
    until: date | None,
    by: UUID | None,
    at: datetime,
) -> None:
    row = {"id": uuid4(), "acta_id": acta_id, "kind": kind, "pages": pages, "reason": reason, "until": until}
    conn.execute(acta_reserva.insert().values(**row, by=by, at=at))


def _checked(command: ReserveActa, acta: ActaSesion, today: date) -> list[list[int]] | None:
    errors, pages = {}, None
    if command.kind not in KINDS:
        errors["kind"] = "Elija si se reserva entera, en parte o nada."
    if not SHORTEST <= len(command.reason.strip()) <= LONGEST:
        errors["reason"] = f"Escriba el motivo legal: la norma y por qué se aplica, en {LONGEST} letras o menos."
    if command.until is not None and command.until < today:
        errors["until"] = "La reserva terminaría antes de hoy: elija otra fecha o déjela sin fecha."
    if command.kind == "partial":
        try:
            pages = parse_ranges(command.pages, acta.pages)
        except ValueError as error:
            errors["pages"] = str(error)
    if errors:
        raise InvalidAnswers(errors)
    return pages
