"""One command's step: the case under its lock, the execution, and everything that one commit writes (rule 1).

Used by every command of this room. ``open_step`` takes the row lock; ``Step.record`` appends the event and projects
the advance to tasks, waits, jobs, terms and the case itself. The caller's ``database.write()`` commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import project, tally
from engine.cases.engine import Engine, Receipt
from engine.cases.ports import Calendar, Person
from engine.cases.terms import TermBook
from engine.definitions import Definition
from engine.errors import CaseClosed, NotFound
from engine.spiff import WITHDRAWN, Advance, Execution
from engine.storage.events import append_event
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
_INSERT = case.insert()
_UPDATE = case.update().where(case.c.id == sa.bindparam("the_case"))


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
        start = now if at_admission else row.opened_at
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

    def record(
        self,
        kind: str,
        advance: Advance,
        given: Mapping[str, Any],
        *,
        element: str | None = None,
        actor: UUID | None = None,
        request_id: UUID | None = None,
    ) -> Receipt:
        """Write what the advance did. ``given`` is what came in: answers, a result, a payload."""
        if advance.completed:
            self.office.finish()
        status, outcome = _status(advance), advance.outcome if advance.completed else None
        due_at = self.office.due_at() if self.office.touched else self.row.due_at
        if due_at != self.row.due_at:
            given = {**given, "due": [_iso(self.row.due_at), _iso(due_at)]}  # old and new: the promise that moved
        given = {**given, **tally.said(self, advance)}
        self._write_case(advance, status, due_at, outcome)
        self.office.save()
        event = append_event(
            self.conn,
            self.row.id,
            kind,
            at=self.now,
            data=project.event_data(advance, given),
            element=element,
            actor=actor,
            request_id=request_id,
        )
        project.project(self, advance, due_at, actor, event.n)
        if advance.completed:
            tally.count(self, status, outcome)
        opened = tuple(task.id for task in advance.opened)
        return Receipt(self.row.id, self.row.number, event.n, opened, due_at, status, outcome)

    def _write_case(self, advance: Advance, status: str, due_at: datetime | None, outcome: str | None) -> None:
        """Before all that refers to it."""
        values: dict[str, Any] = {"revision": self.row.revision + 1, "state": advance.state}
        if self.office.touched:
            values |= {"due_at": due_at, "paused_at": self.office.paused_at()}
        if status != "open":
            values |= {"status": status, "closed_at": self.now, "outcome": outcome}
        values |= project.case_values(self, advance)
        if self.new:
            self.conn.execute(_INSERT, {**vars(self.row), **values})
        else:
            self.conn.execute(_UPDATE, {"the_case": self.row.id, **values})


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")


def _status(advance: Advance) -> str:
    if not advance.completed:
        return "open"
    return "withdrawn" if advance.outcome == WITHDRAWN else "completed"


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
