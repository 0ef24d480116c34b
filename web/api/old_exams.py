"""Old exam actas for programs: the register of what was digitised, one acta with its scans, a scan's file (R-21,
R-27).
"""

from __future__ import annotations

from apiflask import APIBlueprint, FileSchema
from flask import Response

from engine.actas.examen import Scan, ScanQuery, count_scans, find_scans, read_base, scans_of
from engine.documents import read_document
from engine.errors import NotFound
from web.api import schemas_old_exams as e
from web.api.auth import auth, viewer
from web.api.exams import scope
from web.current import cartulario

old_exams = APIBlueprint("old_exams", __name__, tag="Actas de examen")
RENAMED = {"course": "curso", "date": "fecha", "article": "articulo", "signed": "forma", "students": "estudiantes",
           "teachers": "docentes", "paper": "papel", "certified_at": "at", "certificate_code": "code",
           "case": "case_number"}  # fmt: skip


@old_exams.get("/old-exam-records")
@old_exams.auth_required(auth)
@old_exams.input(e.OldRecordQuery, location="query")
@old_exams.output(e.OldRecordList)
@old_exams.doc(summary="Buscar actas antiguas digitalizadas", description="Las de los artículos 2 y 3.")
def search(query_data: e.OldRecordQuery) -> e.OldRecordList:
    asked = ScanQuery(
        query_data.q.strip(),
        query_data.year,
        query_data.article,
        query_data.unplaced,
        query_data.damaged_paper,
        query_data.damaged_scan,
        query_data.rescanned,
        query_data.after or "",
        query_data.limit,
    )
    with cartulario().database.read() as conn:
        mine = scope(conn)
        page, total = find_scans(conn, asked, mine), count_scans(conn, asked, mine)
    return e.OldRecordList(items=[_line(one) for one in page.scans], next=page.next, total=total)


@old_exams.get("/old-exam-records/<base:base>")
@old_exams.auth_required(auth)
@old_exams.output(e.OldRecordOut)
@old_exams.doc(summary="Un acta antigua, con todos sus escaneos", description="La lectura queda registrada.")
def get(base: str) -> e.OldRecordOut:
    with cartulario().database.read() as conn:
        scans = scans_of(conn, base, scope(conn))
    _log(scans[0], f"Leyó el acta antigua {base} por la API")
    return e.OldRecordOut(**_line(scans[0]).model_dump(), scans=[_scan(one) for one in scans])


@old_exams.get("/old-exam-records/<base:base>/scans/<int:n>/content")
@old_exams.auth_required(auth)
@old_exams.output(FileSchema(type="string", format="binary"), content_type="application/octet-stream")
@old_exams.doc(summary="El archivo de un escaneo", description="La lectura queda registrada.")
def content(base: str, n: int) -> Response:
    app = cartulario()
    with app.database.read() as conn:
        scan = next((one for one in scans_of(conn, base, scope(conn)) if one.n == n), None)
        if scan is None:
            raise NotFound()
        document, data = read_document(conn, app.archive, scan.document_id)
    _log(scan, f"Leyó por la API el escaneo {n} del acta {base}")
    response = Response(data, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=document.name)
    return response


def _line(one: Scan) -> e.OldRecordLine:
    year, book, folio = read_base(one.base) or (0, 0, 0)
    fields = set(e.OldRecordLine.model_fields) - {"year", "book", "folio"}
    told = {name: getattr(one, RENAMED.get(name, name)) for name in fields}
    return e.OldRecordLine(**told, year=year, book=book, folio=folio)


def _scan(one: Scan) -> e.ScanOut:
    return e.ScanOut(**{name: getattr(one, RENAMED.get(name, name)) for name in e.ScanOut.model_fields})


def _log(scan: Scan, what: str) -> None:
    if scan.case_id is not None:
        cartulario().inbox.log_read(viewer(), scan.case_id, what)
