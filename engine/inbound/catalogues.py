"""The lists of the office that forms offer (``catalogo.…``): departments, docentes, actas and mesas under way.

Who holds parts of the role «departamento» is offered those only; who holds another role of the office, everything.
Called by ``engine.cases`` through the wiring.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.actas.examen import list_departamentos
from engine.cases.ports import Catalogue
from engine.people import bare, people_with_role, scope_of

DEPARTMENT = "departamento"
DOCENTE = "docente"
WHOLE = frozenset({"sgpyec", "autoridad_gestion", "jefe_secretaria", "administrador"})

Options = list[dict[str, Any]]


def departamentos(conn: Connection, roles: frozenset[str], on: date) -> Options:
    """Those in use; of them, one's own."""
    mine = departments_of(roles)
    return [
        {"value": one.code, "label": one.name} for one in list_departamentos(conn) if mine is None or one.code in mine
    ]


def docentes(conn: Connection, roles: frozenset[str], on: date) -> Options:
    """With the registered address, which is what counts (R-36)."""
    return [
        {"value": str(one.id), "label": one.sort_name, "description": one.email}
        for one in people_with_role(conn, DOCENTE, on)
    ]


def departments_of(roles: frozenset[str]) -> frozenset[str] | None:
    """The departments that somebody of these roles acts for; none: every one."""
    if roles & WHOLE:
        return None
    return frozenset(scope_of(role) or "" for role in roles if bare(role) == DEPARTMENT and scope_of(role))


CATALOGUES: dict[str, Catalogue] = {"departamentos": departamentos, "docentes": docentes}
