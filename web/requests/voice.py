"""What a requester says of how they were served: a complaint or suggestion, and one mark when it is delivered."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from engine.cases import AlreadyRated, RateCase, rate_case, was_delivered
from engine.cases.drafts import list_request_drafts, start_request_draft
from engine.errors import InvalidAnswers
from engine.history.case_file import CaseHead
from engine.history.opinions import opinion_of
from engine.history.related import COMPLAINT
from web.current import cartulario, person_id
from web.requests.own_case import own_case
from web.security import limiter
from web.text import gettext as _
from web.text import lazy_gettext

SCORES = {
    1: lazy_gettext("Muy mala"),
    2: lazy_gettext("Mala"),
    3: lazy_gettext("Regular"),
    4: lazy_gettext("Buena"),
    5: lazy_gettext("Muy buena"),
}

voice = Blueprint("voice", __name__)


@voice.get("/sugerencias")
@login_required  # type: ignore[untyped-decorator]
def suggest() -> Response:
    """A complaint or suggestion about no case in particular."""
    return write_about(None)


@voice.get("/tramites/<number>/queja")
@login_required  # type: ignore[untyped-decorator]
def complain(number: str) -> Response:
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
    return write_about(head.id)


def write_about(case_id: UUID | None) -> Response:
    """Go on with what was being written about it, or begin."""
    engine = cartulario()
    definition, now = engine.definitions.current(COMPLAINT), engine.clock.now()
    with engine.database.write() as conn:
        kept = [one for one in list_request_drafts(conn, person_id(), now, COMPLAINT) if one.about_id == case_id]
        draft = kept[0] if kept else start_request_draft(
            conn, person_id(), COMPLAINT, definition.id, {}, now, about_id=case_id
        )  # fmt: skip
    return redirect(url_for("drafts.show", key=draft.id))


@voice.get("/tramites/<number>/opinion")
@login_required  # type: ignore[untyped-decorator]
def ask(number: str) -> str:
    """Where the link of the delivery's mail leads."""
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
    return page(head)


def page(head: CaseHead, errors: dict[str, str] | None = None) -> str:
    with cartulario().database.read() as conn:
        said, asked = opinion_of(conn, head.id), may_rate(conn, head)
    return render_template(
        "requests/opinion.html",
        head=head,
        said=said,
        asked=asked,
        scores=SCORES,
        errors=errors or {},
        typed=request.form,
    )


def may_rate(conn: Connection, head: CaseHead) -> bool:
    """The question is asked: it ended, something was delivered, and it is the requester who looks."""
    return head.status == "completed" and head.requester_id == person_id() and was_delivered(conn, head.id)


@voice.post("/tramites/<number>/opinion")
@limiter.limit("10 per minute")
@login_required  # type: ignore[untyped-decorator]
def rate(number: str) -> str | Response | tuple[str, int]:
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
    score = request.form.get("nota", 0, type=int)
    try:
        rate_case(RateCase(head.id, person_id(), score, request.form.get("comentario", "")), cartulario().engine)
    except InvalidAnswers as error:
        fields = {"score": "nota", "comment": "comentario"}
        return page(head, {fields[name]: _(text) for name, text in error.errors.items()}), 422
    except AlreadyRated as error:
        flash(_(error.message), "ok")
    else:
        flash(_("Gracias por su opinión."), "ok")
    return redirect(url_for("own_cases.show_case", number=head.number))
