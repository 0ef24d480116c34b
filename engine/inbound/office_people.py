"""Who holds what in the office: functions given, ended and lent, accounts closed and opened again, people corrected.

Called by /personas and by ``cartulario person``; who may is decided here. Each change is one transaction, with a row of
``person_change`` that tells for ever who did it, to whom, what and when; and one line of the log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from engine import people
from engine.clock import Clock
from engine.config import Config
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.people import AlreadyRegistered, Delegation, Holding, Person
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

DATA = ("given_names", "family_names", "identity_kind", "identity_number", "profile", "email")
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
STATES_BY_MAIL: Final = "Lo que llega del correo de un docente vale como suyo: lo cambia la administración del sistema."
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


def may_readdress(roles: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether who holds ``roles`` registers another address for who holds ``theirs``: of a docente, whose statements
    come from it (R-45), the administration alone."""
    return ADMINISTRATION in roles or (
        may_close(roles, theirs) and "docente" not in {people.bare(role) for role in theirs}
    )


def give(app: Office, by: By, to: UUID, role: str, since: date, until: date | None, *, acting: bool) -> None:
    """Raises NotAllowed, NotFound, InvalidAnswers."""
    with app.database.write() as conn:
        _require(conn, app, by, role)
        if by == to:
            raise NotAllowed(NOT_ONESELF)
        who = people.get_person(conn, to)
        people.grant_role(conn, to, role, since, until, acting=acting)
        given = {"role": role, "since": _iso(since), "until": _iso(until), "acting": acting}
        note(conn, app, by, "give", who, given)


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
        was = {"role": held.role, "began": _iso(held.since), "until": _iso(last), "before": _iso(held.until)}
        note(conn, app, by, "end", people.get_person(conn, holder), was)


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
        lent = {"role": role, "since": _iso(since), "until": _iso(until), "process": process, "reason": reason.strip()}
        note(conn, app, by, "lend", people.get_person(conn, lender), lent, other=people.get_person(conn, to))


def revoke(app: Office, by: By, loan_id: UUID, of: UUID) -> None:
    """``of``: its lender or its borrower. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        loan = next((one for one in people.list_delegations(conn, of) if one.id == loan_id), None)
        if loan is None or by not in (loan.from_id, loan.to_id):
            _require(conn, app, by, loan.role if loan else None)
        if loan is None:
            raise NotFound()
        people.revoke_delegation(conn, loan.id, app.clock.now())
        was = {"role": loan.role, "began": _iso(loan.since), "before": _iso(loan.until), "process": loan.process}
        lender, borrower = people.get_person(conn, loan.from_id), people.get_person(conn, loan.to_id)
        note(conn, app, by, "revoke", lender, was, other=borrower)


def close(app: Office, by: By, person_id: UUID) -> None:
    """Their sessions and tokens end. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        people.close_account(conn, person_id, app.clock.now())
        note(conn, app, by, "close", who)


def reopen(app: Office, by: By, person_id: UUID) -> None:
    """Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        people.reopen_account(conn, person_id)
        note(conn, app, by, "reopen", who)


def end_sessions(app: Office, by: By, person_id: UUID) -> int:
    """Sessions and tokens; the account stays open. → how many sessions ended. Raises NotAllowed, NotFound."""
    with app.database.write() as conn:
        who = _account(conn, app, by, person_id)
        ended = people.end_access(conn, person_id, app.clock.now())
        note(conn, app, by, "end-sessions", who)
    return ended


def correct(app: Office, by: By, person_id: UUID, changes: dict[str, str]) -> Person:
    """Names, identity or profile. Raises NotAllowed, NotFound, InvalidAnswers, AlreadyRegistered."""
    with app.database.write() as conn:
        before = _account(conn, app, by, person_id)
        who = people.update_person(conn, person_id, **changes)
        refuse_same_identity(conn, who)
        _note_data(conn, app, by, "correct", before, who)
    return who


def change_address(app: Office, by: By, person_id: UUID, address: str) -> None:
    """The registered address from now on; the one before stays on record. Raises NotAllowed, NotFound,
    InvalidAnswers."""
    with app.database.write() as conn:
        before = _account(conn, app, by, person_id)
        theirs = {one.role for one in open_holdings(conn, person_id, _today(app))}
        if isinstance(by, UUID) and not may_readdress(people.roles_of(conn, by, _today(app)), theirs):
            raise NotAllowed(STATES_BY_MAIL)
        people.change_address(conn, person_id, address, app.clock.now())
        _note_data(conn, app, by, "address", before, people.get_person(conn, person_id))


def refuse_same_identity(conn: Connection, who: Person) -> None:
    """Raises AlreadyRegistered when somebody else has the same document."""
    kind, number = who.identity_kind, who.identity_number
    for other in people.people_of_identity(conn, kind, number) if kind and number else []:
        if other.id != who.id:
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


def note(
    conn: Connection,
    app: Office,
    by: By,
    what: str,
    who: Person,
    detail: Mapping[str, Any] | None = None,
    *,
    other: Person | None = None,
) -> None:
    """On record and in the log, which names no datum of the person. For the commands of the server too."""
    detail = {name: value for name, value in (detail or {}).items() if value is not None}
    people.record_change(
        conn, who.id, what, detail, by=by, at=app.clock.now(), other_id=other.id if other is not None else None
    )
    author = f"operator {by}" if isinstance(by, str) else people.get_person(conn, by).username
    said = [str(detail[name]) for name in ("role", "since", "until") if name in detail]
    said += [" ".join(sorted(detail["changes"]))] if "changes" in detail else []
    said += [f"to {other.username}"] if other is not None else []
    log.info("person %s: %s %s(by %s)", what, who.username, "".join(f"{one} " for one in said), author)


def _note_data(conn: Connection, app: Office, by: By, what: str, before: Person, after: Person) -> None:
    """Nothing, when nothing changed."""
    pairs = {name: [getattr(before, name), getattr(after, name)] for name in DATA}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changed:
        note(conn, app, by, what, after, {"changes": changed})


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
