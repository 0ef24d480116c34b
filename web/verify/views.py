"""The public door of verification: by code, by the QR's address, by a file that is checked and never kept."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from engine.actas.examen import Later, is_withheld, superseded
from engine.documents import Document, find_by_code, read_code, read_document, verification_url
from engine.documents.qr import qr_svg
from engine.errors import NotFound, TooLarge
from engine.signing.verify import verify_pdf
from web.current import cartulario
from web.files import file_response
from web.security import limiter
from web.text import gettext as _
from web.verify.judge import judge_file, without_facts
from web.verify.report import Report

PER_MINUTE = "30 per minute"
FILES_PER_MINUTE = "6 per minute; 60 per hour"

verify = Blueprint("verify", __name__)


@verify.get("/verificar")
def ask() -> str:
    return page()


def page(code: str = "", *, report: Report | None = None, error: str = "", unknown: str = "") -> str:
    document = report.document if report else None
    address = verification_url(cartulario().config.public_url, document.code) if document and document.code else ""
    drawn = qr_svg(address) if address else ""
    return render_template("verify/verify.html", code=code, report=report, error=error, unknown=unknown, qr=drawn)


@verify.post("/verificar")
@limiter.limit(FILES_PER_MINUTE, exempt_when=lambda: not sent_file())
@limiter.limit(PER_MINUTE)
def check() -> str | AnyResponse | tuple[str, int]:
    typed, file = request.form.get("codigo", "").strip()[:64], sent_file()
    if file is None and not typed:
        return page(error=_("Escriba el código o elija el archivo PDF.")), 422
    if file is None:
        return redirect(url_for("verify.by_code", code=read_code(typed) or typed))
    try:
        return page(typed, report=check_file(file, typed))
    except TooLarge as error:
        return page(typed, error=error.message), error.status


def sent_file() -> FileStorage | None:
    file = request.files.get("archivo")
    return file if file is not None and file.filename else None


def check_file(file: FileStorage, typed: str) -> Report:
    judged = judge_file(file, typed)
    sent = (
        cartulario().clock.now(),
        judged.size,
        judged.sha256,
        judged.sealed,
        judged.withheld,
        judged.later,
        judged.scan,
    )
    return Report(judged.verdict, judged.document, *sent)


@verify.get("/verificar/<code>")
@limiter.limit(PER_MINUTE)
def by_code(code: str) -> str | AnyResponse | tuple[str, int]:
    found = open_by_code(code)
    if found is None:
        return page(code[:64], unknown=code[:64]), 404
    document, data, withheld, later = found
    if document.code and code != document.code:
        return redirect(url_for("verify.by_code", code=document.code))
    now = cartulario().clock.now()
    verdict = verify_pdf(data, cartulario().signing.trust, original=data, at=now)
    return page(document.code or code, report=Report(verdict, document, now, withheld=withheld, later=later))


@verify.get("/v/<code>")
@verify.get("/V/<code>")
def by_qr(code: str) -> AnyResponse:
    """The short address of the QR; it is printed in capitals."""
    return redirect(url_for("verify.by_code", code=read_code(code) or code))


def open_by_code(code: str) -> tuple[Document, bytes, bool, list[Later]] | None:
    """The issued document of a code, its bytes, whether they are withheld, the actas that say otherwise; or none."""
    engine = cartulario()
    with engine.database.read() as conn:
        document = find_by_code(conn, code)
        if document is None:
            return None
        _found, data = read_document(conn, engine.archive, document.id)
        withheld = is_withheld(conn, document.id)
        later = superseded(conn, document.id, engine.clock.now())
    return without_facts(document) if withheld else document, data, withheld, later


@verify.get("/verificar/<code>/original")
@limiter.limit(PER_MINUTE)
def original(code: str) -> Response:
    """The original itself, for whoever holds its code."""
    found = open_by_code(code)
    if found is None:
        raise NotFound()
    document, data, withheld, _later = found
    if withheld:
        raise NotFound(_("Las notas de esta acta todavía no se publicaron: su archivo no se entrega antes."))
    response = file_response(document, data)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
