"""Who looks at the inbox, and what they may see and do there. The one place where the inbox's rights are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from engine.people import scope_of

REQUESTER: Final = "solicitante"
SEE_ALL: Final = frozenset({"jefe_secretaria", "administrador"})  # every role's tasks; may assign them
INTAKE: Final = frozenset({"secretaria", "jefe_secretaria"})  # may file for somebody in person, as ``cases.intake``
READ_ALL: Final = SEE_ALL | {"auditor"}  # every case, reading only


@dataclass(frozen=True, slots=True)
class Viewer:
    """``roles`` hold for every process; ``scoped`` are (role, process) lent for one only; both on day ``on``."""

    person_id: UUID
    roles: frozenset[str]
    on: date
    scoped: frozenset[tuple[str, str]] = frozenset()

    @property
    def sees_all(self) -> bool:
        return bool(self.roles & SEE_ALL)

    @property
    def is_staff(self) -> bool:
        return bool((self.roles - {REQUESTER}) or self.scoped)

    @property
    def parts(self) -> frozenset[str]:
        """The roles that are a part of one: what came to it is the viewer's to find."""
        return frozenset(role for role in self.roles if scope_of(role))

    def holds(self, role: str, process: str) -> bool:
        """The role is the viewer's, for a task of that process. The requester's never is: it belongs to one person."""
        return role != REQUESTER and (role in self.roles or (role, process) in self.scoped)

    def files_for_others(self, process: str) -> bool:
        return any(self.holds(role, process) for role in INTAKE)

    def may_see(self, task: Any) -> bool:
        """``task``: a row with role, process, assignee_id and requester_id."""
        if task.role == REQUESTER:
            return self.sees_all or bool(task.requester_id == self.person_id)
        mine = bool(task.assignee_id == self.person_id)
        return self.sees_all or mine or self.holds(task.role, task.process)

    def may_do(self, task: Any) -> bool:
        """Complete it, once nobody else has it."""
        if task.role == REQUESTER:
            return bool(task.requester_id == self.person_id)
        return self.holds(task.role, task.process)
