"""The names of the roles, as people say them. A role that is not listed shows its own word."""

from __future__ import annotations

from web.text import lazy_gettext as _

NAMES = {
    "solicitante": _("Quien lo pidió"),
    "secretaria": _("Secretaría"),
    "secretario_general": _("Secretario General"),
    "rectorado": _("Rectorado"),
    "jefe_secretaria": _("Jefatura de Secretaría"),
    "archivo": _("Archivo"),
    "administrador": _("Administración del sistema"),
    "auditor": _("Auditoría"),
    "dueno_proceso": _("Responsable del proceso"),
    "asistente_desarrollo": _("Asistente de Desarrollo Institucional"),
    "experto_desarrollo": _("Experto de Desarrollo Institucional"),
    "director_calidad": _("Dirección de Aseguramiento de la Calidad"),
}
PROFILES = {
    "estudiante": _("Estudiantes"),
    "graduado": _("Graduados"),
    "administrativo": _("Personal administrativo"),
    "externo": _("Personas externas"),
}


def role_name(role: str) -> str:
    return str(NAMES.get(role) or role.replace("_", " ").capitalize())


def profile_names(profiles: tuple[str, ...]) -> str:
    """«Estudiantes y graduados»"""
    names = [str(PROFILES[profile]) for profile in profiles]
    if not names:
        return str(_("Cualquier persona"))
    words = [names[0], *(name[0].lower() + name[1:] for name in names[1:])]
    joiner = _("y")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joiner} {words[-1]}"
