"""One command's step: the case under its lock, with its execution, its terms and its people.

Used by every command of this room. ``open_step`` takes the row lock; ``engine.cases.record`` writes what the command
did. The caller's ``database.write()`` commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine, Receipt
from engine.cases.ports import Calendar, Person
from engine.cases.terms import TermBook
from engine.definitions import Definition
from engine.errors import CaseClosed, NotFound
from engine.spiff import Execution
from engine.storage.tables import case, job, task

_CASE = sa.select(
    case.c.id,
    case.c.number,
    case.c.version_id,
    case.c.process,
    case.c.revision,
    case.c.status,
    case.c.state,
    case.c.requester_id,
    case.c.filed_by_id,
    case.c.title,
    case.c.facts,
    case.c.opened_at,
    case.c.due_at,
    case.c.paused_at,
    case.c.outcome,
    case.c.channel,
    case.c.about_id,
)

Of = Literal["case", "task", "job"]


def _of(key: sa.Column[Any]) -> sa.Select[Any]:
    """The case of a task or a job, which never changes: so the lock's wait cannot make it another one."""
    case_id = sa.select(key.table.c.case_id).where(key == sa.bindparam("of"))
    return _CASE.where(case.c.id == case_id.scalar_subquery())


_FREE: dict[Of, sa.Select[Any]] = {
    "case": _CASE.where(case.c.id == sa.bindparam("of")),
    "task": _of(task.c.id),
    "job": _of(job.c.key),
}
_LOCKED = {of: query.with_for_update() for of, query in _FREE.items()}


class Step:
    """A case in one command. ``row`` is its row, locked; ``execution`` its state. A ``new`` case's row is written by
    ``record``, with what the command made of it."""

    def __init__(
        self, conn: Connection, engine: Engine, row: Any, definition: Definition, now: datetime, *, new: bool = False
    ) -> None:
        self.conn, self.engine, self.row, self.definition, self.now = conn, engine, row, definition, now
        self.new = new
        self.execution = Execution(definition.spec, row.id, engine.zone, row.state)
        at_admission = definition.manifest.service.clock_starts == "admision"
        start = None if at_admission else row.opened_at
        self.office = TermBook(conn, row.id, start, now, engine.zone, self._calendar, new=new)
        self._people: dict[UUID, Person] = {}

    def _calendar(self, conn: Connection) -> Calendar:
        """A holiday at the office's or at the requester's place counts (COA arts. 158-160)."""
        place = self.person(self.row.requester_id).place if self.row.requester_id else None
        return self.engine.calendar(conn, place)

    def person(self, person_id: UUID) -> Person:
        """Raises ``NotFound``."""
        if person_id not in self._people:
            self._people[person_id] = self.engine.people.get(self.conn, person_id)
        return self._people[person_id]


def open_step(
    conn: Connection, engine: Engine, key: UUID | str | None, now: datetime, *, of: Of = "case", lock: bool = True
) -> Step:
    """An open case, under its lock: by its own id, or by that of a task or a job ``of`` it. Raises ``NotFound`` or
    ``CaseClosed``."""
    query = (_LOCKED if lock else _FREE)[of]
    row = conn.execute(query, {"of": key}).one_or_none()
    if row is None:
        raise NotFound()
    if row.status != "open":
        raise CaseClosed(number=row.number)
    return Step(conn, engine, row, engine.definitions.get(row.version_id), now)


def nothing(row: Any) -> Receipt:
    """The receipt of a command that found nothing to do."""
    return Receipt(row.id, row.number, None, (), row.due_at, row.status, row.outcome)
