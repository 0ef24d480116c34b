"""A published diagram, for the drawing: what it calls is below it. It never changes: browsers keep it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from flask_login import login_required

from engine.definitions import whole_drawing
from engine.errors import NotFound
from web.current import cartulario
from web.layout import is_staff

diagram = Blueprint("diagram", __name__)


@diagram.get("/diagramas/<uuid:version>.bpmn")
@login_required  # type: ignore[untyped-decorator]
def source(version: UUID) -> Response:
    if not is_staff():
        raise NotFound()
    definition = cartulario().definitions.get(version)
    response = Response(whole_drawing(definition.bundle), mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
