"""The desk's pages: whom do I attend to, what may be filed for them, the receipt to hand over."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from engine.calendar import Calendar, load_calendar
from engine.carta import Edition, current_edition
from engine.cases.drafts import list_desk_drafts, start_request_draft
from engine.cases.offer import require_profile
from engine.cases.origin import Origin, needs_origin, read_origin
from engine.definitions import Definition
from engine.documents.qr import qr_svg
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.history.case_file import CaseHead, find_case
from engine.history.desk import cases_of, filed_by, has_account
from engine.history.follow import follow_word
from engine.history.related import COMPLAINT
from engine.history.requester import find_own_case
from engine.people import Person, get_people, get_person, search_people
from web.cases.reader import only_readable
from web.current import cartulario, person_id, today
from web.desk.access import require_desk
from web.requests.draft import now
from web.requests.offered import Service, service_of
from web.text import gettext as _

desk = Blueprint("desk", __name__)
ORIGIN = {"organismo": "organism", "oficio": "reference", "fecha_oficio": "day", "contacto": "contact"}


@desk.get("/mostrador")
@login_required  # type: ignore[untyped-decorator]
def home() -> str:
    require_desk()
    wanted = request.args.get("q", "").strip()[:80]
    with cartulario().database.read() as conn:
        found = search_people(conn, wanted) if wanted else []
        drafts = list_desk_drafts(conn, person_id(), now())
        waiting = get_people(conn, [draft.requester_id for draft in drafts if draft.requester_id])
        filed = filed_by(conn, person_id())
    titles = {definition.process: definition.title for definition in cartulario().definitions.catalogue()}
    return render_template(
        "desk/home.html", wanted=wanted, found=found, drafts=drafts, waiting=waiting, filed=filed, titles=titles
    )


@desk.get("/mostrador/personas/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def person(key: UUID) -> str:
    require_desk()
    return page(key)


def page(key: UUID, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    with cartulario().database.read() as conn:
        who = get_person(conn, key)
        cases, account = only_readable(conn, cases_of(conn, key)), has_account(conn, key)
        services = offered_to(who, load_calendar(conn, cartulario().config, who.place), current_edition(conn))
    shown = dict.fromkeys((*ORIGIN, "servicio"), "") | {"organismo": who.organization or ""} | (typed or {})
    return render_template(
        "desk/person.html", who=who, cases=cases, account=account, services=services, typed=shown, errors=errors or {}
    )


def offered_to(who: Person, days: Calendar, edition: Edition | None) -> list[Service]:
    """The services of the Carta that may be filed for this person here, in its order."""
    found = []
    for definition in cartulario().definitions.catalogue():
        try:
            require_fileable(definition, who)
        except (NotFound, NotAllowed):
            continue
        found.append(service_of(definition, days, edition))
    return sorted(found, key=lambda service: service.code)


def require_fileable(definition: Definition, who: Person) -> None:
    """A service of the Carta, for this person's profile. Raises NotFound, NotAllowed."""
    if not definition.manifest.process.service:
        raise NotFound()
    require_profile(definition, who, at_desk=True)


@desk.post("/mostrador/personas/<uuid:key>/solicitud")
@login_required  # type: ignore[untyped-decorator]
def begin(key: UUID) -> Response | tuple[str, int]:
    """Open the service's own form for this person, with the organism that asks when one does."""
    require_desk()
    typed = {name: request.form.get(name, "").strip()[:200] for name in (*ORIGIN, "servicio")}
    with cartulario().database.read() as conn:
        who = get_person(conn, key)
    try:
        definition = cartulario().definitions.current(typed["servicio"])
        require_fileable(definition, who)
    except NotFound:
        return page(key, typed, {"servicio": _("Elija el servicio que pide.")}), 422
    try:
        origin = origin_of(typed, required=needs_origin(definition, who))
    except InvalidAnswers as error:
        wrong = {name: _(error.errors[field]) for name, field in ORIGIN.items() if field in error.errors}
        return page(key, typed, wrong), 422
    return redirect(url_for("drafts.show", key=open_draft(definition.process, definition.id, key, origin)))


def origin_of(typed: dict[str, str], *, required: bool) -> Origin | None:
    return read_origin({field: typed[name] for name, field in ORIGIN.items()}, today(), required=required)


def open_draft(process: str, version: UUID, requester: UUID, origin: Origin | None, about: UUID | None = None) -> UUID:
    with cartulario().database.write() as conn:
        draft = start_request_draft(
            conn,
            person_id(),
            process,
            version,
            {},
            now(),
            requester_id=requester,
            origin=str(origin) if origin else None,
            about_id=about,
        )
    return draft.id


@desk.post("/mostrador/personas/<uuid:key>/queja")
@login_required  # type: ignore[untyped-decorator]
def complain(key: UUID) -> Response:
    """A complaint or suggestion that somebody makes in person, about one of their cases or about none."""
    require_desk()
    number = request.form.get("tramite", "")
    with cartulario().database.read() as conn:
        get_person(conn, key)
        about = find_own_case(conn, number, key).id if number else None
    definition = cartulario().definitions.current(COMPLAINT)
    return redirect(url_for("drafts.show", key=open_draft(COMPLAINT, definition.id, key, None, about)))


@desk.get("/mostrador/tramites/<number>/constancia")
@login_required  # type: ignore[untyped-decorator]
def receipt(number: str) -> str:
    """To print and hand over. Whoever filed it may print it again; so may whoever works at the desk."""
    require_desk()
    with cartulario().database.read() as conn:
        head = find_filed(conn, number)
        who = get_person(conn, head.requester_id) if head.requester_id else None
        clerk = get_person(conn, head.filed_by_id) if head.filed_by_id else None
        account = has_account(conn, head.requester_id) if head.requester_id else False
    word = follow_word(head.id)
    return render_template(
        "desk/receipt.html",
        head=head,
        who=who,
        clerk=clerk,
        account=account,
        word=word,
        qr=follow_qr(head.number, word),
    )


def find_filed(conn: Connection, number: str) -> CaseHead:
    """A case that was filed at a desk. Raises NotFound."""
    head = find_case(conn, number)
    if head.filed_by_id is None:
        raise NotFound()
    return head


def follow_qr(number: str, word: str) -> Markup:
    """The public page of the case, with its word, so that a telephone opens it."""
    address = url_for("follow.ask", numero=number, clave=word)
    return qr_svg(f"{cartulario().config.public_url.rstrip('/')}{address}")
