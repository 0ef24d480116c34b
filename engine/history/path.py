"""The way a case took through its diagram: which steps, in which order, by which arrows, and where it is now.

Called by the diagram beside a task, the case page and the audit. It comes from the events alone (each one records the
sequence flows it took), and from the open tasks, jobs and waits for where the case is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.history.events import Recorded, read_events
from engine.storage.tables import incident, job, task, wait


@dataclass(frozen=True, slots=True)
class Visit:
    number: int  # 1, 2, 3 … in the order of the case
    element: str
    event: int
    at: datetime
    who: str | None  # none: the system


@dataclass(frozen=True, slots=True)
class Path:
    visits: tuple[Visit, ...] = ()
    flows: tuple[str, ...] = ()  # each once, in the order first taken
    now: Mapping[str, int] = field(default_factory=dict)  # element → tokens on it
    failed: frozenset[str] = frozenset()  # elements with an open incident

    def numbers(self) -> dict[str, list[int]]:
        """Element → the steps at which it was passed."""
        found: dict[str, list[int]] = {}
        for visit in self.visits:
            found.setdefault(visit.element, []).append(visit.number)
        return found

    def state(self, element: str) -> Literal["failed", "now", "passed", "ahead"]:
        if element in self.failed:
            return "failed"
        if element in self.now:
            return "now"
        return "passed" if any(visit.element == element for visit in self.visits) else "ahead"


def read_path(conn: Connection, case_id: UUID) -> Path:
    """The whole way so far."""
    visits, flows = _walk(read_events(conn, case_id))
    now: dict[str, int] = {}
    for element in _waiting(conn, case_id):
        now[element] = now.get(element, 0) + 1
    failed = sa.select(incident.c.element).where(incident.c.case_id == case_id, incident.c.status == "open")
    return Path(visits, flows, now, frozenset(conn.execute(failed).scalars()))


def path_at(events: Sequence[Recorded], n: int) -> Path:
    """The way as it was right after event ``n``; ``now`` are the human tasks and jobs open at that moment."""
    known = [event for event in events if event.n <= n]
    visits, flows = _walk(known)
    open_: dict[str, str] = {}
    for event in known:
        for closed in _dicts(event.data.get("closed")):
            open_.pop(str(closed.get("task")), None)
        for opened in _dicts(event.data.get("opened")):
            open_[str(opened.get("task"))] = str(opened.get("element"))
        for finished in (event.data.get("job"), *event.data.get("cancelled", ())):
            if event.kind not in ("job_failed", "incident_retried"):
                open_.pop(str(finished), None)
        for queued in _dicts(event.data.get("jobs")):
            open_[str(queued.get("key"))] = str(queued.get("element"))
        if event.data.get("outcome") or event.kind == "case_withdrawn":
            open_.clear()
    now: dict[str, int] = {}
    for element in open_.values():
        now[element] = now.get(element, 0) + 1
    return Path(visits, flows, now)


def data_at(events: Sequence[Recorded], n: int) -> dict[str, Any]:
    """The case's data right after event ``n``, from the changes each event recorded (A-2, A-4)."""
    data: dict[str, Any] = {}
    for event in events:
        if event.n > n:
            break
        for name, pair in (event.data.get("changes") or {}).items():
            data[name] = pair[1] if isinstance(pair, list) and len(pair) == 2 else pair
    return {name: value for name, value in data.items() if value is not None}


def _walk(events: Sequence[Recorded]) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
    visits: list[Visit] = []
    flows: dict[str, None] = {}
    for event in events:
        for element in event.data.get("passed") or ():
            visits.append(Visit(len(visits) + 1, str(element), event.n, event.at, event.actor_name))
        flows.update(dict.fromkeys(map(str, event.data.get("flows") or ())))
    return tuple(visits), tuple(flows)


def _waiting(conn: Connection, case_id: UUID) -> list[str]:
    tasks = sa.select(task.c.element).where(task.c.case_id == case_id, task.c.status == "open")
    jobs = sa.select(job.c.element).where(job.c.case_id == case_id, job.c.status.in_(("queued", "failed")))
    waits = sa.select(wait.c.element).where(wait.c.case_id == case_id).distinct()
    return [element for query in (tasks, jobs, waits) for element in conn.execute(query).scalars()]


def _dicts(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
