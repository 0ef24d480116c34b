"""The end of a request: check the answers, send, and the receipt with the number and the promised date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.cases import StartCase, start_case
from engine.cases.drafts import delete_request_draft, filed_as, get_request_draft
from engine.definitions import Definition
from engine.documents import Document, list_documents
from engine.errors import InvalidAnswers, NotFound
from engine.history.events import read_events
from engine.history.requester import find_own_case
from web.current import cartulario, person_id
from web.forms.view import html_id
from web.requests.catalogue import service_of
from web.requests.draft import form_of, load

filing = Blueprint("filing", __name__)


@filing.get("/solicitudes/<uuid:key>/revisar")
@login_required  # type: ignore[untyped-decorator]
def review(key: UUID) -> str | Response:
    draft, definition, context = load(key)
    form = form_of(definition)
    try:
        form.clean(draft.answers, context)
    except InvalidAnswers:
        return redirect(url_for("drafts.show", key=key))
    with cartulario().database.read() as conn:
        service = service_of(definition, load_calendar(conn, cartulario().config))
    shown = form.summary(draft.answers, context)
    return render_template("requests/review.html", service=service, draft=draft, shown=shown, html_id=html_id)


@filing.post("/solicitudes/<uuid:key>/enviar")
@login_required  # type: ignore[untyped-decorator]
def send(key: UUID) -> Response:
    """The draft's id is the request's: sent twice, the second finds the case of the first."""
    try:
        with cartulario().database.read() as conn:
            draft = get_request_draft(conn, key, person_id())
    except NotFound:
        return redirect(url_for("filing.receipt", number=number_of(key)))
    try:
        confirmed = request.form.get("confirmada") == "1"  # it is another one, though the same was asked today
        command = StartCase(draft.process, person_id(), draft.answers, request_id=key, confirmed=confirmed)
        filed = start_case(command, cartulario().engine)
    except InvalidAnswers:
        return redirect(url_for("drafts.show", key=key))
    with cartulario().database.write() as conn:
        delete_request_draft(conn, key, person_id())
    return redirect(url_for("filing.receipt", number=filed.number))


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
        head = find_own_case(conn, number, person_id())
        started = read_events(conn, head.id)[0].data
        files = list_documents(conn, head.id)
    definition = cartulario().definitions.get(head.version_id)
    return render_template(
        "requests/receipt.html", head=head, definition=definition, sent=sent_answers(definition, started, files),
        steps=what_follows(definition),
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
