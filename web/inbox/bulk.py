"""The same thing done to several tasks: what could be done is done, and each refusal is told with its reason.

Assigning and snoozing ask for one thing more on a page of their own. Completing is offered where one form serves for
all of them: the same step of the same version, without files and without a signature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.cases import CompleteTask, complete_task
from engine.cases.task_data import task_data
from engine.errors import InvalidAnswers, NotAllowed
from engine.inbox import BulkReport, Filters, TaskDetail
from engine.inbox.bulk import in_bulk
from engine.people import Person
from web.cases.reader import staff, viewer
from web.current import cartulario, person_id
from web.forms import render_fields
from web.inbox.actions import chosen_moment, chosen_person
from web.inbox.blueprint import inbox
from web.inbox.posted import read_post
from web.inbox.saved import list_address
from web.request_id import request_id
from web.text import gettext as _
from web.text import ngettext

ASKS_MORE = {"asignar": "a", "posponer": "hasta", "completar": "request_id"}
PAGE_NAMES = ("accion", "t")
Answer = Response | str | tuple[str, int]


@inbox.post("/bandeja/masivo")
@login_required  # type: ignore[untyped-decorator]
def bulk() -> Answer:
    staff()
    action, chosen = request.form.get("accion", ""), chosen_tasks()
    if not chosen:
        flash(_("No eligió ninguna tarea."), "warn")
        return back()
    if action in ASKS_MORE and ASKS_MORE[action] not in request.form:
        return ask(action, chosen)
    return ACTIONS.get(action, nothing)(chosen)


def chosen_tasks() -> list[UUID]:
    found = []
    for text in request.form.getlist("t"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def back() -> Response:
    return redirect(list_address(Filters.parse(request.args)), 303)


def tell(report: BulkReport) -> Response:
    if report.done:
        flash(ngettext("Hecho con %(num)s tarea.", "Hecho con %(num)s tareas.", len(report.done)), "ok")
    for reason in dict.fromkeys(refusal.reason for refusal in report.refused):
        many = sum(refusal.reason == reason for refusal in report.refused)
        text = ngettext("No se pudo con %(num)s tarea: ", "No se pudo con %(num)s tareas: ", many)
        flash(text + _(reason), "warn")
    return back()


def ask(action: str, chosen: Sequence[UUID], errors: dict[str, str] | None = None) -> Answer:
    """The page that asks for the rest: to whom, until when, or the answers."""
    tasks = [cartulario().inbox.get_task(viewer(), task_id) for task_id in chosen]
    fields = None
    if action == "completar":
        try:
            fields = shared_form(tasks, errors)
        except NotAllowed as error:
            flash(error.message, "warn")
            return back()
    people = assignable(tasks) if action == "asignar" else []
    today = cartulario().inbox.calendar.local_day(cartulario().clock.now())
    page = render_template(
        "inbox/bulk.html", action=action, tasks=tasks, people=people, fields=fields, errors=errors or {}, today=today,
        filters=Filters.parse(request.args),
    )  # fmt: skip
    return (page, 422) if errors else page


def assignable(tasks: Sequence[TaskDetail]) -> list[Person]:
    """Who may have them all."""
    first = {(task.role, task.process): task for task in tasks}
    offers = [cartulario().inbox.list_assignable(viewer(), task.id) for task in first.values()]
    common = set.intersection(*({person.id for person in offer} for offer in offers))
    return [person for person in offers[0] if person.id in common]


def shared_form(tasks: Sequence[TaskDetail], errors: dict[str, str] | None) -> Markup | None:
    """The one form of all these tasks; None when they ask for nothing. Raises NotAllowed."""
    app = cartulario()
    if len({(task.version_id, task.element) for task in tasks}) > 1:
        raise NotAllowed(_("Para completar varias a la vez tienen que ser del mismo paso. Elija solo las de un paso."))
    definition = app.definitions.get(tasks[0].version_id)
    form = definition.form_of(tasks[0].element)
    if "firma" in definition.spec.elements[tasks[0].element].properties or (form and form.upload_keys):
        raise NotAllowed(_("Este paso pide una firma o un archivo: se completa de a una; las firmas, con «Firmar»."))
    if form is None:
        return None
    with app.database.read() as conn:
        data = task_data(conn, tasks[0].id, app.engine)
    values = read_post(form, files=False, page_names=PAGE_NAMES).answers if errors else form.defaults({})
    return render_fields(form, values, errors, context=data)


def complete_all(chosen: Sequence[UUID]) -> Answer:
    app, actor, key = cartulario(), person_id(), request_id()
    task = app.inbox.get_task(viewer(), chosen[0])
    form = app.definitions.get(task.version_id).form_of(task.element)
    posted = read_post(form, files=False, page_names=PAGE_NAMES)
    if posted.only_redraw:
        return ask("completar", chosen, {"": ""})

    def one(task_id: UUID) -> None:
        complete_task(CompleteTask(task_id, actor, posted.answers, uuid5(key, str(task_id))), app.engine)

    try:
        one(chosen[0])
    except InvalidAnswers as error:
        return ask("completar", chosen, error.errors)
    report = in_bulk(chosen[1:], one)
    return tell(BulkReport((chosen[0], *report.done), report.refused))


def assign_all(chosen: Sequence[UUID]) -> Answer:
    return tell(cartulario().inbox.bulk_assign(viewer(), chosen, chosen_person()))


def snooze_all(chosen: Sequence[UUID]) -> Answer:
    until: datetime | None = chosen_moment()
    return tell(cartulario().inbox.bulk_snooze(viewer(), chosen, until))


def claim_all(chosen: Sequence[UUID]) -> Answer:
    return tell(cartulario().inbox.bulk_claim(viewer(), chosen))


def release_all(chosen: Sequence[UUID]) -> Answer:
    return tell(cartulario().inbox.bulk_release(viewer(), chosen))


def sign_all(chosen: Sequence[UUID]) -> Answer:
    """To the page that shows the documents and asks for the PIN, once."""
    return redirect(url_for("batches.choose", t=[str(task_id) for task_id in chosen]), 303)


def nothing(_chosen: Sequence[UUID]) -> Answer:
    flash(_("Elija qué hacer con las tareas."), "warn")
    return back()


ACTIONS: dict[str, Callable[[Sequence[UUID]], Answer]] = {
    "tomar": claim_all,
    "soltar": release_all,
    "asignar": assign_all,
    "posponer": snooze_all,
    "completar": complete_all,
    "firmar": sign_all,
}
