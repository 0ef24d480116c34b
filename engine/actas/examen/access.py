"""Who may see which exam actas (R-11, R-27): the postgraduate office, the archive of the printed copies and those who
oversee them see all; a Departamento and its authority their own; a docente and the members of a tribunal those they
examined. Nobody else any.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.acta import Acta
from engine.errors import NotFound
from engine.storage.tables import mesa_examen, tribunal

OFFICE = frozenset({"sgpyec", "autoridad_gestion", "tic", "administrador", "auditor", "archivo"})
COPY_KEEPERS = frozenset({"sgpyec", "archivo"})  # the printed copies are in their hands
OF_A_DEPARTMENT = ("departamento:", "autoridad_departamental:")
DOCENTE = "docente"


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the register is a person's to see."""

    person_id: UUID
    everything: bool
    departamentos: frozenset[str]

    def condition(self) -> ColumnElement[bool]:
        """On ``mesa_examen``."""
        if self.everything:
            return sa.true()
        sat = sa.select(tribunal.c.mesa_id).where(tribunal.c.person_id == self.person_id)
        own = sa.or_(mesa_examen.c.docente_id == self.person_id, mesa_examen.c.id.in_(sat))
        return sa.or_(mesa_examen.c.departamento.in_(sorted(self.departamentos)), own)


def sees_actas(roles: Collection[str]) -> bool:
    """Whether the register is a place for this person at all."""
    return any(role in OFFICE or role == DOCENTE or role.startswith(OF_A_DEPARTMENT) for role in roles)


def scope_of(person_id: UUID, roles: Collection[str]) -> Scope:
    """Raises NotFound for who has nothing to do with exam actas."""
    if not sees_actas(roles):
        raise NotFound()
    codes = frozenset(role.partition(":")[2] for role in roles if role.startswith(OF_A_DEPARTMENT))
    return Scope(person_id, bool(OFFICE & set(roles)), codes)


def require_everything(scope: Scope) -> None:
    """Raises NotFound for who does not see the whole register."""
    if not scope.everything:
        raise NotFound()


def require_in_scope(conn: Connection, acta: Acta, scope: Scope) -> None:
    """Raises NotFound for another Departamento's or another docente's acta."""
    query = sa.select(mesa_examen.c.id).where(mesa_examen.c.id == acta.mesa_id, scope.condition())
    if conn.scalar(query) is None:
        raise NotFound(f"No hay un acta de examen «{acta.base}».")
