"""One exam acta, whole: its rows, what was stated of it and by which way, its documents, mails, signatures, copies and
every step (R-27). Reading it is logged, for it holds other people's grades.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_login import login_required
from sqlalchemy import Connection

from engine.actas.examen import (
    ANNULLED,
    LOCKED,
    Acta,
    Elsewhere,
    Mesa,
    acta_by_base,
    acta_data,
    actas_about,
    check_load,
    companions_of,
    copies_of,
    enrolled_elsewhere,
    get_acta,
    get_mesa,
    identity_of,
    loads_of,
    require_in_scope,
    steps_of,
    students_of,
    tribunal_of,
)
from engine.documents import Document, list_documents
from engine.history.case_file import get_case
from engine.inbound.received import accounts_of
from engine.mail import list_mails
from engine.mail.incoming import mails
from engine.people import get_people
from web.cases.reader import viewer
from web.current import cartulario, signed_in
from web.examen.letters_sent import letters_sent
from web.examen.register import scope
from web.examen.words import state_text

acta_pages = Blueprint("exam_acta", __name__)


@acta_pages.get("/examenes/<base>")
@login_required  # type: ignore[untyped-decorator]
def show(base: str) -> str:
    return acta_page(base)


def acta_page(base: str, *, copy_error: str = "", place: str = "") -> str:
    """``copy_error``: what is wrong with what was said of its printed copy. Raises NotFound."""
    app = cartulario()
    with app.database.read() as conn:
        acta = acta_by_base(conn, base)
        require_in_scope(conn, acta, scope())
        shown = _shown(conn, acta)
    if acta.case_id is not None:
        app.inbox.log_read(viewer(), acta.case_id, f"Abrió el acta {acta.base}")
    return render_template(
        "examen/acta.html", state_text=state_text, copy_error=copy_error, place=place, locked=LOCKED, **shown
    )


def _shown(conn: Connection, acta: Acta) -> dict[str, Any]:
    mesa, steps, loads = get_mesa(conn, acta.mesa_id), steps_of(conn, acta.id), loads_of(conn, acta.id)
    copies = copies_of(conn, acta.id)
    people = {by for by in [*(s.by for s in steps), *(d.by for d in loads), *(c.by for c in copies)] if by is not None}
    head = get_case(conn, acta.case_id) if acta.case_id else None
    documents: list[Document] = list_documents(conn, acta.case_id, named=acta.base) if acta.case_id else []
    written = list_mails(conn, acta.case_id, acta.base) if acta.case_id else []
    about = get_acta(conn, acta.about_id) if acta.about_id else None
    return {
        "acta": acta,
        "mesa": mesa,
        "tribunal": tribunal_of(conn, mesa.id),
        "data": acta_data(conn, acta.id, cartulario().config),
        "steps": steps[::-1],
        "loads": [(load, check_load(conn, load, cartulario().config.zone)) for load in loads],
        "copies": copies,
        "mails": mails(conn, acta_id=acta.id),
        "mail_accounts": accounts_of(conn, viewer().person_id, cartulario()),
        "people": get_people(conn, people),
        "case": head,
        "documents": documents,
        "sent": letters_sent(written, documents, mesa, scope(), signed_in().email or ""),
        "about": about,
        "companions": companions_of(conn, mesa.id),
        "elsewhere": _elsewhere(conn, acta, mesa),
        "later": actas_about(conn, acta.id),
    }


def _elsewhere(conn: Connection, acta: Acta, mesa: Mesa) -> list[tuple[str, Elsewhere]]:
    """Students of it who are in another acta of the course too, as far as the reader may see; (name, where)."""
    if acta.state in (ANNULLED, *LOCKED):
        return []
    students = students_of(conn, acta.id)
    found = enrolled_elsewhere(conn, students, mesa.codigo, mesa.fecha, but=[mesa.id], seen=scope().condition())
    names = {identity_of(one.tipo, one.documento): one.name for one in students}
    return [(names[identity], one) for identity, others in found.items() for one in others]
