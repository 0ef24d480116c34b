"""What a requester may do to their own case: withdraw it, or write to whoever has it."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases import WithdrawCase, withdraw_case
from engine.errors import CaseClosed, InvalidAnswers
from engine.inbox.commands.message import write_message
from web.cases.reader import viewer
from web.current import cartulario, person_id
from web.requests.answers import late_page, request_id_of_page
from web.requests.cases import case_page
from web.requests.own_case import own_case
from web.security import limiter
from web.text import gettext as _

actions = Blueprint("actions", __name__)


@actions.get("/tramites/<number>/retirar")
@login_required  # type: ignore[untyped-decorator]
def ask_to_withdraw(number: str) -> str:
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
    return render_template("requests/withdraw.html", head=head, request_id=uuid4(), error="", reason="")


@actions.post("/tramites/<number>/retirar")
@login_required  # type: ignore[untyped-decorator]
def withdraw(number: str) -> Response | tuple[str, int]:
    reason, request_id = request.form.get("motivo", ""), request_id_of_page()
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
    try:
        withdraw_case(WithdrawCase(head.id, person_id(), reason, request_id), cartulario().engine)
    except InvalidAnswers as error:
        page = render_template(
            "requests/withdraw.html", head=head, request_id=request_id, error=error.errors["reason"], reason=reason
        )
        return page, 422
    flash(_("Retiró la solicitud. No se hará nada más con ella."), "ok")
    return redirect(url_for("own_cases.show_case", number=head.number))


@actions.post("/tramites/<number>/mensaje")
@limiter.limit("10 per minute")
@login_required  # type: ignore[untyped-decorator]
def write_to_holder(number: str) -> Response | tuple[str, int]:
    engine, text = cartulario(), request.form.get("mensaje", "")
    with engine.database.read() as conn:
        head = own_case(conn, number)
    try:
        with engine.database.write() as conn:
            write_message(conn, viewer(), head.id, text, at=engine.clock.now())
    except InvalidAnswers as error:
        wrong = error.errors["text"]
        return case_page(number, errors={"mensaje": _(wrong)}, typed={"mensaje": text}), 422
    except CaseClosed as error:
        return late_page(head, error.message, [(_("Su mensaje"), text)]), error.status
    flash(_("Enviamos su mensaje a quien tiene el trámite."), "ok")
    return redirect(url_for("own_cases.show_case", number=head.number) + "#escribir")
