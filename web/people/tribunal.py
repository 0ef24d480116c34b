"""/examenes/<acta>/tribunal: the address with which each professor of a tribunal is registered, and mending it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.actas.examen import LOCKED, Mesa, acta_by_base, actas_of_mesa, get_mesa, tribunal_of
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.inbound.office_people import may_manage
from engine.inbound.tribunal import change_professor_address, may_edit
from engine.people import get_people
from web.current import cartulario, office_roles, person_id
from web.text import gettext as _

tribunal_pages = Blueprint("tribunal", __name__)


@tribunal_pages.get("/examenes/<base>/tribunal")
@login_required  # type: ignore[untyped-decorator]
def show(base: str) -> str:
    return page(base)


@tribunal_pages.post("/examenes/<base>/tribunal/<int:n>")
@login_required  # type: ignore[untyped-decorator]
def change(base: str, n: int) -> Response | tuple[str, int]:
    typed = request.form.get("email", "").strip()[:300]
    try:
        change_professor_address(cartulario(), person_id(), base, n, typed)
    except InvalidAnswers as error:
        (told,) = error.errors.values()
        return page(base, wrong=n, error=_(told), typed=typed), error.status
    except Conflict as error:
        return page(base, wrong=n, error=_(error.message), typed=typed), error.status
    flash(_("Registró el correo: las cartas al tribunal salen también a esa dirección."), "ok")
    return redirect(url_for("tribunal.show", base=base))


@tribunal_pages.app_template_global()
def mends_tribunal(mesa: Mesa) -> bool:
    return may_edit(office_roles(), mesa)


def page(base: str, *, wrong: int | None = None, error: str = "", typed: str = "") -> str:
    with cartulario().database.read() as conn:
        acta = acta_by_base(conn, base)
        mesa = get_mesa(conn, acta.mesa_id)
        if not may_edit(office_roles(), mesa):
            raise NotFound()
        professors = tribunal_of(conn, mesa.id)
        locked = any(one.state in LOCKED for one in actas_of_mesa(conn, mesa.id))
        accounts = get_people(conn, [one.person_id for one in professors if one.person_id])
    return render_template(
        "people/tribunal.html", acta=acta, mesa=mesa, professors=professors, accounts=accounts, locked=locked,
        manages=may_manage(office_roles()), wrong=wrong, error=error, typed=typed,
    )  # fmt: skip
