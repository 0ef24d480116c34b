"""The docente's grid: made for the keyboard, kept as a draft, reviewed, sent. Without script it works the same."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.actas.examen import Incomplete, get_acta, get_mesa, steps_of, tribunal_of
from engine.actas.examen.letras import whole_in_letters
from engine.cases import task_in_view
from engine.errors import NotFound, TaskNotOpen
from engine.inbound.grade_task import OVER, StateGrades, acta_in_task, state_grades
from web.cases.reader import viewer
from web.current import cartulario, person_id
from web.examen.sheet import Sheet, blank_sheet, judge, posted_sheet
from web.request_id import new_id, request_id
from web.text import gettext as _

Answer = Response | str | tuple[str, int]
# for the script: what each number is called
WORDS = " ".join(whole_in_letters(n).replace(" ", "_") for n in range(101))

grid = Blueprint("grid", __name__)


@grid.get("/bandeja/<uuid:task_id>/planilla")
@login_required  # type: ignore[untyped-decorator]
def show(task_id: UUID) -> Answer:
    app, acta_id = cartulario(), _acta(task_id)
    task = app.inbox.get_task(viewer(), task_id)
    with app.database.read() as conn:
        sheet = blank_sheet(conn, acta_id, task.draft)
        last = steps_of(conn, acta_id)[-1]
    return _page(task_id, sheet, returned=last.note if last.to == "en_carga" else None)


@grid.post("/bandeja/<uuid:task_id>/planilla")
@login_required  # type: ignore[untyped-decorator]
def send(task_id: UUID) -> Answer:
    """Each button of the two pages: keep, review, go back to mend, send."""
    app = cartulario()
    try:
        acta_id = _acta(task_id)
    except TaskNotOpen as error:
        return _late(task_id, error)
    with app.database.read() as conn:
        sheet = posted_sheet(conn, acta_id, request.form)
        act = request.form.get("_accion", "revisar")
        fine = act in ("guardar", "corregir") or judge(conn, sheet, app.clock.now(), totals=act == "enviar")
    if act == "enviar" and fine:
        return _send(task_id, sheet)
    app.inbox.save_draft(viewer(), task_id, sheet.draft())
    if act == "guardar":
        flash(_("Guardamos lo que cargó. Nada se envía hasta que lo revise."), "ok")
        return redirect(url_for("grid.show", task_id=task_id), 303)
    if act == "enviar" and not sheet.wrong and "fecha" not in sheet.errors:
        return _page(task_id, sheet, review=True), 422
    return _page(task_id, sheet, review=act == "revisar" and fine), 200 if fine else 422


def _send(task_id: UUID, sheet: Sheet) -> Answer:
    try:
        state_grades(_statement(task_id, sheet), cartulario())
    except Incomplete as error:  # the acta changed between the check and the lock
        sheet.errors["acta"] = error.message
        return _page(task_id, sheet), error.status
    except TaskNotOpen as error:
        return _late(task_id, error)
    flash(_("Las calificaciones salieron hacia el Departamento. Le llega una copia por correo."), "ok")
    return redirect(url_for("inbox.tasks"), 303)


def _late(task_id: UUID, error: TaskNotOpen) -> Answer:
    """Somebody or a mail was first: what was sent is kept beside what counts; what was only typed is shown to copy."""
    app, acta_id = cartulario(), _typed_acta()
    with app.database.read() as conn:
        if get_mesa(conn, get_acta(conn, acta_id).mesa_id).docente_id != person_id():
            raise error  # the page's word does not make it theirs
        sheet = posted_sheet(conn, acta_id, request.form)
    sent = request.form.get("_accion") == "enviar"
    if sent:
        try:
            state_grades(_statement(task_id, sheet), app)
            return redirect(url_for("inbox.tasks"), 303)  # it was this very request, sent twice
        except TaskNotOpen as now:  # perhaps that this very page said something else before
            error = now
    shown = {"sheet": sheet, "message": error.message, "kept": sent and error.message != OVER} | _about(acta_id)
    return render_template("examen/late.html", **shown), error.status


def _typed_acta() -> UUID:
    """Whose grid was on the page, as the page says. Raises NotFound."""
    try:
        return UUID(request.form.get("acta_id", ""))
    except ValueError as error:
        raise NotFound() from error


def _statement(task_id: UUID, sheet: Sheet) -> StateGrades:
    inscriptos, examinados = sheet.totals()
    return StateGrades(
        task_id,
        sheet.acta_id,
        person_id(),
        sheet.rows(),
        sheet.day(),
        inscriptos,
        examinados,
        request_id=request_id(),
    )


def _acta(task_id: UUID) -> UUID:
    """Raises what completing the task would."""
    return acta_in_task(task_in_view(task_id, person_id(), None, cartulario().engine))


def _page(task_id: UUID, sheet: Sheet, *, review: bool = False, returned: str | None = None) -> str:
    """``returned``: the defects with which the acta came back, one a line."""
    task = cartulario().inbox.get_task(viewer(), task_id)
    return render_template(
        "examen/review.html" if review else "examen/grid.html",
        task=task,
        sheet=sheet,
        returned=[line for line in (returned or "").splitlines() if line.strip()],
        words=WORDS,
        request_id=request.form.get("request_id") or new_id(),
        today=cartulario().clock.now().astimezone(cartulario().config.zone).date(),
        **_about(sheet.acta_id),
    )


def _about(acta_id: UUID) -> dict[str, object]:
    with cartulario().database.read() as conn:
        acta = get_acta(conn, acta_id)
        mesa = get_mesa(conn, acta.mesa_id)
        return {"acta": acta, "mesa": mesa, "tribunal": tribunal_of(conn, mesa.id)}
