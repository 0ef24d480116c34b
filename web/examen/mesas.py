"""The operative board (R-26): in whose hands the unfinished actas are, and each mesa with where its actas are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask_login import login_required

from engine.actas.examen import MesaQuery, find_mesas, hands, list_departamentos
from web.cases.reader import readable_processes
from web.current import cartulario
from web.examen.register import scope
from web.examen.words import hand_name, state_text

mesas = Blueprint("exam_mesas", __name__)

PROCESS = "acta_examen"
LATE = timedelta(days=10)  # as long as a docente has
FILTERS = ("q", "departamento", "todas")


def read_query(args: Mapping[str, str]) -> MesaQuery:
    """What cannot be read narrows nothing."""
    page = args.get("pagina", "1")
    return MesaQuery(
        text=args.get("q", "").strip()[:120],
        departamento=args.get("departamento") or None,
        everything="todas" in args,
        page=int(page) if page.isascii() and page.isdigit() and 1 <= int(page[:6]) < 10_000 else 1,
    )


@mesas.get("/examenes/mesas")
@login_required  # type: ignore[untyped-decorator]
def board() -> str:
    asked, mine, now = read_query(request.args), scope(), cartulario().clock.now()
    readable = readable_processes()
    with cartulario().database.read() as conn:
        waiting = hands(conn, mine, now - LATE)
        found, more = find_mesas(conn, asked, mine)
        departments = [one for one in list_departamentos(conn) if mine.everything or one.code in mine.departamentos]
    return render_template(
        "examen/mesas.html",
        asked=asked,
        hands=waiting,
        hand_name=hand_name,
        found=found,
        more=more,
        departments=departments,
        query={name: request.args[name] for name in FILTERS if request.args.get(name)},
        state_text=state_text,
        late=LATE.days,
        now=now,
        opens_case=readable is None or PROCESS in readable,
    )
