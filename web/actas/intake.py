"""Bring existing actas in: their PDFs and an index, with a report row by row. Staff only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Redirect

from engine.actas import MAX_PDF, FileIn, Report, add_body, import_actas, list_bodies
from engine.actas.index import LARGEST, OPTIONAL, REQUIRED, IndexRefused
from engine.errors import InvalidAnswers
from web import current
from web.actas.reader import require_keeps
from web.current import cartulario
from web.text import gettext as _

intake = Blueprint("acta_intake", __name__)


@intake.get("/actas-de-sesion/cargar")
@login_required  # type: ignore[untyped-decorator]
def ask() -> str:
    require_keeps()
    return page()


@intake.post("/actas-de-sesion/cargar")
@login_required  # type: ignore[untyped-decorator]
def load() -> str | tuple[str, int]:
    require_keeps()
    app, index = cartulario(), request.files.get("indice")
    if index is None or not index.filename:
        return page({"indice": _("Elija el índice: un CSV o un JSON.")}), 422
    dry_run = request.form.get("revisar") == "si"
    try:
        report = import_actas(
            app.database,
            app.archive,
            (index.filename, index.stream.read(LARGEST + 1)),
            [file_in(one) for one in request.files.getlist("pdf") if one.filename],
            by=current.person_id(),
            at=app.clock.now(),
            zone=app.config.zone,
            dry_run=dry_run,
        )
    except IndexRefused as error:
        return page({"indice": _(error.message)}), 422
    return page(report=report, dry_run=dry_run)


@intake.post("/actas-de-sesion/organos")
@login_required  # type: ignore[untyped-decorator]
def body() -> Redirect | tuple[str, int]:
    """A collegiate body more (C-17)."""
    require_keeps()
    app, form = cartulario(), request.form
    try:
        with app.database.write() as conn:
            made = add_body(conn, form.get("code", "")[:40], form.get("name", "")[:400], app.clock.now())
    except InvalidAnswers as error:
        return page({name: _(text) for name, text in error.errors.items()}), 422
    flash(_("«%(name)s» está en el catálogo.", name=made.name), "ok")
    return redirect(url_for("acta_intake.ask"))


def page(errors: dict[str, str] | None = None, report: Report | None = None, dry_run: bool = False) -> str:
    with cartulario().database.read() as conn:
        bodies = list_bodies(conn)
    return render_template(
        "actas/intake.html", failed=bool(errors), errors={"indice": "", "code": "", "name": "", **(errors or {})},
        report=report, dry_run=dry_run, bodies=bodies, typed=request.form,
        required=REQUIRED, optional=OPTIONAL, most_mb=MAX_PDF // 1024 // 1024,
        total_mb=6 * cartulario().config.max_upload // 1024 // 1024,
    )  # fmt: skip


def file_in(file: FileStorage) -> FileIn:
    """Its size told by where the file ends, so that one too large is never read whole."""
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    name = (file.filename or "").replace(chr(92), "/").rsplit("/", 1)[-1]
    return FileIn(name, size, lambda: file.stream.read(MAX_PDF + 1))
