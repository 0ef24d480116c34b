"""Seals: make one, hand it out, compare the database with one that somebody kept."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.history.seals import NotASeal, SealReport, held_seal, list_seals, make_seal, verify_seal
from web.audit.views import audit
from web.cases.reader import auditor
from web.current import cartulario
from web.text import gettext as _


def show(report: SealReport | None = None, error: str = "") -> str:
    with cartulario().database.read() as conn:
        found = list_seals(conn)
    return render_template("audit/seals.html", seals=found, report=report, error=error)


@audit.get("/auditoria/sellos")
@login_required  # type: ignore[untyped-decorator]
def seals() -> str:
    auditor()
    return show()


@audit.post("/auditoria/sellos")
@login_required  # type: ignore[untyped-decorator]
def new_seal() -> Redirect:
    auditor()
    app = cartulario()
    with app.database.write() as conn:
        made = make_seal(conn, app.clock.now())
    flash(_("Sello %(n)s hecho. Descárguelo y guárdelo fuera de la institución.", n=made.n), "ok")
    return redirect(url_for("audit.seals"), 303)


@audit.get("/auditoria/sellos/<int:n>.json")
@login_required  # type: ignore[untyped-decorator]
def seal_file(n: int) -> Response:
    auditor()
    with cartulario().database.read() as conn:
        text = held_seal(conn, n)
    response = Response(text, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"sello-{n}.json")
    return response


@audit.post("/auditoria/sellos/comparar")
@login_required  # type: ignore[untyped-decorator]
def compare_seal() -> str | tuple[str, int]:
    auditor()
    file = request.files.get("sello")
    held = file.read() if file else b""
    try:
        with cartulario().database.read() as conn:
            return show(verify_seal(conn, held))
    except NotASeal as error:
        return show(error=error.message), 422
