"""The pages around the register that are this person's to open, for the line of links under its title."""

from __future__ import annotations

from engine.actas.examen import scope_of
from engine.inbound.signers import READERS
from web import current
from web.examen.mails import mails_to_decide
from web.examen.register import register
from web.text import gettext as _


@register.app_template_global()
def exam_rooms() -> list[tuple[str, str]]:
    """(address, name), in the order of use."""
    everything = scope_of(current.person_id(), current.roles()).everything
    rooms = [
        (mails_to_decide() is not None, "/examenes/correos", _("Correos recibidos")),
        (everything, "/examenes/ejemplares", _("Ejemplares impresos")),
        (everything, "/examenes/antiguas", _("Actas antiguas")),
        (bool(current.roles() & READERS), "/examenes/firmantes", _("Quiénes pueden firmar")),
        (everything, "/examenes/control", _("Informe de control")),
        (True, "/examenes/norma", _("La norma")),
    ]
    return [(address, name) for shown, address, name in rooms if shown]


register.add_app_template_global(mails_to_decide)
