"""A request being written: one page, its form, kept by the server from the first answer to the last."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from engine.cases import catalogues_of
from engine.cases.drafts import (
    RequestDraft,
    delete_request_draft,
    get_request_draft,
    list_request_drafts,
    save_request_draft,
    start_request_draft,
    unfiled_uploads,
)
from engine.cases.offer import require_profile
from engine.definitions import Definition
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.forms import Form, guard
from engine.history.case_file import get_case
from engine.people import Person, get_person
from web import dates
from web.current import cartulario, person_id, roles, signed_in, today
from web.forms import render_form
from web.requests.offered import offered
from web.requests.uploads import Received, receive_files
from web.sign_in.lost_form import recovered_form
from web.text import gettext as _

NO_QUESTIONS = Form({"components": []})

drafts = Blueprint("drafts", __name__)


def now() -> Any:
    return cartulario().clock.now()


def form_of(definition: Definition) -> Form:
    return definition.start_form or NO_QUESTIONS


def require_open_to(definition: Definition, who: Person, *, at_desk: bool = False) -> None:
    """C-26, C-34: the same rule as the engine's, before anything is typed."""
    if definition.manifest.process.starters:
        require_starter(definition)
        return
    if not definition.manifest.process.service:
        raise NotFound()
    require_profile(definition, who, at_desk=at_desk)


def require_starter(definition: Definition) -> None:
    """A process of the office itself is started by the functions that it names."""
    if not roles() & set(definition.manifest.process.starters):
        raise NotAllowed(_("Este trámite lo inicia la oficina: su función no lo permite."))


def load(key: UUID) -> tuple[RequestDraft, Definition, dict[str, Any]]:
    """The draft, the definition published now, and what its form may look at: uploads, today and who asks."""
    with cartulario().database.read() as conn:
        draft = get_request_draft(conn, key, person_id())
        uploads = unfiled_uploads(conn, person_id(), named_files(draft.answers))
        who = requester_of(conn, draft)
        definition = cartulario().definitions.current(draft.process, conn)
        lists = catalogues_of(
            conn, cartulario().engine, definition.start_form, person_id(), draft.process, cartulario().clock.now()
        )
    return draft, definition, {"uploads": uploads, "hoy": today().isoformat(), "tramite": about(who), **lists}


def requester_of(conn: Connection, draft: RequestDraft) -> Person:
    """Who asks: the person signed in, or the one whom they attend to at the desk."""
    return get_person(conn, draft.requester_id) if draft.requester_id else signed_in()


def about(who: Person) -> dict[str, Any]:
    """What a request form may show of its requester, as the case will hold it."""
    shown = {"nombre": who.full_name, "apellidos_nombres": who.sort_name, "correo": who.email, "perfil": who.profile}
    return {"solicitante": shown | {"tipo_identidad": who.identity_kind, "identidad": who.identity_number}}


def way_back(draft: RequestDraft) -> str:
    """Where a draft's pages were opened from: one's own cases, the case complained about, or the desk."""
    if draft.requester_id:
        return url_for("desk.person", key=draft.requester_id)
    return url_for("own_cases.list_mine")


def named_files(answers: dict[str, Any]) -> list[object]:
    return [item for value in answers.values() if isinstance(value, list) for item in value]


def save(draft: RequestDraft, definition: Definition, answers: dict[str, Any]) -> None:
    """Raises InvalidAnswers for what no answer may hold; the draft stays as it was."""
    guard(answers)
    with cartulario().database.write() as conn:
        save_request_draft(conn, draft.id, person_id(), definition.id, answers, now())


def page(
    draft: RequestDraft,
    definition: Definition,
    context: dict[str, Any],
    answers: dict[str, Any],
    errors: dict[str, str] | None = None,
    received: Received | None = None,
) -> str:
    form = render_form(
        form_of(definition), answers, errors, action=url_for("drafts.write", key=draft.id), context=context,
        refused=received.refused if received else None, submit=_("Revisar mis respuestas"), save=True,
        draft=url_for("drafts.keep", key=draft.id), hidden={"_pagina": request.path},
    )  # fmt: skip
    with cartulario().database.read() as conn:
        service = offered(conn, definition)
        who = requester_of(conn, draft)
        subject = get_case(conn, draft.about_id) if draft.about_id else None
    return render_template(
        "requests/form.html", form=form, service=service, draft=draft, errors=errors or {}, who=who, subject=subject
    )


