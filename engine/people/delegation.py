"""A role lent to somebody for some days and, if wanted, for one process (C-24, subrogación). What is lent is not lent
on (COA art. 72), and it does not end because the lender leaves (COA art. 73): it is revoked or it expires."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.people.holding import held
from engine.people.person import get_person
from engine.storage.tables import delegation, holding

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Delegation:
    id: UUID
    from_id: UUID
    to_id: UUID
    role: str
    process: str | None
    since: date
    until: date
    reason: str
    created_at: datetime
    revoked_at: datetime | None


_COLUMNS = tuple(delegation.c[name] for name in Delegation.__dataclass_fields__)


def delegate(
    conn: Connection,
    from_id: UUID,
    to_id: UUID,
    role: str,
    since: date,
    until: date,
    reason: str,
    at: datetime,
    process: str | None = None,
) -> UUID:
    """Both dates included. Raises NotAllowed when the lender does not hold the role in their own right on the first
    day, InvalidAnswers for dates, reason or person."""
    errors: dict[str, str] = {}
    if not 0 <= (until - since).days <= LONGEST_DAYS:
        errors["until"] = "La subrogación termina después de empezar y dura un año como máximo."
    if not reason.strip() or len(reason) > 300:
        errors["reason"] = "Diga el motivo, en 300 caracteres o menos."
    if from_id == to_id or not get_person(conn, to_id).active:
        errors["to"] = "Elija a otra persona, con la cuenta abierta."
    if errors:
        raise InvalidAnswers(errors)
    own = sa.select(holding.c.id).where(holding.c.person_id == from_id, holding.c.role == role, held(since))
    if conn.scalar(own.limit(1)) is None:
        raise NotAllowed("Solo se puede subrogar una función que se tiene por derecho propio en esas fechas.")
    new_id = uuid.uuid4()
    values = (new_id, from_id, to_id, role, process, since, until, reason.strip(), at, None)
    conn.execute(delegation.insert(), dict(zip(Delegation.__dataclass_fields__, values, strict=True)))
    return new_id


def revoke_delegation(conn: Connection, delegation_id: UUID, at: datetime, *, by: UUID | None = None) -> None:
    """Ends at once. ``by``, when given, must be its lender or its borrower. Raises NotFound."""
    found = sa.and_(delegation.c.id == delegation_id, delegation.c.revoked_at.is_(None))
    if by is not None:
        found = sa.and_(found, sa.or_(delegation.c.from_id == by, delegation.c.to_id == by))
    if not conn.execute(delegation.update().where(found).values(revoked_at=at)).rowcount:
        raise NotFound()


def list_delegations(conn: Connection, person_id: UUID, on: date | None = None) -> list[Delegation]:
    """Given and received, the latest first; with ``on`` only those in force that day."""
    query = sa.select(*_COLUMNS).where(sa.or_(delegation.c.from_id == person_id, delegation.c.to_id == person_id))
    if on is not None:
        query = query.where(delegation.c.since <= on, delegation.c.until >= on, delegation.c.revoked_at.is_(None))
    return [Delegation(*row) for row in conn.execute(query.order_by(delegation.c.since.desc(), delegation.c.role))]
