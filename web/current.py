"""What a view needs of the request at hand: the engine, the person signed in and the roles held today."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from flask import current_app, g
from flask_login import current_user

from engine.app import Cartulario
from engine.people import Person, scoped_roles_of


def cartulario() -> Cartulario:
    return cast(Cartulario, current_app.extensions["cartulario"])


def person() -> Person | None:
    """Who is signed in, or nobody; nobody too on the page that says that the database is away."""
    if g.get("nobody"):
        return None
    return current_user.person if current_user.is_authenticated else None


def signed_in() -> Person:
    """Who is signed in; only for views under ``login_required``."""
    return cast(Person, current_user.person)


def person_id() -> UUID:
    return signed_in().id


def today() -> date:
    """Today in the institution's timezone."""
    engine = cartulario()
    return engine.clock.now().astimezone(engine.config.zone).date()


def roles() -> frozenset[str]:
    """The roles of the person signed in, lent ones included, also those for one process: for what is that process's."""
    return frozenset(role for role, _process in _scoped_roles())


def office_roles() -> frozenset[str]:
    """Those in force for every process: what opens a room of the whole office. A role lent for one process does not."""
    return frozenset(role for role, process in _scoped_roles() if process is None)


def roles_for(process: str) -> frozenset[str]:
    """Those in force for one process."""
    return frozenset(role for role, scope in _scoped_roles() if scope in (None, process))


def _scoped_roles() -> frozenset[tuple[str, str | None]]:
    """Read once a request."""
    if "roles" not in g:
        who = person()
        if who is None:
            g.roles = frozenset()
        else:
            with cartulario().database.read() as conn:
                g.roles = scoped_roles_of(conn, who.id, today())
    return cast("frozenset[tuple[str, str | None]]", g.roles)
