"""The pages around the register that are this person's to open, for the bar under its title: what is used daily, and
the rest under «Más»."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actas.examen import scope_of
from engine.inbound.signers import READERS
from web import current
from web.examen.mails import mails_to_decide
from web.examen.register import register
from web.text import gettext as _


@dataclass(frozen=True, slots=True)
class Room:
    address: str
    name: str
    short: str = ""  # on a narrow screen; none: it is under «Más» on any


@register.app_template_global()
def exam_rooms() -> list[Room]:
    """In the order of use; those with a short name first."""
    everything = scope_of(current.person_id(), current.roles()).everything
    rooms = [
        (True, Room("/examenes/mesas", _("Mesas y quién las tiene"), _("Mesas"))),
        (True, Room("/examenes/tablero", _("Tablero por Departamento"), _("Tablero"))),
        (mails_to_decide() is not None, Room("/examenes/correos", _("Correos recibidos"), _("Correos"))),
        (everything, Room("/examenes/ejemplares", _("Ejemplares impresos"))),
        (everything, Room("/examenes/antiguas", _("Actas antiguas"))),
        (bool(current.roles() & READERS), Room("/examenes/firmantes", _("Quiénes pueden firmar"))),
        (everything, Room("/examenes/control", _("Informe de control"))),
        (True, Room("/examenes/responsabilidades", _("Responsabilidades"))),
        (True, Room("/examenes/norma", _("La norma"))),
    ]
    return [room for shown, room in rooms if shown]


register.add_app_template_global(mails_to_decide)
