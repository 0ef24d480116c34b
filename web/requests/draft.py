"""A request being written: one page, its form, kept by the server from the first answer to the last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.cases.drafts import (
    RequestDraft,
    delete_request_draft,
    get_request_draft,
    list_request_drafts,
    save_request_draft,
    start_request_draft,
    unfiled_uploads,
)
from engine.definitions import Definition
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.forms import Form, guard
from web import dates
from web.current import cartulario, person_id, signed_in, today
from web.forms import render_form
from web.requests.catalogue import service_of
from web.requests.uploads import Received, receive_files
from web.sign_in.lost_form import recovered_form
from web.text import gettext as _

NO_QUESTIONS = Form({"components": []})

drafts = Blueprint("drafts", __name__)


def now() -> Any:
    return cartulario().clock.now()


def form_of(definition: Definition) -> Form:
    return definition.start_form or NO_QUESTIONS


def require_mine(definition: Definition) -> None:
    """C-26, C-34: the same rule as the engine's, before anything is typed."""
    profiles = definition.manifest.process.profiles
    if not definition.manifest.process.service:
        raise NotFound()
    if profiles and signed_in().profile not in profiles:
        raise NotAllowed(_("Este servicio es para otro perfil: %(profiles)s.", profiles=", ".join(profiles)))


def load(key: UUID) -> tuple[RequestDraft, Definition, dict[str, Any]]:
    """The draft, the definition published now, and what its form may look at: uploads and today."""
    with cartulario().database.read() as conn:
        draft = get_request_draft(conn, key, person_id())
        uploads = unfiled_uploads(conn, person_id(), named_files(draft.answers))
    definition = cartulario().definitions.current(draft.process)
    return draft, definition, {"uploads": uploads, "hoy": today().isoformat(), "tramite": about_me()}


def about_me() -> dict[str, Any]:
    """What a request form may show of its requester, as the case will hold it."""
    me = signed_in()
    who = {"nombre": me.full_name, "apellidos_nombres": me.sort_name, "correo": me.email, "perfil": me.profile}
    return {"solicitante": who | {"tipo_identidad": me.identity_kind, "identidad": me.identity_number}}


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
        service = service_of(definition, load_calendar(conn, cartulario().config))
    return render_template("requests/form.html", form=form, service=service, draft=draft, errors=errors or {})


@drafts.get("/servicios/<process>/solicitud")
@login_required  # type: ignore[untyped-decorator]
def begin(process: str) -> Response:
    """Go on with the draft of this service, or begin one."""
    definition = cartulario().definitions.current(process)
    require_mine(definition)
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
        return redirect(url_for("own_cases.list_mine"))
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
    with cartulario().database.write() as conn:
        delete_request_draft(conn, key, person_id())
    flash(_("Borramos el borrador."), "ok")
    return redirect(url_for("own_cases.list_mine"))
