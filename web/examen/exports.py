"""The published grades of a mesa as files for SIU-Guaraní (R-8): for those who see the whole register."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response
from flask_login import login_required

from engine.actas.examen import acta_by_base, export_csv, export_grades
from engine.errors import NotFound
from engine.spreadsheet import CSV
from web.cases.reader import viewer
from web.current import cartulario
from web.examen.register import scope
from web.files import text_response

exports = Blueprint("exam_exports", __name__)


@exports.app_template_global()
def gives_grades() -> bool:
    """Whether the reader may take them."""
    return scope().everything


@exports.get("/examenes/<base>/calificaciones.json")
@login_required  # type: ignore[untyped-decorator]
def as_json(base: str) -> Response:
    """By docs/siu_guarani.schema.json."""
    text = json.dumps(_exported(base), ensure_ascii=False, indent=1)
    return _download(text_response([text], "application/json"), f"{base}-calificaciones.json")


@exports.get("/examenes/<base>/calificaciones.csv")
@login_required  # type: ignore[untyped-decorator]
def as_csv(base: str) -> Response:
    return _download(text_response(export_csv([_exported(base)]), CSV), f"{base}-calificaciones.csv")


def _exported(base: str) -> dict[str, Any]:
    """Of the mesa of that acta, whatever of it is published. Raises NotFound; the reading is logged."""
    if not scope().everything:
        raise NotFound()
    app = cartulario()
    with app.database.read() as conn:
        acta = acta_by_base(conn, base)
        made = export_grades(conn, acta.mesa_id, app.clock.now())
    if acta.case_id is not None:
        app.inbox.log_read(viewer(), acta.case_id, f"Exportó las calificaciones de la mesa del acta {base}")
    return made


def _download(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
