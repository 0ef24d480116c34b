"""What the administration and the Jefatura do on the page of a person; each act is one command of the engine."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.inbound import office_people
from engine.people import Holding, Person, find_person, list_holdings, search_people
from web.current import cartulario, person_id, today
from web.people.views import TYPED, page, person_of, require_manager
from web.roles import role_name
from web.text import gettext as _

people_acts = Blueprint("people_acts", __name__)


def back(who: Person) -> Response:
    return redirect(url_for("people.show", username=who.username))


def sent() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:400] for name in TYPED}


def day_of(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidAnswers({field: _("Escriba la fecha.")}) from None


@people_acts.post("/personas/<username>/funciones")
@login_required  # type: ignore[untyped-decorator]
def give(username: str) -> Response | tuple[str, int]:
    require_manager()
    who, typed = person_of(username), sent()
    try:
        since = day_of(typed["since"], "since")
        until = day_of(typed["until"], "until") if typed["until"] else None
        acting = bool(typed["acting"])
        office_people.give(cartulario(), person_id(), who.id, typed["role"], since, until, acting=acting)
    except InvalidAnswers as error:
        return page(who, typed, {name: _(text) for name, text in error.errors.items()}), 422
    flash(_("%(who)s tiene la función: %(role)s.", who=who.sort_name, role=role_name(typed["role"])), "ok")
    return back(who)


@people_acts.get("/personas/<username>/funciones/<uuid:key>/terminar")
@login_required  # type: ignore[untyped-decorator]
def ask_to_end(username: str, key: UUID) -> str:
    require_manager()
    who = person_of(username)
    held = holding_of(who, key)
    return ending(who, held, (today() if held.since <= today() else held.since - timedelta(days=1)).isoformat())


@people_acts.post("/personas/<username>/funciones/<uuid:key>/terminar")
@login_required  # type: ignore[untyped-decorator]
def end(username: str, key: UUID) -> Response | tuple[str, int]:
    require_manager()
    who = person_of(username)
    held, typed = holding_of(who, key), request.form.get("until", "").strip()[:10]
    try:
        last = day_of(typed, "until")
        office_people.end(cartulario(), person_id(), who.id, held.id, last)
    except InvalidAnswers as error:
        (told,) = error.errors.values()
        return ending(who, held, typed, _(told)), 422
    role, day = role_name(held.role), f"{last:%d/%m/%Y}"
    if last < held.since:
        flash(_("%(role)s: no llega a empezar.", role=role), "ok")
    else:
        flash(_("%(role)s: la tiene hasta el %(day)s, inclusive.", role=role, day=day), "ok")
    return back(who)


def holding_of(who: Person, key: UUID) -> Holding:
    """Raises NotFound."""
    with cartulario().database.read() as conn:
        found = next((one for one in list_holdings(conn, person_id=who.id) if one.id == key), None)
    if found is None:
        raise NotFound()
    return found


def ending(who: Person, held: Holding, typed: str, error: str = "") -> str:
    return render_template("people/end.html", who=who, held=held, typed=typed, error=error, begun=held.since <= today())


@people_acts.post("/personas/<username>/subrogaciones")
@login_required  # type: ignore[untyped-decorator]
def lend(username: str) -> Response | tuple[str, int]:
    require_manager()
    who, typed = person_of(username), sent()
    try:
        since, until = day_of(typed["lend_since"], "since"), day_of(typed["lend_until"], "until")
        to, process = one_person(typed["lend_to"]), typed["lend_process"] or None
        office_people.lend(
            cartulario(), person_id(), who.id, to.id, typed["lend_role"], since, until, typed["lend_reason"], process
        )
    except InvalidAnswers as error:
        return page(who, typed, {f"lend_{name}": _(text) for name, text in error.errors.items()}), 422
    except NotAllowed as error:
        return page(who, typed, {"lend_role": _(error.message)}), 403
    flash(_("%(who)s actúa como %(role)s.", who=to.sort_name, role=role_name(typed["lend_role"])), "ok")
    return back(who)


def one_person(text: str) -> Person:
    """By user name, or the only one of those names. Raises InvalidAnswers."""
    with cartulario().database.read() as conn:
        exact = find_person(conn, text)
        found = [exact] if exact else search_people(conn, text, limit=4) if text else []
    if not found:
        raise InvalidAnswers({"to": _("Escriba el usuario, o los apellidos y nombres, de quien la recibe.")})
    if len(found) > 1:
        names = "; ".join(f"{one.sort_name} ({one.username})" for one in found)
        raise InvalidAnswers({"to": _("Hay varias personas: %(names)s. Escriba el usuario.", names=names)})
    return found[0]


@people_acts.post("/personas/<username>/subrogaciones/<uuid:key>/revocar")
@login_required  # type: ignore[untyped-decorator]
def revoke(username: str, key: UUID) -> Response:
    require_manager()
    who = person_of(username)
    office_people.revoke(cartulario(), person_id(), key, who.id)
    flash(_("Revocó la subrogación: desde ahora no vale."), "ok")
    return back(who)


@people_acts.post("/personas/<username>/correo")
@login_required  # type: ignore[untyped-decorator]
def change_address(username: str) -> Response | tuple[str, int]:
    require_manager()
    who, typed = person_of(username), request.form.get("email", "").strip()[:300]
    try:
        office_people.change_address(cartulario(), person_id(), who.id, typed)
    except InvalidAnswers as error:
        return page(who, {"email": typed}, {name: _(text) for name, text in error.errors.items()}), 422
    flash(_("Registró el correo: desde ahora se le escribe ahí, y el anterior queda en la historia."), "ok")
    return back(who)


@people_acts.get("/personas/<username>/cerrar")
@login_required  # type: ignore[untyped-decorator]
def ask_to_close(username: str) -> str:
    require_manager()
    return render_template("people/close.html", who=person_of(username))


@people_acts.post("/personas/<username>/cerrar")
@login_required  # type: ignore[untyped-decorator]
def close(username: str) -> Response:
    require_manager()
    who = person_of(username)
    office_people.close(cartulario(), person_id(), who.id)
    flash(_("Cerró la cuenta: sus sesiones y sus accesos terminaron. Lo que hizo queda."), "ok")
    return back(who)


@people_acts.post("/personas/<username>/abrir")
@login_required  # type: ignore[untyped-decorator]
def reopen(username: str) -> Response:
    require_manager()
    who = person_of(username)
    office_people.reopen(cartulario(), person_id(), who.id)
    flash(_("Abrió la cuenta: entra con la contraseña que tenía."), "ok")
    return back(who)
