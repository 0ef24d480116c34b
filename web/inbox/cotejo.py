"""The cotejo: what was submitted beside its reference, page by page, as pictures made apart (C-45).

A task with the properties ``cotejo`` and ``cotejoCon`` shows it in a frame above its form, so that turning pages never
loses what was typed. Everything is links and pictures: it works without script, at any width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request
from flask_login import login_required

from engine.actas.examen import is_withheld
from engine.brought import CannotShow
from engine.cases import document_id
from engine.cases.task_data import task_data
from engine.documents import Document, find_by_code, get_document
from engine.errors import NotFound
from web.cases.reader import staff, viewer
from web.current import cartulario
from web.inbox.blueprint import inbox
from web.inbox.cotejo_pages import ZOOMS, difference, harm, page_count, picture
from web.security import frameable

WHAT, WITH = "cotejo", "cotejoCon"


@dataclass(frozen=True)
class Pair:
    """``asked``: what the case says of the reference when no document answers to it."""

    case_id: UUID
    submitted: Document
    reference: Document | None
    asked: str = ""

    @property
    def from_archive(self) -> bool:
        """The reference is one of ours: what differs is worth showing at once."""
        return self.reference is not None and self.reference.kind == "issued"

    @property
    def copy(self) -> bool:
        """Not the very file that we issued, however equal it looks."""
        return self.from_archive and self.reference is not None and self.reference.sha256 != self.submitted.sha256


@inbox.get("/bandeja/<uuid:task_id>/cotejo")
@login_required  # type: ignore[untyped-decorator]
def cotejo(task_id: UUID) -> Response:
    staff()
    pair = pair_of(task_id)
    pages = max(page_count(pair.submitted), page_count(pair.reference) if pair.reference else 0)
    page = min(max(request.args.get("pagina", 1, int), 1), max(pages, 1))
    zoom = request.args.get("zoom", "1")
    marked = request.args.get("ver", "diferencias" if pair.from_archive else "lado") == "diferencias"
    shown = render_template(
        "inbox/cotejo.html",
        task_id=task_id,
        pair=pair,
        pages=pages,
        page=page,
        zoom=zoom if zoom in ZOOMS else "1",
        zooms=ZOOMS,
        marked=marked and pair.reference is not None,
        difference=_difference(pair, page) if marked else None,
        harm=harm(pair.submitted, pair.reference) if pair.copy and pair.reference else (),
        page_counts=(page_count(pair.submitted), page_count(pair.reference) if pair.reference else 0),
    )
    if page == 1 and "ver" not in request.args:
        cartulario().inbox.log_read(viewer(), pair.case_id, "Abrió el cotejo", document_id=pair.submitted.id)
    return frameable(make_response(shown))


@inbox.get("/bandeja/<uuid:task_id>/cotejo/<any(presentado, referencia, diferencias):side>/<int:page>.png")
@login_required  # type: ignore[untyped-decorator]
def cotejo_page(task_id: UUID, side: str, page: int) -> Response:
    staff()
    pair, width = pair_of(task_id), request.args.get("ancho", 800, int)
    document = pair.submitted if side != "referencia" else pair.reference
    if document is None or page < 1 or not 100 <= width <= 2_000:
        raise NotFound()
    try:
        if side == "diferencias" and pair.reference is not None:
            drawn = difference(pair.submitted, pair.reference, page - 1, width).png
        else:
            drawn = picture(document, page - 1, width)
    except CannotShow as error:
        raise NotFound() from error
    response = Response(drawn, mimetype="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def pair_of(task_id: UUID) -> Pair:
    """Raises NotFound: for what is not the viewer's, and for a task that compares nothing."""
    app = cartulario()
    task = app.inbox.get_task(viewer(), task_id)
    properties = app.definitions.get(task.version_id).spec.elements[task.element].properties
    if task.status != "open" or WHAT not in properties:
        raise NotFound()
    with app.database.read() as conn:
        data = task_data(conn, task_id, app.engine)
        submitted = _identifier(data.get(properties[WHAT]))
        if submitted is None:
            raise NotFound()
        asked = data.get(properties[WITH])
        identifier = _identifier(asked)
        code = asked if isinstance(asked, str) else ""
        reference = get_document(conn, identifier) if identifier else find_by_code(conn, code)
        if reference and reference.case_id != task.case_id and is_withheld(conn, reference.id):
            raise NotFound("Es un acta de examen cuyas notas todavía no se publicaron.")
        return Pair(task.case_id, get_document(conn, submitted), reference, code)


def shows_cotejo(properties: Any, data: Any) -> bool:
    """Whether a task puts something side by side; one that signs, only when there was something to compare with."""
    if WHAT not in properties or _identifier(data.get(properties[WHAT])) is None:
        return False
    return bool(data.get(properties[WITH])) or "firma" not in properties


def _identifier(value: Any) -> UUID | None:
    """Of the first document of a variable: an id, a list of them, or the result that made it."""
    first = next(iter(value), None) if isinstance(value, list) else value
    try:
        return UUID(document_id(first) or "")
    except ValueError:
        return None


def _difference(pair: Pair, page: int) -> Any:
    if pair.reference is None:
        return None
    try:
        return difference(pair.submitted, pair.reference, page - 1, ZOOMS["1"])
    except CannotShow:
        return None
