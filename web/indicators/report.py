"""The report of a period: made and sealed by one button of the dashboard; signed, besides, by who answers for it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.errors import NotAllowed, SignatureRefused, TooMany, Unavailable
from engine.indicators import may_sign_report, period_report, read_report, report_signed_by, sign_report
from engine.indicators.signed_report import AlreadySigned
from engine.signing import key_of
from web.current import cartulario, person_id
from web.files import file_response
from web.indicators.views import indicators, read_board, require_director
from web.request_id import request_id


@indicators.post("/tablero/informe")
@login_required  # type: ignore[untyped-decorator]
def report() -> Redirect:
    """Make the report of the period, sealed, and show where it is; to who may sign it, with the place to do so."""
    require_director()
    _filters, found, _offers = read_board(1)
    document = period_report(cartulario(), found, person_id(), request_id())
    signs = may_sign_report(cartulario(), person_id())
    return redirect(url_for("indicators.sign_page" if signs else "indicators.report_file", document_id=document.id))


@indicators.get("/tablero/informe/<uuid:document_id>")
@login_required  # type: ignore[untyped-decorator]
def report_file(document_id: UUID) -> Response:
    require_director()
    return file_response(*read_report(cartulario(), document_id))


@indicators.get("/tablero/informe/<uuid:document_id>/firma")
@login_required  # type: ignore[untyped-decorator]
def sign_page(document_id: UUID) -> str:
    return page(document_id)


@indicators.post("/tablero/informe/<uuid:document_id>/firma")
@login_required  # type: ignore[untyped-decorator]
def sign(document_id: UUID) -> Redirect | Response:
    require_director()
    try:
        sign_report(cartulario(), document_id, person_id(), request.form.get("pin", ""))
    except AlreadySigned:
        return make_response(page(document_id), AlreadySigned.status)
    except (SignatureRefused, TooMany, Unavailable) as error:
        return make_response(page(document_id, error.message), error.status)
    return redirect(url_for("indicators.sign_page", document_id=document_id), 303)


def page(document_id: UUID, error: str = "") -> str:
    require_director()
    app = cartulario()
    if not may_sign_report(app, person_id()):
        raise NotAllowed()
    document, _pdf = read_report(app, document_id)
    with app.database.read() as conn:
        key = key_of(conn, person_id())
    if key is not None and key.outside:  # signs with another program: here there is nothing to sign with
        key = None
    try:
        signed, taken = report_signed_by(app, document_id, person_id()), ""
    except AlreadySigned as error_of_another:
        signed, taken = None, error_of_another.message
    return render_template("indicators/sign.html", document=document, signed=signed, key=key, error=error, taken=taken)
