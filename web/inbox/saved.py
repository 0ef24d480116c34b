"""What a person keeps of their inbox: named filters, and whether its keys work."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.errors import InvalidAnswers
from engine.inbox import Filters
from web.cases.reader import staff
from web.current import cartulario
from web.inbox.blueprint import inbox
from web.text import gettext as _

COOKIE, OFF = "atajos", "no"
YEAR = 366 * 24 * 3600


def shortcuts_on() -> bool:
    return request.cookies.get(COOKIE) != OFF


def list_address(filters: Filters) -> str:
    """The list with these filters."""
    query = filters.query()
    return url_for("inbox.tasks") + (f"?{query}" if query else "")


def task_address(task_id: UUID, filters: Filters) -> str:
    query = filters.query()
    return url_for("inbox.task", task_id=task_id) + (f"?{query}" if query else "")


@inbox.post("/bandeja/vistas")
@login_required  # type: ignore[untyped-decorator]
def save_view() -> Response:
    who, filters = staff(), Filters.parse(request.args)
    try:
        kept = cartulario().inbox.save_filter(who, request.form.get("name", ""), filters)
        flash(_("La vista «%(name)s» quedó guardada.", name=kept.name), "ok")
    except InvalidAnswers as error:
        flash(error.errors["name"], "warn")
    return redirect(list_address(filters))


@inbox.post("/bandeja/vistas/<uuid:filter_id>/quitar")
@login_required  # type: ignore[untyped-decorator]
def drop_view(filter_id: UUID) -> Response:
    cartulario().inbox.delete_filter(staff(), filter_id)
    flash(_("La vista se quitó."), "ok")
    return redirect(list_address(Filters.parse(request.args)))


@inbox.post("/bandeja/atajos")
@login_required  # type: ignore[untyped-decorator]
def shortcuts() -> Response:
    """Turn the keys on or off in this browser."""
    answer = redirect(list_address(Filters.parse(request.args)))
    value = OFF if shortcuts_on() else "si"
    answer.set_cookie(COOKIE, value, max_age=YEAR, httponly=True, samesite="Lax")
    return answer
