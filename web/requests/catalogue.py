"""/servicios: the catalogue of the Carta, and the page of one service. Open to anybody."""

from __future__ import annotations

import unicodedata

from flask import Blueprint, render_template, request

from engine.cases.drafts import RequestDraft, list_request_drafts
from engine.definitions import Definition
from engine.errors import NotFound
from engine.history.requester import OwnCase, cases_to_answer
from web.current import cartulario, person, roles
from web.requests.offered import Service, offered, services

catalogue = Blueprint("catalogue", __name__)


def plain(text: str) -> str:
    """Without accents or capitals, to search by."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def matches(service: Service, wanted: str) -> bool:
    names = [name for product in service.products for name in (product.name, product.official or "")]
    text = plain(" ".join([service.code, service.title, service.description, *names]))
    return all(word in text for word in plain(wanted).split())


def by_letter(found: list[Service]) -> list[tuple[str, str, list[Service]]]:
    """[(letter, name of the group, its services)], in the order of the Carta."""
    groups: dict[str, list[Service]] = {}
    for service in found:
        groups.setdefault(service.letter, []).append(service)
    return [(letter, members[0].group, members) for letter, members in groups.items()]


def unfinished(process: str | None = None) -> tuple[list[OwnCase], list[RequestDraft]]:
    """What waits for this person: returned cases, and requests begun and not sent."""
    who, engine = person(), cartulario()
    if who is None:
        return [], []
    with engine.database.read() as conn:
        drafts = list_request_drafts(conn, who.id, engine.clock.now(), process)
        return cases_to_answer(conn, who.id), [draft for draft in drafts if draft.answers]


def of_the_office() -> list[Definition]:
    """The office's own processes that this person's functions may start."""
    if person() is None:
        return []
    mine = roles()
    return [one for one in cartulario().definitions.catalogue() if mine & set(one.manifest.process.starters)]


@catalogue.get("/servicios")
def list_services() -> str:
    wanted = request.args.get("q", "").strip()[:100]
    with cartulario().database.read() as conn:
        everything = services(conn)
    found = [service for service in everything if matches(service, wanted)]
    waiting, drafts = unfinished()
    titles = {service.process: service.title for service in everything if service.process}
    return render_template(
        "requests/services.html", groups=by_letter(found), total=everything, wanted=wanted, waiting=waiting,
        drafts=[draft for draft in drafts if draft.process in titles], titles=titles, own=of_the_office(),
    )  # fmt: skip


@catalogue.get("/servicios/<process>")
def service_page(process: str) -> str:
    definition = cartulario().definitions.current(process)
    if not definition.manifest.process.service:
        raise NotFound()
    with cartulario().database.read() as conn:
        service = offered(conn, definition)
    _waiting, drafts = unfinished(process)
    return render_template("requests/service.html", service=service, draft=drafts[0] if drafts else None)
