"""The end of a request: check the answers, send, and the receipt with the number and the promised date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases import StartCase, start_case
from engine.cases.drafts import RequestDraft, delete_request_draft, filed_as, get_request_draft
from engine.definitions import Definition
from engine.documents import Document, list_documents
from engine.errors import InvalidAnswers, NotFound, SameRequestToday
from engine.history.case_file import get_case
from engine.history.events import read_events
from engine.inbound.foreseen import foresee
from web.current import cartulario, person_id
from web.forms.view import html_id
from web.requests.draft import form_of, load, requester_of
from web.requests.offered import offered
from web.requests.own_case import own_case
from web.requests.term import case_term
from web.text import gettext as _

filing = Blueprint("filing", __name__)


@filing.get("/solicitudes/<uuid:key>/revisar")
@login_required  # type: ignore[untyped-decorator]
def review(key: UUID) -> str | Response:
    return check_page(key) or redirect(url_for("drafts.show", key=key))


def check_page(key: UUID, earlier: str = "") -> str | None:
    """``earlier``: the case in which the same was asked today. None when the answers are not complete."""
    draft, definition, context = load(key)
    form = form_of(definition)
    try:
        form.clean(draft.answers, context)
    except InvalidAnswers:
        return None
    with cartulario().database.read() as conn:
        service = offered(conn, definition)
        who = requester_of(conn, draft)
        subject = get_case(conn, draft.about_id) if draft.about_id else None
    return render_template(
        "requests/review.html", service=service, draft=draft, shown=form.summary(draft.answers, context),
        html_id=html_id, who=who, subject=subject, earlier=earlier, foreseen=foresee(cartulario(), command_of(draft)),
    )  # fmt: skip


@filing.post("/solicitudes/<uuid:key>/enviar")
@login_required  # type: ignore[untyped-decorator]
def send(key: UUID) -> str | Response | tuple[str, int]:
    """The draft's id is the request's: sent twice, the second finds the case of the first. What was asked already
    today is asked about, once: the page comes back with the question, and its answer is ``confirmada``."""
    try:
        with cartulario().database.read() as conn:
            draft = get_request_draft(conn, key, person_id())
    except NotFound:
        return redirect(url_for("filing.receipt", number=number_of(key)))
    try:
        filed = start_case(command_of(draft), cartulario().engine)
    except InvalidAnswers as error:
        flash(_(next(iter(error.errors.values()))), "bad")
        return redirect(url_for("drafts.show", key=key))
    except SameRequestToday as error:
        return check_page(key, str(error.details["number"])) or "", 409
    with cartulario().database.write() as conn:
        delete_request_draft(conn, key, person_id())
    if draft.requester_id:
        return redirect(url_for("desk.receipt", number=filed.number))
    return redirect(url_for("filing.receipt", number=filed.number))


def command_of(draft: RequestDraft) -> StartCase:
    """One's own request, or the one that was taken at the desk for somebody."""
    me, at_desk = person_id(), draft.requester_id is not None
    return StartCase(
        draft.process,
        draft.requester_id or me,
        draft.answers,
        request_id=draft.id,
        filed_by=me if at_desk else None,
        channel="mostrador" if at_desk else "portal",
        origin=draft.origin,
        about=draft.about_id,
        confirmed=request.form.get("confirmada") == "1",
    )


def number_of(key: UUID) -> str:
    """The case that a draft became. Raises NotFound when it never did."""
    with cartulario().database.read() as conn:
        number = filed_as(conn, key, person_id())
    if number is None:
        raise NotFound()
    return number


@filing.get("/tramites/<number>/recibido")
@login_required  # type: ignore[untyped-decorator]
def receipt(number: str) -> str:
    with cartulario().database.read() as conn:
        head = own_case(conn, number)
        started = read_events(conn, head.id)[0].data
        files = list_documents(conn, head.id)
        definition = cartulario().definitions.get(head.version_id)
        term = case_term(conn, head, definition)
    return render_template(
        "requests/receipt.html", head=head, definition=definition, sent=sent_answers(definition, started, files),
        steps=what_follows(definition), term=term,
    )  # fmt: skip


def sent_answers(
    definition: Definition, started: Mapping[str, Any], files: Sequence[Document]
) -> list[tuple[str, str]]:
    """(question, answer) as they were sent."""
    data = dict(started.get("data") or {})
    uploads = {str(file.id): {"name": file.name, "size": file.size} for file in files}
    form = definition.start_form
    return form.describe(data, {**data, "uploads": uploads}) if form else []


def what_follows(definition: Definition) -> list[str]:
    """The owner's sentences (``queSigue`` of the start event, parted by «|»); none: the page has general ones."""
    written = definition.spec.start.properties.get("queSigue", "")
    return [sentence.strip() for sentence in written.split("|") if sentence.strip()]
