"""What the Carta is silent on, by service: what each process's owner decided, else the default, said as such."""

from __future__ import annotations

from dataclasses import dataclass

from engine.carta import Edition
from engine.definitions import Definition
from engine.definitions.service import Service
from web.current import cartulario
from web.text import gettext as _
from web.text import ngettext


@dataclass(frozen=True)
class Silence:
    label: str
    value: str
    default: bool  # nobody decided it


@dataclass(frozen=True)
class Offered:
    """A service of the Carta in the portal; ``process`` is empty when no process of that service is published."""

    code: str
    process: str
    silences: tuple[Silence, ...]


def offered(edition: Edition) -> dict[str, Offered]:
    """By code of the service."""
    published = {one.manifest.process.service: one for one in cartulario().definitions.catalogue()}
    return {service.code: _offered(service.code, published.get(service.code)) for service in edition.services()}


def _offered(code: str, definition: Definition | None) -> Offered:
    if definition is None:
        return Offered(code, "", ())
    return Offered(code, definition.process, tuple(silences(definition.manifest.service)))


def silences(service: Service) -> list[Silence]:
    channels = {"digital": _("en línea"), "fisico": _("en papel, en la ventanilla")}
    starts = {
        "presentacion": _("el día hábil siguiente a la solicitud"),
        "admision": _("el día hábil siguiente a su admisión"),
    }
    fee = (
        _("%(amount)s %(currency)s", amount=f"{service.fee.amount:.2f}", currency=service.fee.currency)
        if (service.fee)
        else _("sin costo")
    )
    said = [
        ("fee", _("Tarifa"), fee),
        ("requirements", _("Requisitos"), "; ".join(service.requirements) or _("los datos de la solicitud")),
        ("clock_starts", _("El plazo empieza"), starts[service.clock_starts]),
        ("channels", _("Canales"), _(" y ").join(channels[one] for one in service.channels)),
        ("goal", _("Meta"), _("%(n)s de cada 100 a tiempo", n=service.goal)),
        ("correction_days", _("Para completar lo que falte"), _days(service.correction_days)),
        ("complaint_days", _("Una queja se responde en"), _days(service.complaint_days)),
        ("escalation", _("Si se demora"), " ".join(service.escalation)),
    ]
    return [Silence(label, value, service.is_default(name)) for name, label, value in said]


def _days(days: int) -> str:
    return ngettext("%(num)s día hábil", "%(num)s días hábiles", days)
