"""Signing many: what waits for one's signature, chosen and read; the PIN, once; then the batch, in the background."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.batches import (
    BatchOver,
    BatchRunning,
    get_batch,
    prepare_signing,
    resume_signing,
    sign_batch,
    signable,
    take_signing,
)
from engine.errors import NotFound, SignatureRefused, TooMany
from engine.signing import OpenKey, key_of
from web.batches.background import in_background
from web.batches.blueprint import batches
from web.batches.views import batch_page
from web.cases.reader import staff, viewer
from web.current import cartulario, person_id
from web.request_id import request_id
from web.text import gettext as _

Answer = Response | str | tuple[str, int]


def chosen_tasks(values: Sequence[str]) -> list[UUID]:
    found = []
    for text in values:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


@batches.get("/lotes/firmar")
@login_required  # type: ignore[untyped-decorator]
def choose() -> str:
    staff()
    return page(chosen_tasks(request.args.getlist("t")))


def page(only: Sequence[UUID], ticked: Sequence[UUID] | None = None, error: str = "") -> str:
    """``only`` these tasks, or all that wait; ``ticked``: none given, every one that can be signed here."""
    app, process, text = cartulario(), request.args.get("proceso") or None, request.args.get("q", "").strip()[:200]
    found = signable(app, viewer(), only=only or None, process=process, text=text)
    with app.database.read() as conn:
        key = key_of(conn, person_id())
    ready = [one for one in found if one.ready]
    return render_template(
        "batches/sign.html",
        ready=ready,
        apart=[one for one in found if not one.ready],
        ticked={one.task.task_id for one in ready} if ticked is None else set(ticked),
        key=key,
        now=app.clock.now(),
        error=error,
        only=only,
        process=process,
        q=text,
        processes=sorted({(one.task.process, one.task.process_title) for one in found}),
    )


@batches.post("/lotes/firmar")
@login_required  # type: ignore[untyped-decorator]
def sign() -> Answer:
    staff()
    batch_id, chosen = request_id(), chosen_tasks(request.form.getlist("t"))
    shown = chosen_tasks(request.form.getlist("v"))
    if exists(batch_id):  # the same page, sent twice
        return redirect(url_for("batches.show", batch_id=batch_id), 303)
    if not chosen:
        return page(shown, [], _("Elija al menos un documento.")), 422
    try:
        key = prepare_signing(cartulario(), viewer(), chosen, request.form.get("pin", ""), batch_id)
    except (SignatureRefused, TooMany) as error:
        return page(shown, chosen, error.message), error.status
    return start(batch_id, key)


@batches.post("/lotes/<uuid:batch_id>/seguir")
@login_required  # type: ignore[untyped-decorator]
def resume(batch_id: UUID) -> Answer:
    """After a crash or a stop: the PIN again, and the rest is signed."""
    staff()
    try:
        key = resume_signing(cartulario(), viewer(), batch_id, request.form.get("pin", ""))
    except BatchOver:
        return redirect(url_for("batches.show", batch_id=batch_id), 303)
    except (SignatureRefused, TooMany) as error:
        return make_response(batch_page(batch_id, error.message), error.status)
    return start(batch_id, key)


@batches.get("/lotes/<uuid:batch_id>/seguir")
@login_required  # type: ignore[untyped-decorator]
def resumed(batch_id: UUID) -> Response:
    """The address that a refused PIN leaves in the browser."""
    return redirect(url_for("batches.show", batch_id=batch_id))


def exists(batch_id: UUID) -> bool:
    try:
        with cartulario().database.read() as conn:
            get_batch(conn, batch_id, viewer())
    except NotFound:
        return False
    return True


def start(batch_id: UUID, key: OpenKey) -> Response:
    app = cartulario()
    try:
        runner = take_signing(app, batch_id)
        in_background(batch_id, lambda: sign_batch(app, batch_id, runner, key))
    except (BatchRunning, BatchOver):  # another tab was first
        key.close()
    return redirect(url_for("batches.show", batch_id=batch_id), 303)
