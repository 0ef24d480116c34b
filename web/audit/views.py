"""Pages of the audit room; only for auditors."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from engine.history.export import export_csv, export_json
from engine.history.replay import replay
from engine.history.search import search_cases
from web.audit.room import case_id_of, days_of, open_room
from web.cases.reader import auditor, viewer
from web.cases.search import STATUSES, CaseQuery
from web.cases.values import add_filters
from web.current import cartulario

audit = Blueprint("audit", __name__)
add_filters(audit)


@audit.get("/auditoria")
@login_required  # type: ignore[untyped-decorator]
def search() -> str:
    auditor()
    engine, query = cartulario(), CaseQuery.read(request.args)
    with engine.database.read() as conn:
        page = search_cases(conn, query.filters(engine.config.zone))
    processes = engine.definitions.catalogue()
    return render_template("audit/search.html", query=query, page=page, statuses=STATUSES, processes=processes)


@audit.get("/auditoria/<number>")
@login_required  # type: ignore[untyped-decorator]
def case(number: str) -> str:
    auditor()
    with cartulario().database.read() as conn:
        room = open_room(conn, number, request.args.get("evento", type=int))
        case_id = case_id_of(conn, number)
    cartulario().inbox.log_read(viewer(), case_id, "Abrió la auditoría del trámite")
    only_changes = request.args.get("ver") == "cambios"
    return render_template("audit/case.html", room=room, days=days_of(room.entries), only_changes=only_changes)


@audit.post("/auditoria/<number>/repeticion")
@login_required  # type: ignore[untyped-decorator]
def repeat(number: str) -> str:
    """Replay the case from its events and compare every state."""
    auditor()
    engine = cartulario()
    with engine.database.read() as conn:
        case_id = case_id_of(conn, number)
        report = replay(conn, engine.definitions, case_id, engine.config.zone)
    return render_template("audit/replay.html", report=report, number=number)


@audit.get("/auditoria/<number>/eventos.<any(csv, json):extension>")
@login_required  # type: ignore[untyped-decorator]
def export(number: str, extension: str) -> Response:
    auditor()
    make, kind = (export_csv, "text/csv") if extension == "csv" else (export_json, "application/json")
    with cartulario().database.read() as conn:
        case_id = case_id_of(conn, number)
        text = make(conn, case_id)
    cartulario().inbox.log_read(viewer(), case_id, "Exportó la historia del trámite")
    response = Response(text, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}.{extension}")
    return response
