"""The states of an exam acta and its kinds, as people say them."""

from __future__ import annotations

from web.text import lazy_gettext as _

STATES = {
    "generada": _("Generada"),
    "enviada": _("Enviada al Departamento"),
    "en_carga": _("En carga"),
    "cargada": _("Cargada"),
    "en_control": _("En control"),
    "a_firma": _("A la firma"),
    "firmada": _("Firmada"),
    "recibida": _("Recibida"),
    "validada": _("Validada"),
    "con_notas": _("Con notas cargadas"),
    "bloqueada": _("Bloqueada"),
    "publicada": _("Publicada"),
    "anulada": _("Anulada"),
}
KINDS = {"rectificativa": _("rectificativa"), "reconstruida": _("reconstruida")}


def state_text(state: str) -> str:
    return str(STATES[state])


def kind_text(kind: str) -> str:
    """Nothing for the ordinary one."""
    return str(KINDS.get(kind, ""))
