"""«Actas antiguas»: the register of what was digitised by articles 2 and 3, found by anything that is known of an acta;
one of them with its scans, certification and place; its files, whose reading stays on record (R-21, R-27, R-53).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import login_required

from engine.actas.examen import Scan, ScanQuery, count_scans, export_scans, find_scans, read_base, scans_of
from engine.brought import CannotShow
from engine.documents import get_document, read_document
from engine.errors import NotFound
from engine.people import get_people
from engine.spreadsheet import CSV
from web.cases.reader import readable_processes, viewer
from web.current import cartulario, today
from web.examen.register import scope
from web.files import file_response, text_response
from web.inbox.cotejo_pages import page_count, picture
from web.text import lazy_gettext as _

old_actas = Blueprint("exam_old", __name__)

PROCESS = "digitalizar_actas"
FILTERS = ("q", "anio", "articulo", "sin_lugar", "conservar", "rota", "otra_vez")  # what an address of ours carries on
WIDTHS = (1_200, 2_000)  # dots across: as it is shown, and to look at closely
PAPERS = {"bueno": _("Bueno"), "regular": _("Regular"), "danado": _("Dañado: necesita conservación")}


def read_query(args: Mapping[str, str]) -> ScanQuery:
    """What cannot be read narrows nothing."""
    year, article = args.get("anio", ""), args.get("articulo", "")
    return ScanQuery(
        text=args.get("q", "").strip()[:120],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        article=int(article) if article in ("2", "3") else None,
        unplaced="sin_lugar" in args,
        damaged="conservar" in args,
        broken="rota" in args,
        rescanned="otra_vez" in args,
        after=args.get("desde", "")[:24],
    )


@old_actas.get("/examenes/antiguas")
@login_required  # type: ignore[untyped-decorator]
def listing() -> str:
    asked, mine = read_query(request.args), scope()
    with cartulario().database.read() as conn:
        found, total = find_scans(conn, asked, mine), count_scans(conn, asked, mine)
        unplaced = count_scans(conn, ScanQuery(unplaced=True), mine)
        damaged = count_scans(conn, ScanQuery(damaged=True), mine)
        broken = count_scans(conn, ScanQuery(broken=True), mine)
    query: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    following = url_for("exam_old.listing", **query, desde=found.next) if found.next else None
    return render_template(
        "examen/old_list.html",
        asked=asked,
        found=found.scans,
        total=total,
        unplaced=unplaced,
        damaged=damaged,
        broken=broken,
        following=following,
        query=query,
        papers=PAPERS,
    )


@old_actas.get("/examenes/antiguas.csv")
@login_required  # type: ignore[untyped-decorator]
def export() -> Response:
    mine, app = scope(), cartulario()
    with app.database.read() as conn:
        response = text_response(export_scans(conn, read_query(request.args), mine, app.config.zone), CSV)
    response.headers.set("Content-Disposition", "attachment", filename=f"actas-antiguas-{today()}.csv")
    return response


@old_actas.get("/examenes/antiguas/<base>")
@login_required  # type: ignore[untyped-decorator]
def show(base: str) -> str:
    app, mine, readable = cartulario(), scope(), readable_processes()
    with app.database.read() as conn:
        scans = scans_of(conn, base, mine)
        files = {one.document_id: get_document(conn, one.document_id) for one in scans}
        certificates = {one.certificate_id: get_document(conn, one.certificate_id) for one in scans}
        people = get_people(conn, {one.by for one in scans if one.by is not None})
    if scans[0].case_id is not None:
        app.inbox.log_read(viewer(), scans[0].case_id, f"Abrió el acta antigua {base}")
    pages = 0 if scans[0].broken else page_count(files[scans[0].document_id])
    given = request.args.get("pagina", "1")
    page = int(given) if given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= pages else 1
    return render_template(
        "examen/old_acta.html",
        scan=scans[0],
        page=page,
        pages=pages,
        widths=WIDTHS,
        place=read_base(base),
        scans=scans,
        files=files,
        certificates=certificates,
        people=people,
        papers=PAPERS,
        opens_case=readable is None or PROCESS in readable,
    )


@old_actas.get("/examenes/antiguas/<base>/paginas/<int:page>.png")
@login_required  # type: ignore[untyped-decorator]
def scan_page(base: str, page: int) -> Response:
    """A page of the newest scan as a picture, which any browser shows."""
    width, scan = request.args.get("ancho", WIDTHS[0], int), _asked(base)
    with cartulario().database.read() as conn:
        document = get_document(conn, scan.document_id)
    if width not in WIDTHS or not 1 <= page <= page_count(document):
        raise NotFound()
    try:
        response = Response(picture(document, page - 1, width), mimetype="image/png")
    except CannotShow as error:
        raise NotFound() from error
    response.headers["Cache-Control"] = "private, no-store"
    return response


@old_actas.get("/examenes/antiguas/<base>/escaneo")
@login_required  # type: ignore[untyped-decorator]
def scan_file(base: str) -> Response:
    """The scan itself, the newest or the one that is asked for; ``?descargar`` for the file."""
    scan = _asked(base)
    return _file(scan, scan.document_id, f"Abrió el escaneo {scan.n} del acta {base}")


@old_actas.get("/examenes/antiguas/<base>/certificacion")
@login_required  # type: ignore[untyped-decorator]
def certificate(base: str) -> Response:
    scan = _asked(base)
    return _file(scan, scan.certificate_id, f"Abrió la certificación del acta {base}")


def _asked(base: str) -> Scan:
    """Raises NotFound."""
    given = request.args.get("n", "")
    with cartulario().database.read() as conn:
        scans = scans_of(conn, base, scope())
    found = next((one for one in scans if not given or str(one.n) == given), None)
    if found is None:
        raise NotFound(f"El acta {base} no tiene ese escaneo.")
    return found


def _file(scan: Scan, document_id: UUID, what: str) -> Response:
    app = cartulario()
    with app.database.read() as conn:
        document, data = read_document(conn, app.archive, document_id)
    if scan.case_id is not None:
        app.inbox.log_read(viewer(), scan.case_id, what, document_id=document_id)
    return file_response(document, data)
