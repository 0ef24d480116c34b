"""Who works at the desk: the same roles that the engine lets file for somebody else."""

from __future__ import annotations

from engine.cases.intake import INTAKE_ROLES
from engine.errors import NotAllowed
from web import current
from web.text import gettext as _


def at_desk() -> bool:
    return bool(current.office_roles() & INTAKE_ROLES)


def files_for_others(process: str) -> bool:
    """Whether what they filed for somebody, of that process, is theirs to follow today."""
    return bool(current.roles_for(process) & INTAKE_ROLES)


def require_desk() -> None:
    """Raises NotAllowed."""
    if not at_desk():
        raise NotAllowed(_("El mostrador es para Secretaría."))
