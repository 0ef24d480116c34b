"""A case's events made readable: every one for staff and audit, the milestones in plain words for the requester.

``entries`` leaves no event out. ``milestones`` shows only what the process owner wrote for the requester (the
properties ``hito``, ``estado`` and ``estadoDetalle`` of the diagram's elements), what is being done now and by whom,
and how the promised date moved; never a comment, a name of the staff or a datum of the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.history import words
from engine.history.events import Recorded, read_events
from engine.storage.tables import case, task, wait


class Step(Protocol):
    """What is read of a diagram's element; ``spiff.Element`` is one."""

    @property
    def name(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def lane(self) -> str | None: ...
    @property
    def properties(self) -> Mapping[str, str]: ...
    @property
    def inside(self) -> str | None: ...


Steps = Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class Change:
    """One datum before and after; ``old`` None when there was none."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a person reads it. ``sentence`` is Spanish, with %(element)s; ``what`` has it filled in."""

    n: int
    at: datetime
    kind: str
    actor: UUID | None
    who: str | None  # none: the system
    sentence: str
    element: str | None
    element_name: str
    changes: tuple[Change, ...]
    opened: tuple[str, ...]  # names of the tasks it opened
    detail: str | None  # a reason, a cause, a comment
    state: str | None  # hash of the saved state after it
    hash: str

    @property
    def what(self) -> str:
        return self.sentence % {"element": self.element_name}


def entries(conn: Connection, case_id: UUID, steps: Steps) -> list[Entry]:
    """Every event of the case, in order, readable."""
    return [readable(event, steps) for event in read_events(conn, case_id)]


def readable(event: Recorded, steps: Steps) -> Entry:
    element = event.element or _first(event.data.get("passed"))
    name = step_name(element, steps)
    sentence = words.SENTENCES.get(event.kind, words.UNKNOWN)
    if not name and "%(element)s" in sentence:
        sentence = words.UNNAMED.get(event.kind, words.UNKNOWN)
    return Entry(
        n=event.n,
        at=event.at,
        kind=event.kind,
        actor=event.actor,
        who=event.actor_name,
        sentence=sentence,
        element=element,
        element_name=name,
        changes=tuple(_changes(event.data)),
        opened=tuple(step_name(t.get("element"), steps) for t in event.data.get("opened") or () if isinstance(t, dict)),
        detail=_detail(event.data),
        state=event.data.get("state"),
        hash=event.hash,
    )


def step_name(element: str | None, steps: Steps) -> str:
    """The name drawn in the diagram, or the id when the step has none (or was of another version)."""
    if not element:
        return ""
    step = steps.get(element)
    return " ".join((step.name or element).split()) if step else element


def _changes(data: Mapping[str, Any]) -> Iterator[Change]:
    for name, pair in sorted((data.get("changes") or {}).items()):
        old, new = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        if not (_is_empty(old) and _is_empty(new)):  # from nothing to an empty answer: nothing changed for a reader
            yield Change(name, old, new)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _detail(data: Mapping[str, Any]) -> str | None:
    for key in ("reason", "cause", "text", "title", "name"):
        if isinstance(data.get(key), str) and data[key].strip():
            return str(data[key]).strip()
    return None


def _first(items: object) -> str | None:
    return str(items[0]) if isinstance(items, list) and items else None


# --- the requester's -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Milestone:
    """A line of the requester's timeline. ``state``: done, wait (the term stands still, it is their turn), now."""

    state: Literal["done", "wait", "now"]
    at: datetime | None  # when it was done, or since when it waits
    text: str
    detail: str | None = None
    was: datetime | None = None  # the promised date before, when it moved
    due: datetime | None = None  # and after
    task_id: UUID | None = None  # what the requester has to answer


def milestones(conn: Connection, case_id: UUID, steps: Steps) -> list[Milestone]:
    """Oldest first; the last are what goes on now. Raises NoResultFound for a case that does not exist."""
    happened = read_events(conn, case_id)
    row = conn.execute(sa.select(case.c.status, case.c.outcome).where(case.c.id == case_id)).one()
    lines = [line for event in happened for line in _done(event, steps)]
    if row.status == "open":
        return lines + _now(conn, case_id, steps, happened)
    return lines


def _done(event: Recorded, steps: Steps) -> Iterator[Milestone]:
    if event.kind == "case_started":
        yield Milestone("done", event.at, _property(steps, event.element, "hito") or words.RECEIVED)
    passed = [e for e in event.data.get("passed") or () if not (event.kind == "case_started" and e == event.element)]
    for element in passed:
        text = _property(steps, element, "hito")
        if text:
            yield Milestone("done", event.at, text)
    if event.kind == "case_withdrawn":
        yield Milestone("done", event.at, words.WITHDRAWN, _detail(event.data))
    if event.kind == "case_archived":
        yield Milestone("done", event.at, words.ARCHIVED, _detail(event.data))
        return  # no date is promised any more
    moved = _moved(event)
    if moved:
        yield Milestone("done", event.at, words.MOVED, _detail(event.data), *moved)


def _moved(event: Recorded) -> tuple[datetime, datetime] | None:
    """The promised date before and after, when this event moved it: the latest of the terms it counted again, as
    ``data["terms"] = [[key, old, new], …]``, or ``data["due"] = [old, new]``; ISO instants."""
    pairs = [term[1:] for term in event.data.get("terms") or () if isinstance(term, list) and len(term) == 3]
    pairs += [event.data["due"]] if event.data.get("due") else []
    moves = [(datetime.fromisoformat(old), datetime.fromisoformat(new)) for old, new in pairs if old and new]
    if not moves or max(old for old, _ in moves) == max(new for _, new in moves):
        return None
    return max(old for old, _ in moves), max(new for _, new in moves)


def _now(conn: Connection, case_id: UUID, steps: Steps, happened: Sequence[Recorded]) -> list[Milestone]:
    query = sa.select(task.c.id, task.c.element, task.c.role, task.c.opened_at, task.c.paused).where(
        task.c.case_id == case_id, task.c.status == "open"
    )
    lines = []
    told: set[str | None] = set()  # of what is around several of them, once
    for row in conn.execute(query.order_by(task.c.opened_at, task.c.id)):
        says = _that_says(steps, row.element)
        text = _property(steps, says, "estado")
        theirs = row.role == "solicitante"
        if theirs or (text and not (says != row.element and says in told)):
            told.add(says)
            lines.append(
                Milestone(
                    "wait" if row.paused else "now",
                    row.opened_at,
                    text or step_name(row.element, steps),
                    _property(steps, says, "estadoDetalle"),
                    task_id=row.id if theirs else None,
                )
            )
    return lines or _awaited(conn, case_id, steps, happened)


def _awaited(conn: Connection, case_id: UUID, steps: Steps, happened: Sequence[Recorded]) -> list[Milestone]:
    """With nobody's task to tell of: what it waits for, where the diagram says so."""
    since = happened[-1].at if happened else None
    elements = conn.scalars(sa.select(wait.c.element).where(wait.c.case_id == case_id).order_by(wait.c.element))
    told = [(_property(steps, one, "estado"), _property(steps, one, "estadoDetalle")) for one in elements]
    return [Milestone("now", since, text, more) for text, more in dict.fromkeys(told) if text] or [
        Milestone("now", since, words.IN_PROGRESS)
    ]


def _that_says(steps: Steps, element: str) -> str | None:
    """The element itself, or the nearest around it, that has words for the requester."""
    place: str | None = element
    seen: set[str] = set()
    while place is not None and place not in seen and not _property(steps, place, "estado"):
        seen.add(place)
        place = steps[place].inside if place in steps else None
    return place


def _property(steps: Steps, element: str | None, name: str) -> str | None:
    step = steps.get(element) if element else None
    value = step.properties.get(name, "").strip() if step else ""
    return value or None
