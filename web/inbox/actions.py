"""What is done to one task besides completing it. Each view is one command; afterwards the task is shown again."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from flask import flash, jsonify, redirect, request
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases import AnswerRequester, answer_requester
from engine.documents import UploadRefused, check_upload, store_upload
from engine.errors import InvalidAnswers, TooLarge
from engine.inbox import Filters
from engine.inbox.commands.attach import attach
from web.cases.reader import viewer
from web.current import cartulario
from web.dates import clock_time, short_day
from web.inbox.blueprint import inbox
from web.inbox.posted import read_post
from web.inbox.saved import list_address, task_address
from web.request_id import request_id
from web.text import gettext as _

WAKES = time(8, 0)


def back(task_id: UUID, tab: str = "") -> Response:
    address = task_address(task_id, Filters.parse(request.args))
    return redirect(address + (("&" if "?" in address else "?") + f"pestana={tab}" if tab else ""))


@inbox.post("/bandeja/<uuid:task_id>/tomar")
@login_required  # type: ignore[untyped-decorator]
def claim(task_id: UUID) -> Response:
    cartulario().inbox.claim(viewer(), task_id)
    flash(_("La tarea es suya."), "ok")
    return back(task_id)


@inbox.post("/bandeja/<uuid:task_id>/soltar")
@login_required  # type: ignore[untyped-decorator]
def release(task_id: UUID) -> Response:
    cartulario().inbox.release(viewer(), task_id)
    flash(_("La tarea volvió a su grupo. El borrador se queda con ella."), "ok")
    return back(task_id)


@inbox.post("/bandeja/<uuid:task_id>/asignar")
@login_required  # type: ignore[untyped-decorator]
def assign(task_id: UUID) -> Response:
    to = chosen_person()
    cartulario().inbox.assign(viewer(), task_id, to, request.form.get("nota", ""))
    flash(_("La tarea cambió de manos."), "ok")
    return redirect(list_address(Filters.parse(request.args)))


@inbox.post("/bandeja/<uuid:task_id>/posponer")
@login_required  # type: ignore[untyped-decorator]
def snooze(task_id: UUID) -> Response:
    until = chosen_moment()
    cartulario().inbox.snooze(viewer(), task_id, until)
    if until is None:
        flash(_("La tarea volvió a su bandeja."), "ok")
        return back(task_id)
    flash(_("Pospuesta hasta el %(day)s. El plazo sigue corriendo.", day=short_day(until)), "ok")
    return redirect(list_address(Filters.parse(request.args)))


@inbox.post("/bandeja/<uuid:task_id>/borrador")
@login_required  # type: ignore[untyped-decorator]
def save_draft(task_id: UUID) -> Response:
    """Asked for by the page while somebody types; the answer is what the page says beside the buttons."""
    app, who = cartulario(), viewer()
    task = app.inbox.get_task(who, task_id)
    form = app.definitions.get(task.version_id).form_of(task.element)
    at = app.inbox.save_draft(who, task_id, read_post(form, files=False).answers)
    return jsonify(note=_("Borrador guardado, %(time)s", time=clock_time(at)))


@inbox.post("/bandeja/<uuid:task_id>/comentarios")
@login_required  # type: ignore[untyped-decorator]
def comment(task_id: UUID) -> Response:
    """Said to the staff, or sent to the requester by the button that says so."""
    app, who = cartulario(), viewer()
    task, text = app.inbox.get_task(who, task_id), request.form.get("text", "")
    try:
        if request.form.get("para") == "solicitante":
            answer_requester(AnswerRequester(task.case_id, who.person_id, text, request_id()), app.engine)
            flash(_("Su mensaje va por correo a quien pidió el trámite y queda en su página."), "ok")
        else:
            app.inbox.add_comment(who, task.case_id, text)
    except InvalidAnswers as error:
        flash(error.errors["text"], "warn")
    return back(task_id, "comentarios")


@inbox.post("/bandeja/<uuid:task_id>/adjuntos")
@login_required  # type: ignore[untyped-decorator]
def attach_file(task_id: UUID) -> Response:
    """A file that staff add to the case; the requester does not see it unless it is released."""
    app, who = cartulario(), viewer()
    task = app.inbox.get_task(who, task_id)
    file = request.files.get("archivo")
    if file is None or not file.filename:
        flash(_("Elija primero el archivo."), "warn")
        return back(task_id, "documentos")
    try:
        checked = check_upload(
            filename=file.filename,
            stream=file.stream,
            allowed=(),
            max_bytes=app.config.max_upload,
            clamd=app.config.clamd,
        )
    except (UploadRefused, TooLarge) as error:
        flash(_(error.message), "warn")
        return back(task_id, "documentos")
    at = app.clock.now()
    with app.database.write() as conn:
        document = store_upload(conn, app.archive, checked, created_by=who.person_id, at=at)
        attach(conn, who, task.case_id, document.id, lanes=app.inbox.lanes, at=at)
    flash(_("«%(name)s» quedó en el trámite.", name=document.name), "ok")
    return back(task_id, "documentos")


def chosen_person() -> UUID:
    """Raises InvalidAnswers."""
    try:
        return UUID(request.form["a"])
    except (KeyError, ValueError) as error:
        raise InvalidAnswers({"a": _("Elija a quién.")}) from error


def chosen_moment() -> datetime | None:
    """The morning of the chosen day; None for «ahora». Raises InvalidAnswers."""
    text = request.form.get("hasta", "")
    if text == "ahora":
        return None
    try:
        return datetime.combine(date.fromisoformat(text), WAKES, cartulario().config.zone)
    except ValueError as error:
        raise InvalidAnswers({"hasta": _("Elija un día.")}) from error
