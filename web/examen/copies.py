"""The printed copies: noting what was done with one on its acta's page, and the inventory of all (R-52, R-53)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.actas.examen import COPY_KEEPERS, Copy, CopyQuery, count_copies, every_copy, inventory
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.inbound.exam_copy import KeepCopy, keep_copy
from engine.spreadsheet import CSV, csv_lines
from web import current
from web.current import cartulario, person_id, today
from web.dates import local_date
from web.examen.acta_page import acta_page
from web.examen.register import scope
from web.files import text_response
from web.request_id import request_id
from web.text import gettext as _

copies = Blueprint("exam_copies", __name__)

PAGE = 100
UNCOUNTED = (90, 365)  # days
FILTERS = ("q", "anio", "sin_contar", "faltan")  # what an address of ours carries on
HEADINGS = ("acta", "curso", "departamento", "bloqueada", "lugar", "impresa", "archivada", "trasladada", "inventariada")


@copies.app_template_global()
def keeps_copies() -> bool:
    return bool(current.roles() & COPY_KEEPERS)


def read_query(args: Mapping[str, str]) -> CopyQuery:
    """What cannot be read narrows nothing."""
    year, days = args.get("anio", ""), args.get("sin_contar", "")
    since = None
    if days in map(str, UNCOUNTED):
        since = cartulario().clock.now() - timedelta(days=int(days))
    whole = year.isascii() and year.isdigit() and len(year) == 4
    return CopyQuery(args.get("q", "").strip()[:120], int(year) if whole else None, "faltan" in args, since)


@copies.post("/examenes/<base>/ejemplar")
@login_required  # type: ignore[untyped-decorator]
def note_copy(base: str) -> Redirect | tuple[str, int]:
    what, place = request.form.get("que", ""), request.form.get("lugar", "")
    try:
        keep_copy(KeepCopy(base, what, place, person_id(), request_id()), cartulario())
    except InvalidAnswers as error:
        return acta_page(base, copy_error=next(iter(error.errors.values())), place=place), error.status
    except Conflict as error:
        return acta_page(base, copy_error=error.message, place=place), error.status
    flash(_("Quedó anotado dónde está la copia impresa."), "ok")
    return redirect(url_for("exam_acta.show", base=base) + "#ejemplar", 303)


@copies.get("/examenes/ejemplares")
@login_required  # type: ignore[untyped-decorator]
def listing() -> str:
    _require_sight()
    asked, after = read_query(request.args), request.args.get("desde", "")[:24]
    with cartulario().database.read() as conn:
        found = inventory(conn, asked, limit=PAGE + 1, after=after)
        total, missing = count_copies(conn, asked), count_copies(conn, CopyQuery(missing=True))
    query = {name: request.args[name] for name in FILTERS if name in request.args}
    return render_template(
        "examen/copies.html",
        found=found[:PAGE],
        following=found[PAGE - 1].base if len(found) > PAGE else None,
        total=total,
        missing=missing,
        asked=asked,
        query=query,
        uncounted=UNCOUNTED,
    )


@copies.get("/examenes/ejemplares.csv")
@login_required  # type: ignore[untyped-decorator]
def export() -> Response:
    _require_sight()
    with cartulario().database.read() as conn:
        found = every_copy(conn, read_query(request.args))
        response = text_response(csv_lines(HEADINGS, (_row(one) for one in found)), CSV)
    response.headers.set("Content-Disposition", "attachment", filename=f"ejemplares-{today()}.csv")
    return response


def _row(one: Copy) -> list[str]:
    acts = (one.printed_at, one.shelved_at, one.transferred_at, one.inventoried_at)
    days = ["" if at is None else local_date(at).isoformat() for at in acts]
    return [one.base, one.curso, one.departamento, local_date(one.locked_at).isoformat(), one.place or "", *days]


def _require_sight() -> None:
    """Raises NotFound for who does not see the whole register."""
    if not scope().everything:
        raise NotFound()
