"""What the portal offers: the catalogue of the Carta's edition in force (C-25 … C-48), with what serves it.

Products and their terms are the edition's; texts and what the Carta is silent on are the process's. A service of the
edition without a published process is shown all the same, as one that is not served online yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.calendar import Calendar, load_calendar
from engine.carta import Edition, current_edition
from engine.carta.edition import Service as OfEdition
from engine.definitions import Definition
from web.current import cartulario, person
from web.requests.silent import Decided, decided
from web.roles import profile_names
from web.text import lazy_gettext as _

LETTERS = {"A": _("Gestión de actas"), "B": _("Gestión documental")}  # when no edition says it


@dataclass(frozen=True)
class Offered:
    """A product; ``promised`` is the day it would be ready if asked for today. ``official``: as the Carta names it,
    when the process says it in plainer words."""

    code: str
    name: str
    days: int
    description: str | None = None
    official: str | None = None
    promised: datetime | None = None


@dataclass(frozen=True)
class Service:
    """``process`` is empty when nobody serves it online yet."""

    process: str
    code: str  # letter and number of the Carta
    title: str
    description: str
    responsible: str
    profiles: str
    legal_basis: tuple[str, ...]
    products: tuple[Offered, ...]
    open_to_me: bool
    group: str  # of the Carta
    decided: tuple[Decided, ...] = ()
    at_admission: bool = False

    @property
    def letter(self) -> str:
        return self.code[:1]

    @property
    def longest(self) -> int | None:
        return max((product.days for product in self.products), default=None)

    @property
    def promised(self) -> datetime | None:
        """Of all its products."""
        return max((product.promised for product in self.products if product.promised), default=None)


def offered(conn: Connection, definition: Definition) -> Service:
    """One process, as it is promised today to who looks."""
    return service_of(definition, my_calendar(conn), current_edition(conn))


def my_calendar(conn: Connection) -> Calendar:
    """With the local holidays of where the person is."""
    who = person()
    return load_calendar(conn, cartulario().config, who.place if who else None)


def service_of(definition: Definition, days: Calendar, edition: Edition | None = None) -> Service:
    process, who = definition.manifest.process, person()
    code = process.service or ""
    promised = edition.service(code) if edition else None
    at_admission = definition.manifest.service.clock_starts == "admision"
    return Service(
        process=definition.process,
        code=code,
        title=process.title,
        description=process.description,
        responsible=process.responsible,
        profiles=profile_names(process.profiles),
        legal_basis=process.legal_basis,
        products=tuple(_products(definition, promised, None if at_admission else days)),
        open_to_me=who is None or not process.profiles or who.profile in process.profiles,
        group=_group(edition, code),
        decided=decided(definition.manifest.service),
        at_admission=at_admission,
    )


def _products(definition: Definition, promised: OfEdition | None, days: Calendar | None) -> Iterator[Offered]:
    own = {product.code: product for product in definition.manifest.products}
    now = cartulario().clock.now()
    for one in promised.products if promised else definition.manifest.products:
        mine = own.get(one.code)
        name = mine.name if mine else one.name
        yield Offered(
            code=one.code,
            name=name,
            days=one.days,
            description=mine.description if mine else None,
            official=one.name if promised and one.name != name else None,
            promised=days.due_instant(now, one.days) if days else None,
        )


def _group(edition: Edition | None, code: str) -> str:
    management = edition.management_of(code) if edition else None
    return management.title if management else str(LETTERS.get(code[:1], ""))


def services(conn: Connection) -> list[Service]:
    """Those of the edition in its order, then what is published besides."""
    edition, days = current_edition(conn), my_calendar(conn)
    published = {
        definition.manifest.process.service: definition
        for definition in cartulario().definitions.catalogue()
        if definition.manifest.process.service
    }
    found = []
    for management in edition.managements if edition else ():
        for promised in management.services:
            mine = published.pop(promised.code, None)
            found.append(service_of(mine, days, edition) if mine else _not_yet(promised, management.title))
    rest = [service_of(definition, days, edition) for definition in published.values()]
    return found + sorted(rest, key=lambda service: service.code)


def _not_yet(promised: OfEdition, group: str) -> Service:
    return Service(
        process="",
        code=promised.code,
        title=promised.name,
        description=promised.description,
        responsible=promised.responsible,
        profiles="",
        legal_basis=(),
        products=tuple(Offered(one.code, one.name, one.days) for one in promised.products),
        open_to_me=False,
        group=group,
    )
