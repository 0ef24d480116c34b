"""Completing a task, signing when it asks for it. Whatever is refused is shown with everything that was typed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases import CompleteTask, complete_task
from engine.errors import Conflict, InvalidAnswers, SignatureRefused, TooMany, Unavailable
from engine.inbound.sign_outside import ReturnSigned, return_signed
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.inbox import Filters
from web.cases.reader import viewer
from web.current import cartulario, person_id
from web.inbox.blueprint import inbox
from web.inbox.pane import Pane, open_pane, pane_to_complete, show_form
from web.inbox.posted import Posted, read_post
from web.inbox.saved import list_address, task_address
from web.inbox.views import page
from web.request_id import request_id
from web.text import gettext as _

NEXT = "siguiente"
SIGNED = "firmado"  # the file that was signed outside


@inbox.post("/bandeja/<uuid:task_id>/completar")
@login_required  # type: ignore[untyped-decorator]
def complete(task_id: UUID) -> Response | tuple[str, int]:
    filters = Filters.parse(request.args)
    pane = pane_to_complete(task_id, filters)
    pane.request_id = str(request_id())
    posted = read_post(pane.form)
    if posted.only_redraw or posted.received.refused:
        return redraw(pane, posted, {} if posted.only_redraw else posted.received.errors)
    try:
        finish(pane, posted)
    except InvalidAnswers as error:
        return redraw(pane, posted, error.errors)
    except (SignatureRefused, TooMany) as error:
        pane.error, pane.outside = error.message, bool(request.files.get(SIGNED))
        return redraw(pane, posted, {}, error.status)
    except Unavailable as error:  # the time-stamp's service or the archive; without the database this fails again
        pane.error = error.message
        shown = make_response(*redraw(pane, posted, {}, error.status))
        shown.headers["Retry-After"] = str(error.retry_after)
        return shown
    except Conflict as error:
        return stale(pane, posted, error), error.status
    flash(_("«%(task)s» quedó completada.", task=pane.task.name), "ok")
    return onwards(task_id, filters)


@inbox.get("/bandeja/<uuid:task_id>/completar")
@login_required  # type: ignore[untyped-decorator]
def again(task_id: UUID) -> Response:
    """The address that a refused form leaves in the browser: opened again, it is the task."""
    return redirect(task_address(task_id, Filters.parse(request.args)))


def finish(pane: Pane, posted: Posted) -> None:
    app, actor, key = cartulario(), person_id(), UUID(pane.request_id)
    brought = request.files.get(SIGNED)
    if "firma" in pane.definition.spec.elements[pane.task.element].properties and brought:
        data = brought.stream.read(app.config.max_upload + 1)
        if len(data) > app.config.max_upload:
            raise SignatureRefused("El archivo firmado es demasiado grande: suba el mismo que descargó, ya firmado.")
        name = brought.filename or ""
        return_signed(ReturnSigned(pane.task.id, actor, name, data, posted.answers, request_id=key), app)
    elif "firma" in pane.definition.spec.elements[pane.task.element].properties:
        sign_and_complete(SignTask(pane.task.id, actor, posted.pin, posted.answers, request_id=key), app)
    else:
        complete_task(CompleteTask(pane.task.id, actor, posted.answers, key), app.engine)


def redraw(sent: Pane, posted: Posted, errors: dict[str, str], status: int = 422) -> tuple[str, int]:
    """The form again, with what was typed, which is also kept as the draft."""
    keep(sent, posted)
    pane = open_pane(sent.task.id, sent.filters)
    pane.request_id, pane.error, pane.outside = sent.request_id, sent.error, sent.outside
    show_form(pane, posted.answers, errors, posted.received)
    return page(pane.filters, pane), 200 if posted.only_redraw else status


def keep(pane: Pane, posted: Posted) -> None:
    try:
        cartulario().inbox.save_draft(viewer(), pane.task.id, posted.answers)
    except (Conflict, InvalidAnswers):
        return  # what cannot be kept is on the page that is shown


def stale(pane: Pane, posted: Posted, error: Conflict) -> str:
    """The task is no longer theirs to complete: what happened, and what they had written, to copy from."""
    written = pane.form.summary(posted.answers, pane.data) if pane.form else []
    return render_template("inbox/stale.html", pane=pane, written=written, message=error.message)


def onwards(task_id: UUID, filters: Filters) -> Response:
    """The next task of the list, or the list."""
    following = None
    if request.form.get("_despues") == NEXT:
        following = cartulario().inbox.next_task(viewer(), filters, task_id)
    address = task_address(following, filters) if following else list_address(filters)
    return make_response(redirect(address, 303))
