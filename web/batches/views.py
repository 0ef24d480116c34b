"""The batches of a person and of their office: the list, one with its progress, and stopping it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.batches import get_batch, list_batches, list_items, stop
from engine.people import get_person
from web.batches.blueprint import batches
from web.cases.reader import staff, viewer
from web.current import cartulario
from web.text import N_
from web.text import gettext as _

STOPPED = N_("Lo detuvo %(who)s.")  # kept with the name, in Spanish, for whoever looks at the batch
KINDS = ("firma", "solicitudes", "impresion")


@batches.get("/lotes")
@login_required  # type: ignore[untyped-decorator]
def list_all() -> str:
    who = staff()
    kind = request.args.get("tipo")
    with cartulario().database.read() as conn:
        found = list_batches(conn, who, kind if kind in KINDS else None)  # type: ignore[arg-type]  # one of them
    return render_template("batches/list.html", found=found, kind=kind, kinds=KINDS)


@batches.get("/lotes/<uuid:batch_id>")
@login_required  # type: ignore[untyped-decorator]
def show(batch_id: UUID) -> str:
    staff()
    return batch_page(batch_id)


def batch_page(batch_id: UUID, error: str = "") -> str:
    """The page; only its moving part when htmx asks for it."""
    app, who = cartulario(), viewer()
    with app.database.read() as conn:
        batch = get_batch(conn, batch_id, who)
        items = list_items(conn, batch_id)
    part = request.headers.get("HX-Target") == "avance"
    return render_template(
        "batches/progress.html" if part else "batches/batch.html",
        batch=batch,
        done=[item for item in items if item.status == "done"],
        refused=[item for item in items if item.status == "refused"],
        waiting=[item for item in items if item.status == "waiting"],
        mine=batch.person_id == who.person_id,
        why=said(batch.why or ""),
        error=error,
    )


def said(why: str) -> str:
    """Why a batch stopped, in the reader's language."""
    before, after = STOPPED.split("%(who)s")
    if why.startswith(before) and why.endswith(after):
        return _(STOPPED, who=why.removeprefix(before).removesuffix(after))
    return _(why) if why else ""


@batches.post("/lotes/<uuid:batch_id>/detener")
@login_required  # type: ignore[untyped-decorator]
def halt(batch_id: UUID) -> Response:
    who = staff()
    with cartulario().database.write() as conn:
        get_batch(conn, batch_id, who)
        stop(conn, batch_id, STOPPED % {"who": get_person(conn, who.person_id).full_name})
    flash(_("El lote se detuvo. Lo hecho, hecho está; lo demás sigue esperando."), "ok")
    return redirect(url_for("batches.show", batch_id=batch_id), 303)
