"""Who holds which role, from when to when (C-7), and in what capacity: in their own right, acting, or by delegation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.people.person import COLUMNS, Person, to_person
from engine.people.scope import granting, implied
from engine.storage.tables import delegation, holding, person

ROLE = re.compile(r"(?=.{1,60}\Z)[a-z][a-z0-9_]*(:[a-z0-9][a-z0-9_.-]*)?")


@dataclass(frozen=True, slots=True)
class Holding:
    id: UUID
    person_id: UUID
    role: str
    since: date
    until: date | None
    acting: bool

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until >= on)


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what right somebody acts; ``lent_by`` is who delegated."""

    kind: Literal["titular", "encargado", "delegado"]
    lent_by: UUID | None = None


_HOLDING = tuple(holding.c[name] for name in Holding.__dataclass_fields__)


def held(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    return sa.and_(holding.c.since <= on, sa.or_(holding.c.until.is_(None), holding.c.until >= on))


def lent(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    return sa.and_(delegation.c.since <= on, delegation.c.until >= on, delegation.c.revoked_at.is_(None))


def grant_role(
    conn: Connection, person_id: UUID, role: str, since: date, until: date | None = None, *, acting: bool = False
) -> UUID:
    """Both dates included. ``acting``: encargado, printed "(e)". Raises InvalidAnswers when the dates cross or overlap
    what the person already holds."""
    if not ROLE.fullmatch(role):
        raise InvalidAnswers({"role": "Escriba la función como los diagramas: «secretaria», «departamento:quimica»."})
    if until is not None and until < since:
        raise InvalidAnswers({"until": "La función termina después de empezar."})
    same = sa.and_(holding.c.person_id == person_id, holding.c.role == role)
    overlap = sa.and_(same, sa.or_(holding.c.until.is_(None), holding.c.until >= since))
    if until is not None:
        overlap = sa.and_(overlap, holding.c.since <= until)
    if conn.scalar(sa.select(holding.c.id).where(overlap).limit(1)):
        raise InvalidAnswers({"role": "La persona ya tiene esa función en esas fechas."})
    row = {"id": uuid.uuid4(), "person_id": person_id, "role": role, "since": since, "until": until, "acting": acting}
    conn.execute(holding.insert(), row)
    return UUID(str(row["id"]))


def end_holding(conn: Connection, holding_id: UUID, until: date) -> None:
    """``until`` is the last day on which the role is held; one that has an end ends before it, not after. Raises
    NotFound, InvalidAnswers."""
    found = conn.execute(sa.select(holding.c.since, holding.c.until).where(holding.c.id == holding_id)).one_or_none()
    if found is None:
        raise NotFound()
    if until < found.since:
        raise InvalidAnswers({"until": "La función termina después de empezar."})
    if found.until is not None and until > found.until:
        raise InvalidAnswers(
            {"until": f"Esa función termina ya el {found.until:%d/%m/%Y}: para seguir, dela otra vez."}
        )
    conn.execute(holding.update().where(holding.c.id == holding_id).values(until=until))


def withdraw_holding(conn: Connection, holding_id: UUID, today: date) -> None:
    """One given for later that does not begin after all: nobody acted by it. Raises NotFound."""
    later = sa.and_(holding.c.id == holding_id, holding.c.since > today)
    if not conn.execute(holding.delete().where(later)).rowcount:
        raise NotFound()


def held_roles(conn: Connection) -> list[str]:
    """Those that somebody holds, held or will hold."""
    return list(conn.scalars(sa.select(holding.c.role).distinct().order_by(holding.c.role)))


def list_holdings(
    conn: Connection,
    *,
    person_id: UUID | None = None,
    role: str | None = None,
    people: Iterable[UUID] | None = None,
) -> list[Holding]:
    """Past, present and future, of one person, of some, or of one role, the latest first."""
    query = sa.select(*_HOLDING).order_by(holding.c.since.desc(), holding.c.role)
    if person_id is not None:
        query = query.where(holding.c.person_id == person_id)
    if role is not None:
        query = query.where(holding.c.role == role)
    if people is not None:
        query = query.where(holding.c.person_id.in_(list(people)))
    return [Holding(*row) for row in conn.execute(query)]


def _scoped() -> sa.CompoundSelect[Any]:
    """Built once: every command asks it."""
    on = sa.bindparam("on", type_=sa.Date)
    active = sa.select(person.c.id).where(person.c.id == sa.bindparam("person_id"), person.c.active.is_(True))
    whose = active.scalar_subquery()
    own = sa.select(holding.c.role, sa.null().label("process"), holding.c.person_id).where(
        holding.c.person_id == whose, held(on)
    )
    borrowed = sa.select(delegation.c.role, delegation.c.process, delegation.c.from_id).where(
        delegation.c.to_id == whose, lent(on)
    )
    return sa.union_all(own, borrowed)


_SCOPED = _scoped()


def scoped_roles_of(conn: Connection, person_id: UUID, on: date) -> frozenset[tuple[str, str | None]]:
    """(role, process) pairs in force; process None: everywhere. Empty when the account is closed."""
    rows = conn.execute(_SCOPED, {"person_id": person_id, "on": on})
    return frozenset((role, process) for held, process, holder in rows for role in implied(held, holder))


def roles_of(conn: Connection, person_id: UUID, on: date, process: str | None = None) -> frozenset[str]:
    """Roles in force on a day, held or lent. A role lent for one process counts only when that process is asked for."""
    pairs = scoped_roles_of(conn, person_id, on)
    return frozenset(role for role, scope in pairs if scope is None or scope == process)


def people_with_role(conn: Connection, role: str, on: date, process: str | None = None) -> list[Person]:
    """Who may act in a role on a day, by family name; the role's own holders and those it is lent to."""
    scope = sa.or_(delegation.c.process.is_(None), delegation.c.process == process)
    own = sa.select(holding.c.person_id).where(granting(role, holding.c.role, holding.c.person_id), held(on))
    theirs = granting(role, delegation.c.role, delegation.c.from_id)
    borrowed = sa.select(delegation.c.to_id).where(theirs, lent(on), scope)
    query = sa.select(*COLUMNS).where(person.c.active.is_(True), person.c.id.in_(sa.union(own, borrowed)))
    rows = conn.execute(query.order_by(person.c.search, person.c.id))
    return [to_person(row) for row in rows]


def capacity_of(conn: Connection, person_id: UUID, role: str, on: date, process: str | None = None) -> Capacity | None:
    """In what right the person acts in the role, the strongest first; None when in none."""
    mine = granting(role, holding.c.role, holding.c.person_id)
    own = sa.select(holding.c.acting).where(holding.c.person_id == person_id, mine, held(on))
    acting = conn.scalars(own).all()
    if acting:
        return Capacity("encargado" if all(acting) else "titular")
    scope = sa.or_(delegation.c.process.is_(None), delegation.c.process == process)
    theirs = granting(role, delegation.c.role, delegation.c.from_id)
    query = sa.select(delegation.c.from_id).where(delegation.c.to_id == person_id, theirs)
    lender = conn.scalars(query.where(lent(on), scope).order_by(delegation.c.created_at)).first()
    return Capacity("delegado", lender) if lender else None
