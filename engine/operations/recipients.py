"""Whom a letter of a process goes to, as its diagram names them: never a free address. Called by ``send_mail``."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen import tribunal_of
from engine.address import is_address
from engine.config import Config, MailAccount
from engine.errors import NotFound, OperationFailed
from engine.mail import MalformedMail, check_address
from engine.operations.base import Call
from engine.people import get_person, people_with_role

log = logging.getLogger(__name__)

REQUESTER = "solicitante"
ACCOUNT = "cuenta:"
TRIBUNAL = "tribunal:"  # … and the mesa's id: the addresses with which its professors are registered


def addresses_of(conn: Connection, whom: str | list[str], call: Call) -> list[str]:
    """Each once, in the order in which they are named. Of a role, and of a tribunal, one to whom nobody can write does
    not keep the letter from the others."""
    found: list[str] = []
    for one in [whom] if isinstance(whom, str) else whom:
        found += _writable(one, list(_of(conn, one, call)))
    try:
        return [check_address(address) for address in dict.fromkeys(found)]
    except MalformedMail as error:
        raise OperationFailed(f"{error} Corrija la dirección de la persona.", permanent=True) from error


def _writable(whom: str, addresses: list[str]) -> list[str]:
    good = [address for address in addresses if is_address(address)]
    if good and len(good) < len(addresses):
        log.warning("%d addresses of «%s» cannot be written to: correct them", len(addresses) - len(good), whom)
    return good or addresses


def account_of(config: Config, code: str) -> MailAccount:
    """One of the office's own accounts."""
    account = config.mail_accounts.get(code)
    if account is None:
        known = ", ".join(f"«{one}»" for one in sorted(config.mail_accounts)) or "ninguna"
        raise OperationFailed(
            f"No hay una cuenta de correo «{code}». Añádala a mail_accounts, o use una de las que hay: {known}.",
            permanent=True,
        )
    return account


def _of(conn: Connection, whom: str, call: Call) -> Iterable[str]:
    if whom == REQUESTER:
        return [_of_requester(conn, call)]
    if whom.startswith(ACCOUNT):
        return [account_of(call.tools.config, whom.removeprefix(ACCOUNT)).address]
    if whom.startswith(TRIBUNAL):
        return _of_tribunal(conn, whom.removeprefix(TRIBUNAL))
    person = _id(whom)
    if person is not None:
        return [_of_person(conn, person)]
    return _of_role(conn, whom, call)


def _of_tribunal(conn: Connection, mesa: str) -> list[str]:
    """Who of it has none gets none: the paper names them all the same."""
    mesa_id = _id(mesa)
    return [one.email for one in tribunal_of(conn, mesa_id) if one.email] if mesa_id else []


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _of_person(conn: Connection, person_id: UUID) -> str:
    try:
        return get_person(conn, person_id).email
    except NotFound as error:
        raise OperationFailed(
            f"El correo es para alguien que no está registrado: {person_id}.", permanent=True
        ) from error


def _of_requester(conn: Connection, call: Call) -> str:
    if call.requester_id is None:
        raise OperationFailed("El trámite no tiene solicitante a quien escribir.", permanent=True)
    return get_person(conn, call.requester_id).email


def _of_role(conn: Connection, role: str, call: Call) -> list[str]:
    today = call.tools.clock.now().astimezone(call.tools.config.zone).date()
    holders = people_with_role(conn, role, today, call.process)
    if not holders:
        raise OperationFailed(f"Hoy nadie ejerce la función «{role}»: asígnela y reintente.", permanent=True)
    return [person.email for person in holders]