@drafts.get("/servicios/<process>/solicitud")
@login_required  # type: ignore[untyped-decorator]
def begin(process: str) -> Response:
    """Go on with the draft of this service, or begin one."""
    definition = cartulario().definitions.current(process)
    require_open_to(definition, signed_in())
    with cartulario().database.write() as conn:
        kept = list_request_drafts(conn, person_id(), now(), process)
        draft = kept[0] if kept else start_request_draft(conn, person_id(), process, definition.id, {}, now())
    if definition.start_form is None:
        return redirect(url_for("filing.review", key=draft.id))
    return redirect(url_for("drafts.show", key=draft.id))


@drafts.get("/solicitudes/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def show(key: UUID) -> str:
    draft, definition, context = load(key)
    lost = recovered_form()
    if lost is not None:
        answers = form_of(definition).parse(lost)
        try:
            save(draft, definition, answers)
        except InvalidAnswers as error:
            return page(draft, definition, context, answers, error.errors)
        return page(draft, definition, context, answers)
    return page(draft, definition, context, form_of(definition).defaults(context) | draft.answers)


@drafts.post("/solicitudes/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def write(key: UUID) -> str | Response | tuple[str, int]:
    try:
        action, received = store_answers(key)
    except InvalidAnswers as error:  # what no draft may hold: shown again, not kept
        draft, definition, context = load(key)
        return page(draft, definition, context, form_of(definition).parse(request.form), error.errors), 422
    draft, definition, context = load(key)  # with the files just stored
    if action == "guardar" and not received.refused:
        flash(_("Guardamos su borrador. Lo encuentra aquí durante 30 días."), "ok")
        return redirect(way_back(draft))
    if action in ("fila", "actualizar"):
        return page(draft, definition, context, draft.answers, received.errors, received)
    errors = errors_of(form_of(definition), draft.answers, context) | received.errors
    if errors:
        return page(draft, definition, context, draft.answers, errors, received), 422
    return redirect(url_for("filing.review", key=draft.id))


def store_answers(key: UUID) -> tuple[str, Received]:
    """Keep whatever came, right or wrong, → what the button asked for, and the files."""
    draft, definition, _context = load(key)
    form, row = form_of(definition), request.form.get("_fila", "")
    received = receive_files(form)
    answers = form.parse(request.form, received.stored)
    save(draft, definition, form.change_rows(answers, row) if row else answers)
    return "fila" if row else request.form.get("_accion", ""), received


def errors_of(form: Form, answers: dict[str, Any], context: dict[str, Any]) -> dict[str, str]:
    try:
        form.clean(answers, context)
    except InvalidAnswers as error:
        return error.errors
    return {}


@drafts.post("/solicitudes/<uuid:key>/borrador")
@login_required  # type: ignore[untyped-decorator]
def keep(key: UUID) -> Response:
    """What the page sends by itself while somebody types; files are left as they were."""
    draft, definition, _context = load(key)
    form = form_of(definition)
    answers = form.parse(request.form)
    answers |= {
        name: draft.answers[name] for name in form.upload_keys if not answers.get(name) and name in draft.answers
    }
    save(draft, definition, answers)
    return jsonify(note=_("Borrador guardado a las %(time)s.", time=dates.clock_time(now())))


@drafts.post("/solicitudes/<uuid:key>/borrar")
@login_required  # type: ignore[untyped-decorator]
def discard(key: UUID) -> Response:
    """A draft that is gone already is no error: it goes to the list of one's own."""
    back = url_for("own_cases.list_mine")
    with cartulario().database.write() as conn:
        with suppress(NotFound):
            back = way_back(get_request_draft(conn, key, person_id()))
        delete_request_draft(conn, key, person_id())
    flash(_("Borramos el borrador."), "ok")
    return redirect(back)
