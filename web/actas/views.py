"""Search the register, read one acta, reserve it, and go from it to the request for its certified copy."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.actas import (
    ActaSesion,
    ReserveActa,
    list_bodies,
    list_reservations,
    read_date,
    read_original,
    reservation_on,
    reserve_acta,
    search_actas,
)
from engine.cases.drafts import list_request_drafts, start_request_draft
from engine.errors import InvalidAnswers, NotFound
from engine.people import get_people
from web import current
from web.actas.query import ActaQuery
from web.actas.reader import acta_for_me, keeps, require_keeps, reserved_part
from web.cases.reader import viewer
from web.current import cartulario
from web.requests.draft import require_open_to
from web.security import frameable
from web.text import gettext as _
from web.text import lazy_gettext

SERVICE = "solicitar_copia_acta"
PRODUCT = "documentos_sesiones"
KINDS = {
    "ordinaria": lazy_gettext("Ordinaria"),
    "extraordinaria": lazy_gettext("Extraordinaria"),
    "solemne": lazy_gettext("Solemne"),
    "otra": lazy_gettext("Otra"),
}

register = Blueprint("actas", __name__)


@register.get("/actas-de-sesion")
@login_required  # type: ignore[untyped-decorator]
def search() -> str:
    keeper, query = keeps(), ActaQuery.read(request.args)
    with cartulario().database.read() as conn:
        page = search_actas(conn, query.search(keeper, current.today()))
        bodies = list_bodies(conn)
    return render_template("actas/search.html", query=query, page=page, bodies=bodies, keeper=keeper, **words())


@register.get("/actas-de-sesion/<reference>")
@login_required  # type: ignore[untyped-decorator]
def show(reference: str) -> str:
    acta, keeper = acta_for_me(reference)
    return acta_page(acta, keeper)


def acta_page(acta: ActaSesion, keeper: bool, errors: dict[str, str] | None = None) -> str:
    with cartulario().database.read() as conn:
        history = list_reservations(conn, acta.id) if keeper else []
        people = get_people(conn, [one.by for one in history if one.by])
    return render_template(
        "actas/acta.html", acta=acta, keeper=keeper, history=history, people=people, failed=bool(errors),
        reads=cartulario().inbox.list_acta_reads(acta.id) if keeper else (),
        errors={"kind": "", "pages": "", "reason": "", "until": "", **(errors or {})}, typed=request.form,
        may_ask=may_ask(), **words(),
    )  # fmt: skip


@register.get("/actas-de-sesion/<reference>/original")
@login_required  # type: ignore[untyped-decorator]
def original(reference: str) -> Response:
    """The original itself: only for those who keep the register; that it was opened stays on record."""
    require_keeps()
    acta, _keeper = acta_for_me(reference)
    data = read_original(cartulario().archive, acta)
    cartulario().inbox.log_acta_read(viewer(), acta.id, f"Abrió el original de {acta.reference}")
    response = Response(data, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{acta.reference}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return frameable(response)


@register.post("/actas-de-sesion/<reference>/reserva")
@login_required  # type: ignore[untyped-decorator]
def reserve(reference: str) -> Redirect | tuple[str, int]:
    require_keeps()
    acta, keeper = acta_for_me(reference)
    form, app = request.form, cartulario()
    until = form.get("until", "").strip()
    try:
        if until and read_date(until) is None:
            raise InvalidAnswers({"until": _("Escriba una fecha, como 2027-03-31, o déjela vacía.")})
        command = ReserveActa(
            acta.id,
            current.person_id(),
            form.get("kind", ""),
            form.get("pages", "")[:200],
            form.get("reason", "")[:2000],
            read_date(until),
        )
        with app.database.write() as conn:
            changed = reserve_acta(conn, command, current.office_roles(), app.clock.now(), current.today())
    except InvalidAnswers as error:
        return acta_page(acta, keeper, {name: _(text) for name, text in error.errors.items()}), 422
    done = _("Levantamos la reserva.") if changed.reserved == "none" else _("Quedó reservada, con su motivo.")
    flash(done, "ok")
    return redirect(url_for("actas.show", reference=acta.reference))


@register.post("/actas-de-sesion/<reference>/pedir")
@login_required  # type: ignore[untyped-decorator]
def ask(reference: str) -> Redirect:
    """Begin the request for a certified copy, with this acta already written; or go on with the one begun before."""
    acta, _keeper = acta_for_me(reference)
    app = cartulario()
    definition = app.definitions.current(SERVICE)
    require_open_to(definition, current.signed_in())
    answers = {
        "productos": [PRODUCT],
        "acta_referencia": acta.reference,
        "organo": acta.body,
        "sesion_fecha": acta.date.isoformat(),
        "acta_numero": acta.number,
        "acta_palabras": acta.title,
        "canal": "digital",
    }
    who, now = current.person_id(), app.clock.now()
    with app.database.write() as conn:
        begun = list_request_drafts(conn, who, now, SERVICE)
        same = [one for one in begun if one.answers.get("acta_referencia") == acta.reference]
        draft = same[0] if same else start_request_draft(conn, who, SERVICE, definition.id, answers, now)
    return redirect(url_for("drafts.show", key=draft.id))


def may_ask() -> bool:
    """Whether the service is published and for this person's profile."""
    try:
        definition = cartulario().definitions.current(SERVICE)
    except NotFound:
        return False
    return current.signed_in().profile in definition.manifest.process.profiles


def words() -> dict[str, object]:
    """What the templates call."""
    today = current.today()
    return {
        "kinds": KINDS,
        "state_of": lambda acta: reservation_on(acta, today),
        "reserved_part": lambda acta: reserved_part(acta, today),
    }
