"""Who holds what in the office: functions given, ended and lent, accounts closed and opened again, people corrected.

Called by /personas and by ``cartulario person``; who may is decided here. Each change is one transaction, and one line
of the log with who did it, to whom and what: its values are in the row that it changes, with their dates.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from engine import people
from engine.clock import Clock
from engine.config import Config
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.people import AlreadyRegistered, Delegation, Holding, Person
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

ADMINISTRATION = "administrador"
MANAGERS = frozenset({ADMINISTRATION, "jefe_secretaria"})
RESERVED = frozenset({ADMINISTRATION, "auditor", "secretario_general", "rectorado", "jefe_secretaria"})
"""The Jefatura neither gives nor ends these, nor closes the account of who has one: the administration does."""

NOT_ONESELF: Final = "Nadie se da una función: pídala a otra persona de la administración."
NOT_TO_ONESELF: Final = "Nadie se subroga a sí mismo: lo anota quien presta la función u otra persona."
NOT_BACKWARDS: Final = "Una subrogación empieza hoy o después: no vale hacia atrás."
NOT_ONE_S_OWN: Final = "Su propia cuenta la cambia otra persona de la administración."
ACCOUNT_RESERVED: Final = "La cuenta de quien tiene esa función la cambia la administración del sistema."
FOR_MANAGERS: Final = "Las funciones y las cuentas las cambia la administración del sistema o la Jefatura."
ROLE_RESERVED: Final = "Esa función la da, la termina o la presta la administración del sistema."

By: TypeAlias = UUID | str
"""Who does it: a person of the office, or the operator at the server by their name there, who may do everything."""


class Office(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...


def may_manage(roles: Iterable[str]) -> bool:
    """``roles``: those for every process. One lent for a single process manages nobody."""
    return bool(MANAGERS.intersection(roles))


def may_change(roles: Iterable[str], role: str) -> bool:
    """Whether who holds ``roles`` gives, ends or lends ``role``."""
    return ADMINISTRATION in roles or (may_manage(roles) and people.bare(role) not in RESERVED)


def may_close(roles: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether who holds ``roles`` changes the account of who holds ``theirs``."""
    return all(may_change(roles, role) for role in theirs) if may_manage(roles) else False


def give(app: Office, by: By, to: UUID, role: str, since: date, until: date | None, *, acting: bool) -> None:
    """Raises NotAllowed, NotFound, InvalidAnswers."""
    with app.database.write() as conn:
        _require(conn, app, by, role)
        if by == to:
            raise NotAllowed(NOT_ONESELF)
        who = people.get_person(conn, to)
        people.grant_role(conn, to, role, since, until, acting=acting)
        _note(conn, by, "give", who, f"{role} {since} {until or ''}{' (e)' if acting else ''}")


def end(app: Office, by: By, holder: UUID, holding_id: UUID, last: date) -> None:
    """``last`` is the last day on which the function is held; before its first, one still to begin never does. Raises
    NotAllowed, NotFound, InvalidAnswers."""
    with app.database.write() as conn:
        held = next((one for one in people.list_holdings(conn, person_id=holder) if one.id == holding_id), None)
        _require(conn, app, by, held.role if held else None)
        if held is None:
            raise NotFound()
        if last < held.since and held.since > _today(app):
            people.withdraw_holding(conn, held.id, _today(app))
        else:
            people.end_holding(conn, held.id, last)
        _note(conn, by, "end", people.get_person(conn, holder), f"{held.role} {last}")


def lend(
    app: Office,
    by: By,
    lender: UUID,
    to: UUID,
    role: str,
    since: date,
    until: date,
    reason: str,
    process: str | None = None,
) -> None:
    """Subrogación (C-24); who holds the function lends it too. Raises NotAllowed, NotFound, InvalidAnswers."""
    with app.database.write() as conn:
        if by != lender:
            _require(conn, app, by, role)
        if by == to:
            raise NotAllowed(NOT_TO_ONESELF)
        if since < _today(app):
            raise InvalidAnswers({"since": NOT_BACKWARDS})
        people.delegate(conn, lender, to, role, since, until, reason, app.clock.now(), process)
        borrower = people.get_person(conn, to).username
        _note(conn, by, "lend", people.get_person(conn, lender), f"{role} to {borrower} {since} {until}")


