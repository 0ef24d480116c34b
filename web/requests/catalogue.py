"""/servicios: the catalogue of the Carta, and the page of one service. Open to anybody."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, render_template, request

from engine.calendar import Calendar, load_calendar
from engine.cases.drafts import RequestDraft, list_request_drafts
from engine.definitions import Definition, Product
from engine.errors import NotFound
from engine.history.requester import OwnCase, cases_to_answer
from web.current import cartulario, person
from web.roles import profile_names
from web.text import lazy_gettext as _

LETTERS = {"A": _("Gestión de actas"), "B": _("Gestión documental")}  # the Carta's two groups

catalogue = Blueprint("catalogue", __name__)


@dataclass(frozen=True)
class Service:
    """A published process as its page shows it; ``promised`` is the day it would be ready if asked for today."""

    process: str
    code: str  # letter and number of the Carta
    title: str
    description: str
    responsible: str
    profiles: str
    legal_basis: tuple[str, ...]
    products: tuple[Product, ...]
    promised: datetime | None
    open_to_me: bool

    @property
    def letter(self) -> str:
        return self.code[:1]

    @property
    def longest(self) -> int | None:
        return max((product.days for product in self.products), default=None)


def service_of(definition: Definition, days: Calendar) -> Service:
    process, who = definition.manifest.process, person()
    longest = definition.manifest.days
    return Service(
        process=definition.process,
        code=process.service or "",
        title=process.title,
        description=process.description,
        responsible=process.responsible,
        profiles=profile_names(process.profiles),
        legal_basis=process.legal_basis,
        products=definition.manifest.products,
        promised=days.due_instant(cartulario().clock.now(), longest) if longest else None,
        open_to_me=who is None or not process.profiles or who.profile in process.profiles,
    )


def services(days: Calendar) -> list[Service]:
    """Those of the Carta, in its order: what this person may ask for comes first."""
    published = cartulario().definitions.catalogue()
    found = [service_of(definition, days) for definition in published if definition.manifest.process.service]
    return sorted(found, key=lambda service: (not service.open_to_me, service.code))


def plain(text: str) -> str:
    """Without accents or capitals, to search by."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def matches(service: Service, wanted: str) -> bool:
    names = [product.name for product in service.products]
    text = plain(" ".join([service.code, service.title, service.description, *names]))
    return all(word in text for word in plain(wanted).split())


def by_letter(found: list[Service]) -> list[tuple[str, str, list[Service]]]:
    """[(letter, name of the group, its services)]; the group that this person may use comes first."""
    order = {letter: n for n, letter in enumerate(dict.fromkeys(service.letter for service in found))}
    ordered = sorted(found, key=lambda service: (order[service.letter], service.code))
    groups = groupby(ordered, key=lambda service: service.letter)
    return [(letter, str(LETTERS.get(letter, "")), list(members)) for letter, members in groups]


def unfinished(process: str | None = None) -> tuple[list[OwnCase], list[RequestDraft]]:
    """What waits for this person: returned cases, and requests begun and not sent."""
    who, engine = person(), cartulario()
    if who is None:
        return [], []
    with engine.database.read() as conn:
        drafts = list_request_drafts(conn, who.id, engine.clock.now(), process)
        return cases_to_answer(conn, who.id), [draft for draft in drafts if draft.answers]


@catalogue.get("/servicios")
def list_services() -> str:
    wanted = request.args.get("q", "").strip()[:100]
    with cartulario().database.read() as conn:
        everything = services(load_calendar(conn, cartulario().config))
    found = [service for service in everything if matches(service, wanted)]
    waiting, drafts = unfinished()
    titles = {service.process: service.title for service in everything}
    return render_template(
        "requests/services.html", groups=by_letter(found), total=everything, wanted=wanted, waiting=waiting,
        drafts=[draft for draft in drafts if draft.process in titles], titles=titles,
    )  # fmt: skip


@catalogue.get("/servicios/<process>")
def service_page(process: str) -> str:
    definition = cartulario().definitions.current(process)
    if not definition.manifest.process.service:
        raise NotFound()
    with cartulario().database.read() as conn:
        service = service_of(definition, load_calendar(conn, cartulario().config))
    _waiting, drafts = unfinished(process)
    return render_template("requests/service.html", service=service, draft=drafts[0] if drafts else None)
