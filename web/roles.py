"""The names of the roles, as people say them. A role that is not listed shows its own word."""

from __future__ import annotations

from typing import cast

from flask import g, has_request_context

from engine.actas.examen import list_departamentos
from engine.people import bare, owner_of, scope_of
from web.current import cartulario
from web.text import lazy_gettext as _

DEPARTMENT_OF = "Departamento de "

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
    "sgpyec": _("Secretaría de Posgrado (SGPyEC)"),
    "departamento": _("Departamento"),
    "docente": _("Docente"),
    "autoridad_departamental": _("Autoridad Departamental"),
    "autoridad_gestion": _("Autoridad de Gestión"),
    "tic": _("Tecnologías de la Información (TIC)"),
}
PROFILES = {
    "estudiante": _("Estudiantes"),
    "graduado": _("Graduados"),
    "administrativo": _("Personal administrativo"),
    "externo": _("Personas externas"),
}


def role_name(role: str) -> str:
    """«Secretaría», «Departamento (Química)»"""
    name = str(NAMES.get(bare(role)) or _words(bare(role)))
    part = None if owner_of(role) else scope_of(role)
    return f"{name} ({departments().get(part) or _words(part)})" if part else name


def departments() -> dict[str, str]:
    """«Química» by its code, as the catalogue writes it; read once a request."""
    if not has_request_context():
        return {}
    if "departments" not in g:
        with cartulario().database.read() as conn:
            known = list_departamentos(conn, active=False)
        g.departments = {one.code: one.name.removeprefix(DEPARTMENT_OF) for one in known}
    return cast("dict[str, str]", g.departments)


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def profile_names(profiles: tuple[str, ...]) -> str:
    """«Estudiantes y graduados»"""
    names = [str(PROFILES[profile]) for profile in profiles]
    if not names:
        return str(_("Cualquier persona"))
    words = [names[0], *(name[0].lower() + name[1:] for name in names[1:])]
    joiner = _("y")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joiner} {words[-1]}"
