"""The mail of the office's accounts: what waits for a decision first, one letter whole, and the decision (R-34, R-40 …
R-45).

Whose account it is, ``engine.inbound.received`` decides; nobody else finds these pages. Nothing of a letter is ever
shown as its sender's HTML: its text is told as text, and every file of it is a download.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from engine.actas.examen import Escala, NotAGrade, acta_data, escala, get_acta, get_load, get_mesa
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.inbound.received import (
    Item,
    OpenedMail,
    accept_held,
    count_received,
    file_held,
    list_received,
    open_received,
    refuse_held,
)
from engine.inbound.received.held import LONGEST
from engine.mail.incoming.received import Status
from engine.people import get_people
from web.cases.reader import viewer
from web.current import cartulario, person_id
from web.text import gettext as _
from web.text import lazy_gettext

mails = Blueprint("exam_mails", __name__)

PAGE = 50
PILES: dict[Status, Any] = {
    "held": lazy_gettext("A resolver"),
    "filed": lazy_gettext("Aceptados"),
    "refused": lazy_gettext("Rechazados"),
    "duplicate": lazy_gettext("Repetidos"),
    "new": lazy_gettext("Por leer"),
}


@dataclass(frozen=True)
class Beside:
    rows: list[dict[str, Any]]
    accepted: bool  # it is the statement that counts


ACTS = {"aceptar": accept_held, "leido": file_held, "rechazar": refuse_held}
DONE = {
    "aceptar": lazy_gettext("El correo quedó aceptado."),
    "leido": lazy_gettext("El correo quedó archivado como leído."),
    "rechazar": lazy_gettext("El correo quedó rechazado; le avisamos a quien lo envió."),
}


def mails_to_decide() -> int | None:
    """For the register: how many wait for this person; None for who attends to no account. Read once a request."""
    if "mails_to_decide" not in g:
        counts = count_received(cartulario(), person_id(), ["held"])
        g.mails_to_decide = None if counts is None else counts.get("held", 0)
    return cast("int | None", g.mails_to_decide)


def pile_asked() -> Status:
    asked = request.args.get("estado", "held")
    return next((one for one in PILES if one == asked), "held")


@mails.get("/examenes/correos")
@login_required  # type: ignore[untyped-decorator]
def listing() -> str:
    counts = count_received(cartulario(), person_id())
    if counts is None:
        raise NotFound()
    given = request.args.get("pagina", "1")
    page = int(given) if given.isascii() and given.isdigit() and 1 <= int(given[:6]) < 10_000 else 1
    pile = pile_asked()
    found = list_received(cartulario(), person_id(), statuses=[pile], limit=PAGE, offset=(page - 1) * PAGE)
    pages = -(-counts.get(pile, 0) // PAGE)
    return render_template(
        "examen/mails.html", counts=counts, pile=pile, piles=PILES, found=found, page=page, pages=pages
    )


@mails.get("/examenes/correos/<uuid:mail_id>")
@login_required  # type: ignore[untyped-decorator]
def show(mail_id: UUID) -> str:
    return _page(_opened(mail_id))


@mails.post("/examenes/correos/<uuid:mail_id>")
@login_required  # type: ignore[untyped-decorator]
def decide(mail_id: UUID) -> Redirect | tuple[str, int]:
    reason, act = request.form.get("motivo", ""), request.form.get("accion", "")
    if act not in ACTS:
        return _page(_opened(mail_id), reason, _("Elija si acepta, archiva o rechaza el correo.")), 422
    try:
        ACTS[act](cartulario(), mail_id, person_id(), reason)
    except InvalidAnswers as error:
        return _page(_opened(mail_id), reason, error.errors["motivo"]), error.status
    except Conflict as error:
        return _page(_opened(mail_id), reason, error.message), error.status
    flash(str(DONE[act]), "ok")
    return redirect(url_for("exam_mails.listing"), 303)


@mails.get("/examenes/correos/<uuid:mail_id>/adjuntos/<int:n>")
@login_required  # type: ignore[untyped-decorator]
def attachment(mail_id: UUID, n: int) -> Response:
    parts = _opened(mail_id).letter.parts
    if not 1 <= n <= len(parts):
        raise NotFound()
    return _download(parts[n - 1].data, parts[n - 1].name)


@mails.get("/examenes/correos/<uuid:mail_id>/original")
@login_required  # type: ignore[untyped-decorator]
def original(mail_id: UUID) -> Response:
    """The letter as it came, byte by byte."""
    return _download(cartulario().archive.get(_opened(mail_id).mail.raw_sha256), f"{mail_id}.eml")


def _opened(mail_id: UUID) -> OpenedMail:
    """Raises NotFound; the reading of what belongs to a case is on record."""
    opened = open_received(cartulario(), person_id(), mail_id)
    if opened.mail.case_id is not None:
        cartulario().inbox.log_read(viewer(), opened.mail.case_id, f"Abrió el correo de {opened.mail.sender}")
    return opened


def _download(data: bytes, name: str) -> Response:
    """Never shown by the browser, whatever it says that it is."""
    response = Response(data, mimetype="application/octet-stream")
    plain = "".join(letter for letter in name if letter.isprintable() and letter not in '/\\"')[:150] or "adjunto"
    response.headers.set("Content-Disposition", "attachment", filename=plain)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(opened: OpenedMail, reason: str = "", error: str = "") -> str:
    by = opened.mail.judged_by
    with cartulario().database.read() as conn:
        decided = get_people(conn, [by]).get(by) if by else None
        read = [(item, _beside(conn, item)) for item in opened.items]
    return render_template(
        "examen/mail.html",
        mail=opened.mail,
        letter=opened.letter,
        read=read,
        may_enter=opened.may_enter,
        decided=decided,
        piles=PILES,
        longest=LONGEST,
        reason=reason,
        error=error,
    )


def _beside(conn: Connection, item: Item) -> Beside | None:
    """What the letter says of an acta, row by row beside what the acta says; None: its file could not be read."""
    if not item.acta_id or not item.carga:
        return None
    data, load = acta_data(conn, item.acta_id, cartulario().config), get_load(conn, UUID(item.carga))
    scale = escala(get_mesa(conn, get_acta(conn, item.acta_id).mesa_id).escala)
    said, rows = {row.n: row for row in load.rows}, []
    for row in data["filas"]:
        stated = said.get(row["n"])
        grade = _printed(scale, stated.nota) if stated and stated.nota else None
        known = row["ausente"] or row["calificacion"] is not None
        same = stated is not None and (stated.ausente, grade) == (bool(row["ausente"]), row["calificacion"])
        rows.append({"acta": row, "said": stated, "grade": grade, "differs": known and not same})
    return Beside(rows, load.id == get_acta(conn, item.acta_id).carga_id)


def _printed(scale: Escala, grade: str) -> str:
    try:
        return scale.printed(scale.stored(scale.read(grade)))
    except NotAGrade:
        return grade
