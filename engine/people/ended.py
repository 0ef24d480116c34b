"""Why somebody may not do any more what they could: a delegation or a charge that ended, until when it held, and who
can do it today. For the messages of whoever refuses (N-4, C-7, C-24)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.people.holding import people_with_role
from engine.people.person import get_person
from engine.people.scope import bare, granting, owner_of, scope_of
from engine.storage.tables import delegation, holding

REMEMBERED = timedelta(days=60)  # later, the role is as if it had never been theirs
MOST_NAMED = 3


def why_no_longer(conn: Connection, person_id: UUID, role: str, on: date, process: str | None = None) -> str | None:
    """A sentence for the person; None when they hold the role, or did not hold it lately."""
    able = people_with_role(conn, role, on, process)
    if any(one.id == person_id for one in able):
        return None
    told = _lent(conn, person_id, role, on, process) or _held(conn, person_id, role, on)
    if told is None:
        return None
    names = ", ".join(one.full_name for one in able[:MOST_NAMED])
    return f"{told} {f'Hoy puede hacerlo: {names}.' if names else 'Hoy nadie tiene esa función: avise a Secretaría.'}"


def _lent(conn: Connection, person_id: UUID, role: str, on: date, process: str | None) -> str | None:
    scope = sa.or_(delegation.c.process.is_(None), delegation.c.process == process)
    ended = sa.or_(delegation.c.until < on, delegation.c.revoked_at.is_not(None))
    theirs = granting(role, delegation.c.role, delegation.c.from_id)
    query = sa.select(delegation).where(delegation.c.to_id == person_id, theirs, scope, ended)
    recent = query.where(delegation.c.until >= on - REMEMBERED).order_by(delegation.c.until.desc())
    row = conn.execute(recent.limit(1)).one_or_none()
    if row is None:
        return None
    lender, name = get_person(conn, row.from_id).full_name, _name(role)
    if row.revoked_at is not None:
        return f"La subrogación que le dio {lender} como {name} se revocó."
    return f"La subrogación que le dio {lender} como {name} terminó el {row.until:%d/%m/%Y}."


def _held(conn: Connection, person_id: UUID, role: str, on: date) -> str | None:
    mine = granting(role, holding.c.role, holding.c.person_id)
    query = sa.select(sa.func.max(holding.c.until)).where(holding.c.person_id == person_id, mine)
    until = conn.scalar(query.where(holding.c.until < on, holding.c.until >= on - REMEMBERED))
    return None if until is None else f"Usted fue {_name(role)} hasta el {until:%d/%m/%Y}."


def _name(role: str) -> str:
    part = None if owner_of(role) else scope_of(role)
    return f"{bare(role)} ({part})".replace("_", " ").title() if part else bare(role).replace("_", " ").title()
