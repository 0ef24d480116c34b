"""The pages of the Carta, open to anybody."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from engine.carta import Edition, Published, current_publication, get_publication, list_editions
from engine.carta.edition import CATALOGUE_COLUMNS, HISTORY_COLUMNS
from engine.documents import get_document
from engine.errors import NotFound
from web.carta.paper import PROCESS, edition_pdf
from web.carta.responsible import holders
from web.carta.search import Search
from web.current import cartulario, roles, today
from web.files import file_response
from web.requests.silent import Decided, decided
from web.text import gettext as _

carta = Blueprint("carta", __name__)


def newest() -> Published:
    """The edition in force. Raises NotFound before the first one."""
    with cartulario().database.read() as conn:
        found = current_publication(conn)
    if found is None:
        raise NotFound(_("Todavía no hay una Carta de Servicios publicada."))
    return found


def edition(number: int) -> Published:
    with cartulario().database.read() as conn:
        return get_publication(conn, number)


@carta.get("/carta")
def show() -> str:
    return page(newest())


@carta.get("/carta/ediciones/<int(max=9999):number>")
def show_edition(number: int) -> str:
    return page(edition(number))


def page(published: Published) -> str:
    search = Search(request.args.get("q", ""))
    current = newest()
    in_force = current.edition.number == published.edition.number
    with cartulario().database.read() as conn:
        people = holders(conn, published.edition.responsible.role, today()) if in_force else []
        document = get_document(conn, published.document_id) if published.document_id else None
    # drawn twice when words are looked for: what is found is told above the text that it is found in
    given = {
        "published": published,
        "edition": published.edition,
        "current": current,
        "in_force": in_force,
        "search": search,
        "catalogue_columns": CATALOGUE_COLUMNS,
        "history_columns": HISTORY_COLUMNS,
        "holders": people,
        "signatures": document.signatures if document else [],
        "portal": portal(published.edition) if in_force else {},
        "may_revise": in_force and may_revise(),
    }
    text = render_template("carta/text.html", **given)
    return render_template("carta/carta.html", text=text, **given)


def portal(edition: Edition) -> dict[str, tuple[str, tuple[Decided, ...]]]:
    """Service → the process that serves it online, and what was decided of what the Carta is silent on."""
    codes = {service.code for service in edition.services()}
    published = [(one.manifest.process.service, one) for one in cartulario().definitions.catalogue()]
    return {code: (one.process, decided(one.manifest.service)) for code, one in published if code in codes}


def may_revise() -> bool:
    """Whether the person signed in may start a revision."""
    try:
        starters = cartulario().definitions.current(PROCESS).manifest.process.starters
    except NotFound:
        return False
    return bool(roles() & set(starters))


@carta.get("/carta/ediciones")
def editions() -> str:
    with cartulario().database.read() as conn:
        found = list_editions(conn)
    return render_template("carta/editions.html", editions=found)


@carta.get("/carta.json")
def show_json() -> Response:
    return as_json(newest())


@carta.get("/carta/ediciones/<int(max=9999):number>.json")
def edition_json(number: int) -> Response:
    return as_json(edition(number))


def as_json(published: Published) -> Response:
    number = published.edition.number
    answer = jsonify(
        published.edition.as_json()
        | {
            "sha256": published.hash,
            "publicada": published.published_at.isoformat(),
            "vigente": number == newest().edition.number,
            "pdf": url_for("carta.edition_file", number=number, _external=True),
        }
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"  # public data, without cookies
    return answer


@carta.get("/carta.pdf")
def show_file() -> Response:
    return as_file(newest())


@carta.get("/carta/ediciones/<int(max=9999):number>.pdf")
def edition_file(number: int) -> Response:
    return as_file(edition(number))


def as_file(published: Published) -> Response:
    document, data = edition_pdf(published)
    return file_response(replace(document, name=f"carta-de-servicios-{published.edition.number}.pdf"), data)
