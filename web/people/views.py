"""/personas and the page of one person: what they hold, held and lent, and what may be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_login import login_required

from engine.errors import NotAllowed, NotFound
from engine.history.access import AUDITORS
from engine.inbound.office_people import FOR_MANAGERS, may_change, may_close, may_manage, may_readdress, open_holdings
from engine.people import (
    Person,
    bare,
    find_person,
    get_people,
    held_roles,
    list_delegations,
    list_holdings,
    list_sessions,
    list_tokens,
    search_people,
)
from web import current
from web.current import cartulario, today
from web.roles import NAMES, departments, role_name
from web.text import gettext as _

MOST = 100
OF_A_DEPARTMENT = ("departamento", "autoridad_departamental")
TYPED = (
    "role",
    "since",
    "until",
    "acting",
    "lend_role",
    "lend_to",
    "lend_since",
    "lend_until",
    "lend_reason",
    "lend_process",
)

people_pages = Blueprint("people", __name__)


def require_manager() -> None:
    """Raises NotAllowed."""
    if not may_manage(current.office_roles()):
        raise NotAllowed(_(FOR_MANAGERS))


@people_pages.get("/personas")
@login_required  # type: ignore[untyped-decorator]
def home() -> str:
    require_manager()
    wanted, role = request.args.get("q", "").strip()[:80], request.args.get("funcion", "")[:60]
    with cartulario().database.read() as conn:
        known = held_roles(conn)
        office = [one for one in known if bare(one) != "docente"]  # there are many: by their name, or by the function
        roles = [role] if role in known else None if wanted else office
        found = search_people(conn, wanted, roles=roles, on=today(), limit=MOST, closed=True)
        held = list_holdings(conn, people=[one.id for one in found])
    functions: dict[UUID, list[str]] = {}
    for one in reversed(held):
        if one.in_force(today()):
            functions.setdefault(one.person_id, []).append(role_name(one.role) + (" (e)" if one.acting else ""))
    return render_template(
        "people/list.html", wanted=wanted, role=role, roles=named(known), found=found, functions=functions, most=MOST
    )


@people_pages.get("/personas/<username>")
@login_required  # type: ignore[untyped-decorator]
def show(username: str) -> str:
    require_manager()
    return page(person_of(username))


def person_of(username: str) -> Person:
    """Raises NotFound."""
    with cartulario().database.read() as conn:
        who = find_person(conn, username)
    if who is None:
        raise NotFound()
    return who


def page(who: Person, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    """``errors`` by the fields of the page: those of the form that lends begin with ``lend_``."""
    mine, now = current.office_roles(), cartulario().clock.now()
    with cartulario().database.read() as conn:
        held, lent = list_holdings(conn, person_id=who.id), list_delegations(conn, who.id)
        others = get_people(conn, {key for one in lent for key in (one.from_id, one.to_id)})
        sessions = len(list_sessions(conn, who.id, now))
        live = [one for one in list_tokens(conn, who.id) if one.revoked_at is None and one.expires_at > now]
        coming = {one.role for one in open_holdings(conn, who.id, today())}
    blank = (
        dict.fromkeys(TYPED, "")
        | {"email": who.email}
        | {"since": today().isoformat(), "lend_since": today().isoformat()}
    )
    return render_template(
        "people/person.html", who=who, held=held, lent=lent, others=others, sessions=sessions, tokens=len(live),
        today=today(), errors=errors or {}, mine=who.id == current.person_id(), may=lambda role: may_change(mine, role),
        offered=named(role for role in every_role() if may_change(mine, role)),
        lendable=named(role for role in coming if may_change(mine, role) or who.id == current.person_id()),
        typed=blank | (typed or {}), processes=processes(), closable=may_close(mine, coming),
        addressable=may_readdress(mine, coming),
        audits=bool(mine & AUDITORS),
    )  # fmt: skip


def every_role() -> list[str]:
    """Those that have a name, of the Departamentos each one's, and those that somebody holds."""
    parts = departments()
    of_parts = [f"{role}:{code}" for role in OF_A_DEPARTMENT for code in parts]
    plain = [role for role in NAMES if role != "solicitante" and not (parts and role in OF_A_DEPARTMENT)]
    with cartulario().database.read() as conn:
        return list(dict.fromkeys([*plain, *of_parts, *held_roles(conn)]))


def named(roles: Iterable[str]) -> dict[str, str]:
    """By their names, in order."""
    return dict(sorted(((role, role_name(role)) for role in roles), key=lambda one: one[1]))


def processes() -> dict[str, str]:
    catalogue = cartulario().definitions.catalogue()
    return dict(sorted(((one.process, one.title) for one in catalogue), key=lambda one: one[1]))
