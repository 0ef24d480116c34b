"""The lists of the office that forms offer (``catalogo.…``): departments, docentes, actas and mesas under way.

Who holds parts of the role «departamento» is offered those only; who holds another role of the office, everything.
Called by ``engine.cases`` through the wiring.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import ANNULLED, LOCKED, list_departamentos
from engine.cases.ports import Catalogue
from engine.people import bare, people_with_role, scope_of
from engine.storage.tables import acta, mesa_examen, wait

DEPARTMENT = "departamento"
DOCENTE = "docente"
REBUILT = "reconstruida"  # the docente loads nothing of it
ANNUL = "acta_anulada"  # the message that annuls an acta
MOST = 300  # options of one list
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


def mesas(conn: Connection, roles: frozenset[str], on: date) -> Options:
    """With some acta before its lock, a rectificativa too, the newest first."""
    return [
        {"value": str(row.id), "label": f"{row.curso}, {row.fecha:%d/%m/%Y}", "description": f"Código {row.codigo}"}
        for row in _under_way(conn, roles, acta.c.kind != REBUILT, mesa_examen.c.id)
    ]


def mesas_a_completar(conn: Connection, roles: frozenset[str], on: date) -> Options:
    """Whose list may lack somebody: the newest ones, whatever became of their actas."""
    of = mesa_examen.c
    query = sa.select(of.id, of.curso, of.codigo, of.fecha).where(of.completes_id.is_(None))
    mine = departments_of(roles)
    if mine is not None:
        query = query.where(of.departamento.in_(sorted(mine)))
    return [
        {"value": str(row.id), "label": f"{row.curso}, {row.fecha:%d/%m/%Y}", "description": f"Código {row.codigo}"}
        for row in conn.execute(query.order_by(of.fecha.desc(), of.created_at.desc(), of.id).limit(MOST))
    ]


def actas(conn: Connection, roles: frozenset[str], on: date) -> Options:
    """Those that a case would annul now, by base name: of any kind, before their lock."""
    waits = sa.exists().where(wait.c.message == ANNUL, wait.c.correlation == acta.c.base)
    return [
        {"value": row.base, "label": row.base, "description": f"{row.curso}, {row.fecha:%d/%m/%Y}"}
        for row in _under_way(conn, roles, waits, mesa_examen.c.id, acta.c.base)
    ]


def _under_way(
    conn: Connection, roles: frozenset[str], only: sa.ColumnElement[bool], *which: sa.ColumnElement[Any]
) -> list[sa.Row[Any]]:
    told = (mesa_examen.c.curso, mesa_examen.c.codigo, mesa_examen.c.fecha)
    query = (
        sa.select(*which, *told)
        .distinct()
        .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(acta.c.state.not_in((*LOCKED, ANNULLED)), only)
        .order_by(mesa_examen.c.fecha.desc(), *which)
        .limit(MOST)
    )
    mine = departments_of(roles)
    if mine is not None:
        query = query.where(mesa_examen.c.departamento.in_(sorted(mine)))
    return list(conn.execute(query))


def departments_of(roles: frozenset[str]) -> frozenset[str] | None:
    """The departments that somebody of these roles acts for; none: every one."""
    if roles & WHOLE:
        return None
    return frozenset(scope_of(role) or "" for role in roles if bare(role) == DEPARTMENT and scope_of(role))


CATALOGUES: dict[str, Catalogue] = {
    "departamentos": departamentos,
    "docentes": docentes,
    "mesas": mesas,
    "mesas_a_completar": mesas_a_completar,
    "actas": actas,
}
