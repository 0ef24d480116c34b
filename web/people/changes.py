"""/personas/cambios and that of one person: who gave, ended, lent or corrected what, and when. For auditors."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required

from engine.history.access import require_auditor
from engine.people import Person, get_people, list_changes
from web.current import cartulario, office_roles
from web.people.views import person_of, processes
from web.text import lazy_gettext as _

MOST = 200
ACTS = {
    "add": _("Registró a la persona"),
    "give": _("Dio la función"),
    "end": _("Terminó la función"),
    "lend": _("Subrogó la función"),
    "revoke": _("Revocó la subrogación"),
    "close": _("Cerró la cuenta"),
    "reopen": _("Abrió otra vez la cuenta"),
    "end-sessions": _("Terminó sus sesiones y accesos"),
    "correct": _("Corrigió sus datos"),
    "address": _("Cambió el correo registrado"),
    "password": _("Puso otra contraseña"),
    "key": _("Guardó un certificado para firmar"),
}
DATA = {
    "given_names": _("Nombres"),
    "family_names": _("Apellidos"),
    "identity_kind": _("Clase de documento"),
    "identity_number": _("Documento"),
    "profile": _("Perfil"),
    "email": _("Correo"),
}

people_changes = Blueprint("people_changes", __name__)


@people_changes.get("/personas/cambios")
@login_required  # type: ignore[untyped-decorator]
def latest() -> str:
    return page(None)


@people_changes.get("/personas/<username>/cambios")
@login_required  # type: ignore[untyped-decorator]
def of_person(username: str) -> str:
    require_auditor(office_roles())
    return page(person_of(username))


def page(who: Person | None) -> str:
    require_auditor(office_roles())
    with cartulario().database.read() as conn:
        found = list_changes(conn, who.id if who else None, limit=MOST)
        ids = {key for one in found for key in (one.person_id, one.other_id, one.by_id) if key is not None}
        known = get_people(conn, ids)
    return render_template(
        "people/changes.html", who=who, found=found, known=known, acts=ACTS, data=DATA, most=MOST, processes=processes()
    )
