"""The page of the Matriz and its exports; each is one read."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from engine.carta import count_entries, export_csv, export_xlsx, get_entry, list_lines
from engine.carta.matriz_search import products_in_use, require_reader
from engine.documents import read_document
from engine.spreadsheet import CSV, XLSX
from web import current
from web.cases.reader import readable_processes, viewer
from web.current import cartulario
from web.files import file_response, text_response
from web.matriz.query import PAGE, MatrizQuery

matriz = Blueprint("matriz", __name__)


@matriz.get("/matriz")
@login_required  # type: ignore[untyped-decorator]
def register() -> str:
    require_reader(current.office_roles())
    query, app = MatrizQuery.read(request.args), cartulario()
    search = query.search(app.config.zone)
    with app.database.read() as conn:
        lines = list_lines(conn, search, offset=query.offset, limit=PAGE)
        count = count_entries(conn, search)
        used = products_in_use(conn)
    names = product_names()
    return render_template(
        "matriz/register.html",
        query=query,
        lines=lines,
        count=count,
        pages=max(ceil(count / PAGE), 1),
        names=names,
        products={code: names.get(code, code) for code in used},
        readable=readable_processes(),
    )


@matriz.get("/matriz/<number>/documento")
@login_required  # type: ignore[untyped-decorator]
def document(number: str) -> Response:
    """The document of an entry, also for who has no function in its process; the reading is on record."""
    require_reader(current.office_roles())
    app = cartulario()
    with app.database.read() as conn:
        entry = get_entry(conn, number)
        found, data = read_document(conn, app.archive, entry.document_id)
    app.inbox.log_read(viewer(), entry.case_id, f"Abrió el asiento {entry.number}", document_id=entry.document_id)
    return file_response(found, data)


@matriz.get("/matriz/certificaciones.<any(csv, xlsx):extension>")
@login_required  # type: ignore[untyped-decorator]
def export(extension: str) -> Response:
    require_reader(current.office_roles())
    query, app = MatrizQuery.read(request.args), cartulario()
    search, zone, names = query.search(app.config.zone), app.config.zone, product_names()
    with app.database.read() as conn:
        if extension == "xlsx":
            response = Response(export_xlsx(conn, search, zone, names), mimetype=XLSX)
        else:
            response = text_response(export_csv(conn, search, zone, names), CSV)
    name = f"matriz-{app.calendar.local_day(app.clock.now())}.{extension}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def product_names() -> dict[str, str]:
    """Code → name, of the services that are published; where two differ, as the first of the Carta."""
    services = reversed(cartulario().definitions.catalogue())
    return {product.code: product.name for one in services for product in one.manifest.products}
