"""The states of an exam acta and its kinds, and who has it, as people say them."""

from __future__ import annotations

from engine.actas.examen import Found, Hand
from web.roles import role_name
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


# whom a letter of the diagram goes to, by what its expression names; the first that is there
TOLD = {
    "cuenta:departamento": _("la cuenta del Departamento"),
    "cuenta:actas": _("la cuenta de actas de la SGPyEC"),
    "autoridad_departamental": _("la Autoridad Departamental"),
    "docente": _("el docente"),
    "estudiantes": _("los estudiantes"),
    "cc": _("el tribunal"),
}


def told_text(expression: str) -> str:
    """Those whom a letter's expression names, in words; the expression itself when it names nobody known."""
    named = [str(text) for part, text in TOLD.items() if part in expression]
    joined = ", ".join(named) or expression
    return joined[:1].upper() + joined[1:]


def acta_kind(kind: str) -> str:
    """Nothing for the ordinary one."""
    return str(KINDS.get(kind, ""))


def hand_name(one: Found | Hand) -> str:
    """Who has it: «Irene Bermúdez», «Departamento (Química)», «Secretaría de Posgrado (SGPyEC)»; nothing: nobody."""
    code = one.departamento_code if isinstance(one, Found) else one.departamento
    if one.holder is None:
        return ""
    if one.holder == "docente" and one.docente:
        return one.docente
    return role_name(f"{one.holder}:{code}" if one.holder in OF_A_DEPARTMENT and code else one.holder)


OF_A_DEPARTMENT = ("departamento", "autoridad_departamental")
