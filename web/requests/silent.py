"""What the Carta is silent on, as the page of a service says it; what nobody decided is marked as a default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.service import Fee, Service
from web.text import gettext as _
from web.text import ngettext


@dataclass(frozen=True)
class Decided:
    """A line: ``texts`` has one or several. ``default``: nobody decided it."""

    label: str
    texts: tuple[str, ...]
    default: bool


def decided(service: Service) -> tuple[Decided, ...]:
    """In the order of the page."""
    return tuple(Decided(label, texts, service.is_default(name)) for name, label, texts in _lines(service))


def _lines(service: Service) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    yield "fee", _("Costo"), (_fee(service.fee),)
    yield "requirements", _("Requisitos"), service.requirements or (_("Ninguno."),)
    yield "channels", _("Cómo se entrega"), tuple(_channel(channel) for channel in service.channels)
    yield "clock_starts", _("El plazo empieza"), (_start(service.clock_starts),)
    days = service.correction_days
    corrects = ngettext(
        "%(num)s día hábil para corregir la solicitud; mientras tanto el plazo se detiene.",
        "%(num)s días hábiles para corregir la solicitud; mientras tanto el plazo se detiene.",
        days,
    )
    yield "correction_days", _("Si falta algo"), (corrects,)
    yield "goal", _("Meta"), (_("%(goal)s de cada 100 productos, a tiempo.", goal=service.goal),)
    days = service.complaint_days
    complains = ngettext("Respondemos en %(num)s día hábil.", "Respondemos en %(num)s días hábiles.", days)
    yield "complaint_days", _("Quejas y sugerencias"), (complains,)
    yield "escalation", _("Si nos atrasamos"), tuple(_(text) for text in service.escalation)


def _fee(fee: Fee | None) -> str:
    if fee is None or not fee.amount:
        return _("Sin costo.")
    return f"{fee.currency} {fee.amount:,.2f}".replace(",", " ").replace(".", ",")


def _channel(channel: str) -> str:
    if channel == "fisico":
        return _("Impreso, en la ventanilla de Secretaría.")
    return _("En línea: por correo y en «Documentos».")


def _start(start: str) -> str:
    if start == "admision":
        return _("El día hábil siguiente a que admitimos la solicitud.")
    return _("El día hábil siguiente a que la presenta.")
