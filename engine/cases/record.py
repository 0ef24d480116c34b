"""Everything that one command writes, in one commit (rule 1).

Called by the commands of this room with a step under its lock. It appends the event and projects the advance to tasks,
waits, jobs, terms and the case itself; the caller's ``database.write()`` commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.cases import project, tally
from engine.cases.engine import Receipt
from engine.cases.step import Step
from engine.spiff import WITHDRAWN, Advance
from engine.storage.events import append_event
from engine.storage.tables import case

_INSERT = case.insert()
_UPDATE = case.update().where(case.c.id == sa.bindparam("the_case"))


def record(
    step: Step,
    kind: str,
    advance: Advance,
    given: Mapping[str, Any],
    *,
    element: str | None = None,
    actor: UUID | None = None,
    request_id: UUID | None = None,
) -> Receipt:
    """Write what the advance did. ``given`` is what came in: answers, a result, a payload."""
    status, outcome = _status(advance), advance.outcome if advance.completed else None
    if advance.completed:
        step.office.finish(tally.result_of(status, outcome))
    due_at = step.office.due_at() if step.office.touched else step.row.due_at
    if due_at != step.row.due_at:
        given = {**given, "due": [_iso(step.row.due_at), _iso(due_at)]}  # old and new: the promise that moved
    given = {**given, **tally.said(step, advance)}
    _write_case(step, advance, status, due_at, outcome)
    step.office.save()
    event = append_event(
        step.conn,
        step.row.id,
        kind,
        at=step.now,
        data=project.event_data(advance, given),
        element=element,
        actor=actor,
        request_id=request_id,
    )
    project.project(step, advance, due_at, actor, event.n)
    if advance.completed:
        tally.count(step, status, outcome)
    opened = tuple(task.id for task in advance.opened)
    return Receipt(step.row.id, step.row.number, event.n, opened, due_at, status, outcome)


def _write_case(step: Step, advance: Advance, status: str, due_at: datetime | None, outcome: str | None) -> None:
    """Before all that refers to it."""
    values: dict[str, Any] = {"revision": step.row.revision + 1, "state": advance.state}
    if step.office.touched:
        values |= {"due_at": due_at, "paused_at": step.office.paused_at()}
    if status != "open":
        values |= {"status": status, "closed_at": step.now, "outcome": outcome}
    values |= project.case_values(step, advance)
    if step.new:
        step.conn.execute(_INSERT, {**vars(step.row), **values})
    else:
        step.conn.execute(_UPDATE, {"the_case": step.row.id, **values})


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")


def _status(advance: Advance) -> str:
    if not advance.completed:
        return "open"
    return "withdrawn" if advance.outcome == WITHDRAWN else "completed"
