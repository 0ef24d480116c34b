"""The register of exam actas: found by anything that is known of one, what waits and with whom, and the figures of each
Departamento (R-26, R-27).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date as Day
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_login import login_required

from engine.actas.examen import (
    HOLDERS,
    STATES,
    ActaQuery,
    Scope,
    by_department,
    find_actas,
    list_departamentos,
    scope_of,
    waiting,
)
from web import current
from web.current import cartulario, person_id, today
from web.examen.words import acta_kind, hand_name, state_text

register = Blueprint("exam_register", __name__)
FILTERS = ("q", "estado", "departamento", "anio", "pendientes", "tiene")  # what the address of the next page carries on
register.add_app_template_global(acta_kind)


def scope() -> Scope:
    """Raises NotFound for who has nothing to do with exam actas."""
    return scope_of(person_id(), current.roles())


def read_query(args: Mapping[str, str]) -> ActaQuery:
    """What cannot be read narrows nothing."""
    state, year, holder = args.get("estado", ""), args.get("anio", ""), args.get("tiene", "")
    after = None
    with suppress(ValueError):
        after = UUID(args.get("desde", ""))
    return ActaQuery(
        text=args.get("q", "").strip()[:120],
        state=state if state in STATES else None,
        departamento=args.get("departamento") or None,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        unlocked="pendientes" in args,
        after=after,
        holder=holder if holder in HOLDERS.values() else None,
    )


@register.get("/examenes")
@login_required  # type: ignore[untyped-decorator]
def search() -> str:
    asked, mine = read_query(request.args), scope()
    with cartulario().database.read() as conn:
        found = find_actas(conn, asked, mine)
        piles = waiting(conn, mine)
        departments = [one for one in list_departamentos(conn) if mine.everything or one.code in mine.departamentos]
    following = None
    if found.next:
        query: dict[str, Any] = {name: request.args[name] for name in FILTERS if name in request.args}
        following = url_for("exam_register.search", **query, desde=found.next)
    return render_template(
        "examen/register.html",
        asked=asked,
        found=found.actas,
        following=following,
        piles=piles,
        departments=departments,
        states=STATES,
        state_text=state_text,
        hand_name=hand_name,
        sees_all=mine.everything,
        now=cartulario().clock.now(),
    )


@register.get("/examenes/tablero")
@login_required  # type: ignore[untyped-decorator]
def board() -> str:
    mine, until = scope(), today()
    since = Day(until.year, 1, 1)
    for name in ("desde", "hasta"):
        with suppress(ValueError):
            given = Day.fromisoformat(request.args.get(name, ""))
            since, until = (given, until) if name == "desde" else (since, given)
    with cartulario().database.read() as conn:
        rows = by_department(conn, mine, since, until)
    return render_template("examen/board.html", rows=rows, since=since, until=until, state_text=state_text)
