"""Registering somebody who came to the desk and is not known yet."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.errors import InvalidAnswers
from engine.people import AlreadyRegistered, NewPerson, register_person
from web.current import cartulario
from web.desk.access import require_desk
from web.text import gettext as _
from web.text import lazy_gettext

KINDS = {
    "cedula": lazy_gettext("Cédula (Ecuador)"),
    "pasaporte": lazy_gettext("Pasaporte"),
    "dni": lazy_gettext("DNI (Argentina)"),
    "cuil": lazy_gettext("CUIL (Argentina)"),
}
PROFILES = {
    "estudiante": lazy_gettext("Estudiante"),
    "graduado": lazy_gettext("Graduada o graduado"),
    "administrativo": lazy_gettext("Personal administrativo"),
    "externo": lazy_gettext("Persona u organismo externo"),
}
FIELDS = {  # on the page → of NewPerson
    "tipo_documento": "identity_kind",
    "documento": "identity_number",
    "apellidos": "family_names",
    "nombres": "given_names",
    "perfil": "profile",
    "correo": "email",
    "organismo": "organization",
    "lugar": "place",
}

people_pages = Blueprint("desk_people", __name__)


@people_pages.app_template_global()
def profile_name(profile: str) -> str:
    """«Estudiante»; of one the page does not offer, its own word."""
    return str(PROFILES.get(profile) or profile.capitalize())


@people_pages.get("/mostrador/registrar")
@login_required  # type: ignore[untyped-decorator]
def ask() -> str:
    require_desk()
    return page({"documento": request.args.get("documento", "")[:40]})


@people_pages.post("/mostrador/registrar")
@login_required  # type: ignore[untyped-decorator]
def register() -> str | Response | tuple[str, int]:
    require_desk()
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    engine = cartulario()
    try:
        with engine.database.write() as conn:
            new = NewPerson(**{field: typed[name] for name, field in FIELDS.items()})
            made = register_person(conn, new, engine.clock.now())
    except AlreadyRegistered as known:
        flash(_(known.message), "warn")
        return redirect(url_for("desk.person", key=known.details["person_id"]))
    except InvalidAnswers as error:
        return page(typed, errors_of(error)), 422
    flash(_("Registró a esta persona. Ya puede presentar lo que pide."), "ok")
    return redirect(url_for("desk.person", key=made))


def errors_of(error: InvalidAnswers) -> dict[str, str]:
    """By the fields of the page. What has no field there (the account's name) follows from the identity."""
    return {name: _(error.errors[field]) for name, field in FIELDS.items() if field in error.errors}


def page(typed: dict[str, str], errors: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/register.html",
        typed={name: typed.get(name, "") for name in FIELDS},
        errors=errors or {},
        kinds=KINDS,
        profiles=PROFILES,
    )
