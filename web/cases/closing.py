"""The page on which the office ends a case that an incident keeps where it is: asks first, and says what stays."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.actas.examen import LOCKED, unfinished_of
from engine.cases import ArchiveCase, archive_case, is_stuck
from engine.documents import list_documents
from engine.errors import Conflict, InvalidAnswers
from engine.history.access import require_mender
from engine.history.case_file import get_case, incidents_of
from web.cases.reader import open_view, viewer
from web.current import cartulario, person_id
from web.request_id import request_id
from web.text import gettext as _

closing = Blueprint("closing", __name__)


@closing.get("/casos/<number>/cierre")
@login_required  # type: ignore[untyped-decorator]
def ask(number: str) -> str:
    return page(number)


@closing.post("/casos/<number>/cierre")
@login_required  # type: ignore[untyped-decorator]
def close(number: str) -> Response | tuple[str, int]:
    view, reason = open_view(number), request.form.get("reason", "")
    try:
        archive_case(ArchiveCase(view.id, person_id(), reason, request_id()), cartulario().engine)
    except InvalidAnswers as error:
        (told,) = error.errors.values()
        return page(number, error=_(told), typed=reason), error.status
    except Conflict as error:
        return page(number, refused=_(error.message), typed=reason), error.status
    flash(_("El trámite quedó cerrado, con su motivo en la historia."), "ok")
    return redirect(url_for("cases.case", number=view.number))


def page(number: str, *, error: str = "", refused: str = "", typed: str = "") -> str:
    view = open_view(number)
    require_mender(viewer().roles)
    with cartulario().database.read() as conn:
        head = get_case(conn, view.id)
        incidents = [one for one in incidents_of(conn, view.id) if one.status == "open"]
        actas = unfinished_of(conn, view.id)
        stuck = is_stuck(conn, view.id)
        documents = [one for one in list_documents(conn, view.id) if one.kind == "issued"]
    finals = {one.final_document_id for one in actas}
    ending = {one.code or one.id for one in documents if one.id in finals}  # of the actas that are annulled with it
    return render_template(
        "cases/closing.html",
        head=head,
        steps=cartulario().definitions.get(head.version_id).spec.elements,
        incidents=incidents,
        stuck=stuck,
        issued=[one for one in documents if (one.code or one.id) not in ending],
        actas=[one.base for one in actas],
        locked=[one.base for one in actas if one.state in LOCKED],
        own=head.requester_id == person_id(),
        error=error,
        refused=refused,
        typed=typed,
        request_id=uuid4(),
    )
