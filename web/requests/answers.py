"""A task of the requester: what was returned for correction, answered on a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases import CompleteTask, catalogues_of, complete_task
from engine.cases.drafts import filed_as, unfiled_uploads
from engine.cases.task_data import task_data
from engine.documents import list_documents
from engine.errors import Conflict, InvalidAnswers, TaskNotOpen, Unavailable
from engine.forms import Form
from engine.history.case_file import CaseHead, tasks_of
from engine.history.requester import OwnTask, own_tasks
from engine.inbox.viewer import REQUESTER
from web.current import cartulario, person_id, today
from web.forms import render_form
from web.forms.markdown import fill
from web.requests.draft import NO_QUESTIONS, named_files
from web.requests.own_case import own_case
from web.requests.uploads import Received, receive_files
from web.sign_in.lost_form import recovered_form
from web.text import gettext as _

answers = Blueprint("answers", __name__)


class Answering:
    """The task, its form and what the form may look at: the case's data, the person's uploads and the case's own."""

    def __init__(self, number: str, key: UUID) -> None:
        engine = cartulario()
        with engine.database.read() as conn:
            self.head: CaseHead = own_case(conn, number)
            self.task = self._mine(own_tasks(conn, self.head.id), key)
            self.data = task_data(conn, key, engine.engine)
            self.files = {str(d.id): {"name": d.name, "size": d.size} for d in list_documents(conn, self.head.id)}
        self.definition = engine.definitions.get(self.head.version_id)
        self.element = self.definition.spec.elements[self.task.element]
        self.form: Form = self.definition.form_of(self.task.element) or NO_QUESTIONS

    @staticmethod
    def _mine(tasks: list[OwnTask], key: UUID) -> OwnTask:
        for task in tasks:
            if task.id == key:
                return task
        raise TaskNotOpen(_("Esto ya se respondió, o el trámite siguió otro camino."))

    def context(self, values: dict[str, Any]) -> dict[str, Any]:
        with cartulario().database.read() as conn:
            mine = unfiled_uploads(conn, person_id(), named_files(values))
            app = cartulario()
            lists = catalogues_of(conn, app.engine, self.form, person_id(), self.head.process, app.clock.now())
        return {**self.data, **lists, "uploads": {**self.files, **mine}, "hoy": today().isoformat()}

    def page(
        self,
        values: dict[str, Any],
        request_id: str,
        errors: dict[str, str] | None = None,
        received: Received | None = None,
    ) -> str:
        form = render_form(
            self.form, values, errors, action=url_for("answers.answer", number=self.head.number, key=self.task.id),
            context=self.context(values), refused=received.refused if received else None,
            submit=_("Enviar mi respuesta"), hidden={"request_id": request_id, "_pagina": request.path},
        )  # fmt: skip
        help_text = fill(self.element.instructions, self.data)
        return render_template("requests/answer.html", form=form, head=self.head, task=self.task, help_text=help_text)


@answers.get("/tramites/<number>/responder/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def ask(number: str, key: UUID) -> str:
    answering, lost = Answering(number, key), recovered_form()
    if lost is not None:
        return answering.page(answering.form.parse(lost), lost.get("request_id") or str(uuid4()))
    return answering.page(answering.form.defaults(answering.context({})), str(uuid4()))


@answers.post("/tramites/<number>/responder/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def answer(number: str, key: UUID) -> str | Response | tuple[str, int]:
    request_id = request_id_of_page()
    if already_done(number, request_id):
        return redirect(url_for("own_cases.show_case", number=number))
    try:
        answering = Answering(number, key)
    except TaskNotOpen as error:
        return too_late(number, key, error), error.status
    received = receive_files(answering.form)
    values = answering.form.parse(request.form, received.stored)
    if row := request.form.get("_fila"):
        return answering.page(answering.form.change_rows(values, row), str(request_id), received.errors, received)
    if received.refused or request.form.get("_accion") == "actualizar":
        return answering.page(values, str(request_id), received.errors, received)
    try:
        complete_task(CompleteTask(key, person_id(), values, request_id), cartulario().engine)
    except InvalidAnswers as error:
        return answering.page(values, str(request_id), error.errors, received), 422
    except Unavailable as error:  # without the database this page fails too
        flash(_(error.message), "warn")
        return answering.page(values, str(request_id), received=received), error.status
    except Conflict as error:
        return too_late(number, key, error), error.status
    flash(_("Recibimos su respuesta. El trámite sigue su curso."), "ok")
    return redirect(url_for("own_cases.show_case", number=answering.head.number))


def too_late(number: str, key: UUID, error: Conflict) -> str:
    """Its date passed, or the case ended, while it was being written: nothing typed is lost."""
    engine = cartulario()
    with engine.database.read() as conn:
        head = own_case(conn, number)
        theirs = (one for one in tasks_of(conn, head.id) if one.id == key and one.role == REQUESTER)
        task = next(theirs, None)
    form = engine.definitions.get(head.version_id).form_of(task.element) if task else None
    values = form.parse(request.form) if form else {}
    shown = form.summary(values, values) if form else []
    written = [(one.label, one.value) for one in shown if values.get(one.key)]
    return late_page(head, error.message, written)


def late_page(head: CaseHead, message: str, written: list[tuple[str, str]]) -> str:
    return render_template("requests/late.html", head=head, message=message, written=written)


def already_done(number: str, request_id: UUID) -> bool:
    """This very page was sent before: it changes nothing, and its sender sees where the case is."""
    with cartulario().database.read() as conn:
        return filed_as(conn, request_id, person_id()) == number.upper()


def request_id_of_page() -> UUID:
    """The id that the page was made with; one of our own when it was tampered with."""
    try:
        return UUID(request.form.get("request_id", ""))
    except ValueError:
        return uuid4()
