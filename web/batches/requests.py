"""Requests from a file: the template of each service, the upload, the report before confirming, the filing."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.batches import (
    REPORT,
    BatchOver,
    BatchRunning,
    FileRefused,
    check_requests,
    file_requests,
    get_batch,
    report,
    take_requests,
    template,
)
from engine.batches.batch import OFFICE
from engine.batches.requests import require_office
from engine.definitions import Definition
from engine.errors import NotFound, TooLarge
from engine.spreadsheet import csv_lines
from web.batches.background import in_background
from web.batches.blueprint import batches
from web.batches.sign import exists
from web.cases.reader import staff, viewer
from web.current import cartulario
from web.request_id import request_id
from web.text import gettext as _

Answer = Redirect | str | tuple[str, int]
MOST_BYTES = 5 * 1024 * 1024


def files_requests() -> bool:
    """The person signed in may file for others."""
    return bool(viewer().roles & OFFICE)


batches.add_app_template_global(files_requests)


def services() -> list[Definition]:
    return [one for one in cartulario().definitions.catalogue() if one.manifest.process.service]


@batches.get("/lotes/solicitudes")
@login_required  # type: ignore[untyped-decorator]
def choose_file() -> str:
    require_office(staff())
    return file_page(request.args.get("servicio", ""))


def file_page(process: str, error: str = "") -> str:
    return render_template("batches/file.html", services=services(), process=process, error=error)


@batches.get("/lotes/solicitudes/<process>/plantilla.csv")
@login_required  # type: ignore[untyped-decorator]
def download_template(process: str) -> Response:
    require_office(staff())
    if process not in {one.process for one in services()}:
        raise NotFound()
    return _csv_file(template(cartulario().definitions.current(process)), f"plantilla-{process}.csv")


@batches.post("/lotes/solicitudes")
@login_required  # type: ignore[untyped-decorator]
def upload() -> Answer:
    require_office(staff())
    batch_id, process, file = request_id(), request.form.get("servicio", ""), request.files.get("archivo")
    if exists(batch_id):
        return redirect(url_for("batches.show", batch_id=batch_id), 303)
    if process not in {one.process for one in services()}:
        return file_page(process, _("Elija un servicio.")), 422
    if file is None or not file.filename:
        return file_page(process, _("Elija el archivo con las solicitudes.")), 422
    try:
        data = file.stream.read(MOST_BYTES + 1)
        made = check_requests(cartulario(), viewer(), process, file.filename, data, batch_id)
    except (FileRefused, TooLarge) as error:
        return file_page(process, _(error.message)), error.status
    return redirect(url_for("batches.show", batch_id=made), 303)


@batches.post("/lotes/<uuid:batch_id>/confirmar")
@login_required  # type: ignore[untyped-decorator]
def confirm(batch_id: UUID) -> Redirect:
    """The first time, and to go on after a crash or a stop."""
    staff()
    app = cartulario()
    try:
        runner = take_requests(app, viewer(), batch_id)
        in_background(batch_id, lambda: file_requests(app, batch_id, runner))
    except (BatchRunning, BatchOver) as error:
        flash(_(error.message), "warn")
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


@batches.get("/lotes/<uuid:batch_id>/informe.csv")
@login_required  # type: ignore[untyped-decorator]
def download_report(batch_id: UUID) -> Response:
    who = staff()
    with cartulario().database.read() as conn:
        batch = get_batch(conn, batch_id, who)
        lines = "".join(csv_lines(REPORT, report(conn, batch)))
    return _csv_file(lines, f"{batch.number}.csv")


def _csv_file(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
