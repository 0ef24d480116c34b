"""The printer's desk: what waits for paper, one PDF with its cover sheet, and the tasks marked done once it is out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.batches import (
    BatchOver,
    BatchRunning,
    PrintRun,
    complete_printed,
    compose_run,
    list_batches,
    mark_printed,
    print_run,
    printable,
    read_run,
)
from engine.documents import TemplateFailed, UploadRefused
from engine.errors import NotFound, TooMany
from web.batches.background import in_background
from web.batches.blueprint import batches
from web.batches.sign import chosen_tasks, exists
from web.cases.reader import staff, viewer
from web.current import cartulario
from web.files import file_response
from web.request_id import request_id
from web.text import gettext as _

Answer = Response | str | tuple[str, int]


@batches.get("/imprenta")
@login_required  # type: ignore[untyped-decorator]
def press() -> str:
    staff()
    return press_page()


def press_page(error: str = "") -> str:
    app, who = cartulario(), viewer()
    text = request.args.get("q", "").strip()[:200]
    found = printable(app, who, process=request.args.get("proceso") or None, text=text)
    with app.database.read() as conn:
        runs = list_batches(conn, who, "impresion", limit=10)
    return render_template(
        "batches/press.html",
        ready=[one for one in found if not one.refusal],
        apart=[one for one in found if one.refusal],
        runs=runs,
        error=error,
        q=text,
    )


@batches.post("/imprenta")
@login_required  # type: ignore[untyped-decorator]
def start_run() -> Answer:
    staff()
    batch_id, chosen = request_id(), chosen_tasks(request.form.getlist("t"))
    if exists(batch_id):
        return redirect(url_for("batches.show", batch_id=batch_id), 303)
    if not chosen:
        return press_page(_("Elija al menos un documento.")), 422
    run = PrintRun(chosen, "doble" in request.form, request.form.get("destino", "")[:200])
    try:
        print_run(cartulario(), viewer(), run, batch_id)
    except (NotFound, TooMany, TemplateFailed, UploadRefused) as error:
        return press_page(_(error.message)), error.status
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


@batches.post("/imprenta/<uuid:batch_id>/armar")
@login_required  # type: ignore[untyped-decorator]
def compose(batch_id: UUID) -> Response:
    """A run whose PDF could not be made at first."""
    staff()
    compose_run(cartulario(), viewer(), batch_id)
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


@batches.get("/imprenta/<uuid:batch_id>.pdf")
@login_required  # type: ignore[untyped-decorator]
def run_file(batch_id: UUID) -> Response:
    staff()
    return file_response(*read_run(cartulario(), viewer(), batch_id))


@batches.post("/imprenta/<uuid:batch_id>/impresa")
@login_required  # type: ignore[untyped-decorator]
def printed(batch_id: UUID) -> Response:
    staff()
    app, who = cartulario(), viewer()
    try:
        runner = mark_printed(app, who, batch_id)
        in_background(batch_id, lambda: complete_printed(app, who, batch_id, runner))
    except (BatchRunning, BatchOver) as error:
        flash(_(error.message), "warn")
    return redirect(url_for("batches.show", batch_id=batch_id), 303)
