"""Who may read a case: the one rule, for staff, auditors and the API. The requester's own pages ask ``is_party``.

A person who may not see a case is told the same as for one that does not exist (NotFound). Roles are those in force
today for the case's process, delegations included; the caller takes them from ``people.roles_of``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engine.errors import NotAllowed, NotFound

AUDITORS: Final = frozenset({"auditor", "administrador"})
OVERSEERS: Final = AUDITORS | {"jefe_secretaria", "archivo", "rectorado", "dueno_proceso"}
MENDERS: Final = frozenset({"administrador", "jefe_secretaria", "dueno_proceso"})  # incidents, terms
REQUESTER: Final = "solicitante"


@dataclass(frozen=True, slots=True)
class Reader:
    person_id: UUID
    roles: frozenset[str]

    @property
    def audits(self) -> bool:
        return bool(self.roles & AUDITORS)

    def require_auditor(self) -> None:
        """Raises NotAllowed."""
        if not self.audits:
            raise NotAllowed()


def is_party(reader: Reader, people: Iterable[UUID | None]) -> bool:
    return reader.person_id in set(people)


def may_read(reader: Reader, lane_roles: Collection[str]) -> bool:
    """Staff of the process's lanes, and those who oversee every process."""
    return bool(reader.roles & (OVERSEERS | (set(lane_roles) - {REQUESTER})))


def require_read(reader: Reader, lane_roles: Collection[str]) -> None:
    """Raises NotFound."""
    if not may_read(reader, lane_roles):
        raise NotFound()
