"""What a case is about and what is about it: a service's case, the complaints on it, the measures it asked for.

Called by the requester's page, the staff's and the audit, each after its own question of who may look.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.history.case_file import HEAD, CaseHead, head_of
from engine.storage.tables import case

COMPLAINT = "atender_queja"  # the process of complaints, suggestions and thanks


@dataclass(frozen=True, slots=True)
class Related:
    about: CaseHead | None
    others: tuple[CaseHead, ...]  # the cases that are about this one, oldest first

    @property
    def complaints(self) -> tuple[CaseHead, ...]:
        return tuple(one for one in self.others if one.process == COMPLAINT)


def related_to(conn: Connection, head: CaseHead) -> Related:
    return Related(_one(conn, head.about_id), about(conn, head.id))


def about(conn: Connection, case_id: UUID) -> tuple[CaseHead, ...]:
    rows = conn.execute(HEAD.where(case.c.about_id == case_id).order_by(case.c.opened_at, case.c.number))
    return tuple(head_of(row) for row in rows)


def _one(conn: Connection, case_id: UUID | None) -> CaseHead | None:
    row = conn.execute(HEAD.where(case.c.id == case_id)).one_or_none() if case_id else None
    return head_of(row) if row else None
