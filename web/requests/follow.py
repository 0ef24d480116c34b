"""/seguimiento: how a case goes, for who has its receipt and no account. Open to anybody, little is told, few tries."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, make_response, render_template, request

from engine.errors import NotFound
from engine.history.follow import LONGEST, find_followed
from engine.history.requester import ending_of, own_tasks
from engine.history.timeline import milestones
from web.current import cartulario
from web.requests.cases import status_of
from web.requests.term import case_term
from web.security import limiter
from web.text import gettext as _

follow = Blueprint("follow", __name__)


def typed_number() -> str:
    return request.values.get("numero", "").strip().upper()[:LONGEST]


def typed_word() -> str:
    """Of the word or identity, without its text: a limit's memory holds nobody's document."""
    word = "".join(letter for letter in request.values.get("clave", "")[:LONGEST].upper() if letter.isalnum())
    return hashlib.sha256(word.encode()).hexdigest()


def asks() -> bool:
    return bool(request.values.get("clave"))


@follow.route("/seguimiento", methods=["GET", "POST"])
@limiter.limit("10 per minute; 60 per hour", exempt_when=lambda: not asks())
@limiter.limit("30 per hour", key_func=typed_number, exempt_when=lambda: not asks())
@limiter.limit("30 per hour", key_func=typed_word, exempt_when=lambda: not asks())  # one identity on many numbers
def ask() -> Response:
    """The form; with number and word, from it or from the receipt's QR, the answer under it."""
    number, word = typed_number(), request.values.get("clave", "").strip()[:LONGEST]
    if not (number and word):
        errors = [("numero", _("Escriba el número de trámite."))] if request.method == "POST" and not number else []
        errors += [("clave", _("Escriba la clave o el documento."))] if request.method == "POST" and not word else []
        return page(422 if errors else 200, number=number, errors=errors)
    try:
        return page(200, number=number, found=look(number, word))
    except NotFound as error:
        return page(404, number=number, errors=[("clave", _(error.message))])


def look(number: str, word: str) -> dict[str, object]:
    """Number, service, dates and how it goes. Raises NotFound."""
    engine = cartulario()
    with engine.database.read() as conn:
        head = find_followed(conn, number, word)
        definition = engine.definitions.get(head.version_id)
        steps = definition.spec.elements
        status = status_of(head, milestones(conn, head.id, steps), ending_of(conn, head.id, steps))
        term = case_term(conn, head, definition)
        return {"head": head, "status": status, "term": term, "waits": bool(own_tasks(conn, head.id))}


def page(code: int, *, number: str, errors: list[tuple[str, str]] | None = None, found: object = None) -> Response:
    answer = make_response(
        render_template("requests/follow.html", number=number, errors=errors or [], found=found), code
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
