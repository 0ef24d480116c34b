"""The Resolución behind the actas: its facts, the offices of its article 6, and who of them took note (R-1, R-24)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.actas.examen import NORM, notes, offices, offices_of, sees_actas
from engine.inbound.norm_note import NoteNorm, note_norm
from engine.people import get_people
from web import current
from web.current import cartulario, person_id
from web.examen.register import scope
from web.text import gettext as _
from web.text import lazy_gettext

norm = Blueprint("exam_norm", __name__)

WHAT = {
    "conocimiento": lazy_gettext("Para su conocimiento y demás efectos"),
    "giro": lazy_gettext("Se le gira"),
    "razon": lazy_gettext("Toma razón"),
}


@norm.get("/examenes/norma")
@login_required  # type: ignore[untyped-decorator]
def show() -> str:
    with cartulario().database.read() as conn:
        listed, noted = offices(conn), notes(conn)
        people = get_people(conn, {one.person_id for one in noted})
    mine = offices_of(listed, current.roles())
    if not mine:
        scope()  # raises NotFound for who has nothing to do with exam actas
    taken = {one.office for one in noted if one.person_id == person_id()}
    return render_template(
        "examen/norm.html",
        norm=NORM,
        offices=listed,
        noted={one.code: [note for note in noted if note.office == one.code] for one in listed},
        people=people,
        mine=[one for one in mine if one.code not in taken],
        what=WHAT,
        sees_actas=sees_actas(current.roles()),
    )


@norm.post("/examenes/norma")
@login_required  # type: ignore[untyped-decorator]
def take() -> Response:
    note_norm(NoteNorm(request.form.get("oficina", ""), person_id()), cartulario())
    flash(_("Quedó registrado que su oficina tomó conocimiento de la Resolución."), "ok")
    return redirect(url_for("exam_norm.show"), 303)
