"""The list, and the list with a task beside it. Filters are the address's query; the same query stays with a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_login import login_required

from engine.history.requester import cases_to_answer
from engine.inbox import Filters
from web.cases.reader import staff, viewer
from web.current import cartulario
from web.inbox.blueprint import inbox
from web.inbox.pane import Pane, open_pane, show_form
from web.inbox.saved import shortcuts_on
from web.inbox.words import add_words
from web.request_id import new_id
from web.sign_in.lost_form import recovered_form

add_words(inbox)
DETAIL = "detalle"  # id of the pane that htmx replaces


@inbox.get("/bandeja")
@login_required  # type: ignore[untyped-decorator]
def tasks() -> str:
    staff()
    return page(Filters.parse(request.args))


@inbox.get("/bandeja/<uuid:task_id>")
@login_required  # type: ignore[untyped-decorator]
def task(task_id: UUID) -> str:
    filters = Filters.parse(request.args)
    pane = open_pane(task_id, filters, request.args.get("pestana", "formulario"))
    lost = recovered_form()
    show_form(pane, pane.form.parse(lost) if lost and pane.form else None)
    pane.request_id = (lost.get("request_id") if lost else None) or new_id()
    shown = page(filters, pane)
    cartulario().inbox.log_read(viewer(), pane.task.case_id, f"Abrió la tarea «{pane.task.name}»")
    return shown


@inbox.get("/bandeja/cuentas")
@login_required  # type: ignore[untyped-decorator]
def counts() -> str:
    """The tabs with their counts, asked for every so often by htmx."""
    who, filters = staff(), Filters.parse(request.args)
    found = cartulario().inbox.counts(who)
    known = request.args.get("n", "")
    return render_template("inbox/tabs.html", filters=filters, counts=found, known=known, live=True)


def page(filters: Filters, pane: Pane | None = None) -> str:
    """The list with a pane; only the pane when that is all that is asked for."""
    context: dict[str, Any] = {"filters": filters, "pane": pane, "shortcuts": shortcuts_on(), "page": None}
    if request.headers.get("HX-Target") == DETAIL and pane is not None:
        return render_template("inbox/detail.html", **context)
    box, who = cartulario().inbox, viewer()
    context["page"] = box.list_tasks(who, filters)
    with cartulario().database.read() as conn:
        context["awaited"] = cases_to_answer(conn, who.person_id)
    return render_template("inbox/inbox.html", **context, processes=box.list_processes(), saved=box.list_filters(who))
