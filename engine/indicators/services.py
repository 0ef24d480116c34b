"""The services that the indicators speak of: those of the Carta in force, each with its products, terms and target."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.carta import Edition
from engine.definitions import Definition, DefinitionStore

GOAL = 90  # percent, where a process says nothing


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Offer:
    code: str  # A1
    name: str
    products: tuple[Product, ...]
    goal: int
    goal_is_default: bool

    @property
    def days(self) -> int | None:
        return max((one.days for one in self.products), default=None)


def offers(definitions: DefinitionStore, edition: Edition | None) -> list[Offer]:
    """The Carta's services in its order; then those that a published process offers and the Carta does not (yet)."""
    published = {d.manifest.process.service: d for d in definitions.catalogue() if d.manifest.process.service}
    found = []
    if edition is not None:
        for one in edition.services():
            products = tuple(Product(p.code, p.name, p.days) for p in one.products)
            found.append(_offer(one.code, one.name, products, published.pop(one.code, None)))
    for code in sorted(published):
        manifest = published[code].manifest
        products = tuple(Product(p.code, p.name, p.days) for p in manifest.products)
        found.append(_offer(code, manifest.title, products, published[code]))
    return found


def _offer(code: str, name: str, products: tuple[Product, ...], definition: Definition | None) -> Offer:
    if definition is None:
        return Offer(code, name, products, GOAL, True)
    service = definition.manifest.service
    return Offer(code, name, products, service.goal, service.is_default("goal"))


def service_of(definitions: DefinitionStore, version: UUID) -> str:
    return definitions.get(version).manifest.process.service or ""