def revoke(app: Office, by: By, loan_id: UUID, of: UUID) -> None:
    """``of``: its lender or its borrower. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        loan = next((one for one in people.list_delegations(conn, of) if one.id == loan_id), None)
        if loan is None or by not in (loan.from_id, loan.to_id):
            _require(conn, app, by, loan.role if loan else None)
        if loan is None:
            raise NotFound()
        people.revoke_delegation(conn, loan.id, app.clock.now())
        _note(conn, by, "revoke", people.get_person(conn, loan.to_id), loan.role)


def close(app: Office, by: By, person_id: UUID) -> None:
    """Their sessions and tokens end. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        people.close_account(conn, person_id, app.clock.now())
        _note(conn, by, "close", who)


def reopen(app: Office, by: By, person_id: UUID) -> None:
    """Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        people.reopen_account(conn, person_id)
        _note(conn, by, "reopen", who)


def end_sessions(app: Office, by: By, person_id: UUID) -> int:
    """Sessions and tokens; the account stays open. → how many sessions ended. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        ended = people.end_access(conn, person_id, app.clock.now())
        _note(conn, by, "end-sessions", who)
    return ended


def correct(app: Office, by: By, person_id: UUID, changes: dict[str, str]) -> Person:
    """Names, identity or profile. Raises NotAllowed, NotFound, InvalidAnswers, AlreadyRegistered."""
    with app.database.write() as conn:
        _account(conn, app, by, person_id)
        who = people.update_person(conn, person_id, **changes)
        refuse_same_identity(conn, who)
        _note(conn, by, "correct", who, " ".join(sorted(changes)))
    return who


def refuse_same_identity(conn: Connection, who: Person) -> None:
    """Raises AlreadyRegistered when somebody else has the same document."""
    same = people.find_by_identity(conn, who.identity_number) if who.identity_number else []
    for other in same:
        if other.identity_kind == who.identity_kind and other.id != who.id:
            raise AlreadyRegistered(f"Ese documento es de {other.sort_name} («{other.username}»).")


def open_holdings(conn: Connection, person_id: UUID, on: date) -> list[Holding]:
    """In force or still to begin."""
    return [one for one in people.list_holdings(conn, person_id=person_id) if one.until is None or one.until >= on]


def open_loans(conn: Connection, person_id: UUID, on: date) -> list[Delegation]:
    """Given or received, in force or still to begin."""
    return [one for one in people.list_delegations(conn, person_id) if one.until >= on and one.revoked_at is None]


def _account(conn: Connection, app: Office, by: By, person_id: UUID) -> Person:
    """Whose account is to change. Raises NotAllowed, NotFound."""
    roles = _require(conn, app, by, None)
    who = people.get_person(conn, person_id)
    if by == person_id:
        raise NotAllowed(NOT_ONE_S_OWN)
    theirs = {one.role for one in open_holdings(conn, person_id, _today(app))}
    if roles is not None and not may_close(roles, theirs):
        raise NotAllowed(ACCOUNT_RESERVED)
    return who


def _require(conn: Connection, app: Office, by: By, role: str | None) -> frozenset[str] | None:
    """The roles of who does it; none of the operator. Raises NotAllowed."""
    if isinstance(by, str):
        return None
    roles = people.roles_of(conn, by, _today(app))
    if not may_manage(roles):
        raise NotAllowed(FOR_MANAGERS)
    if role is not None and not may_change(roles, role):
        raise NotAllowed(ROLE_RESERVED)
    return roles


def _today(app: Office) -> date:
    return app.clock.now().astimezone(app.config.zone).date()


def _note(conn: Connection, by: By, what: str, who: Person, detail: str = "") -> None:
    author = f"operator {by}" if isinstance(by, str) else people.get_person(conn, by).username
    log.info("person %s: %s %s(by %s)", what, who.username, f"{detail} " if detail else "", author)
