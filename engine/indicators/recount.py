"""Count everything again from the events alone, slowly, and compare: ``cartulario indicators recount``.

It reads no row of a case, a term, a task or a sum: only events, in the order of each case. It shares with the
quick way no more than the name of an end (``cases.result_of``) and the shape of a key.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import COMPLAINTS, OFFICE, result_of
from engine.indicators.counts import Key, every, snapshot
from engine.indicators.months import month_of
from engine.indicators.still_open import opened, read_open
from engine.storage.tables import event
from engine.storage.unit_of_work import Database

_EVENTS = sa.select(event.c.case_id, event.c.kind, event.c.at, event.c.data).order_by(event.c.case_id, event.c.n)
_FIRST = sa.select(event.c.data).where(event.c.case_id == sa.bindparam("case_id"), event.c.n == 1)

SCORE_GIVEN = "satisfaction_given"


@dataclass(slots=True)
class _Story:
    """One case, as its events tell it."""

    opened_at: datetime
    process: str = ""
    service: str = ""
    channel: str = ""
    about: UUID | None = None
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    returned: bool = False
    closed_at: datetime | None = None
    result: str = ""
    taken: int = 0
    by_office: bool = False
    scores: list[tuple[datetime, int]] = field(default_factory=list)

    def hear(self, kind: str, at: datetime, data: dict[str, Any]) -> None:
        self.process = data.get("process", self.process)
        self.service = data.get("service", self.service)
        if kind == "case_started":
            self.channel = data["channel"]
            self.about = UUID(data["about"]) if "about" in data else None
        if "clocks" in data:
            self.clocks = {key: self._read(key, clock, at) for key, clock in data["clocks"].items()}
        self.returned = self.returned or data.get("returned", False)
        if kind == SCORE_GIVEN:
            self.scores.append((at, data["score"]))
        if "taken" in data:  # it ended here
            status = "withdrawn" if kind == "case_withdrawn" else "completed"
            self.closed_at, self.result = at, result_of(status, data.get("outcome"))
            self.taken, self.by_office = data["taken"], kind == "case_archived"

    def _read(self, key: str, clock: dict[str, Any], at: datetime) -> dict[str, Any]:
        """``since``: when a clock that stands still stopped, which is when an event first said it."""
        if not clock.get("paused"):
            return clock
        return {**clock, "since": self.clocks.get(key, {}).get("since", at)}


@dataclass(frozen=True, slots=True)
class Difference:
    key: Key
    shown: int
    recounted: int

    def __str__(self) -> str:
        key = self.key
        what = f"{key.measure} de {key.process}" + (f", {key.product}" if key.product else "")
        value = f", {key.value}" if key.value else ""
        return (
            f"{key.month // 100}-{key.month % 100:02d}, {what} ({key.channel}{value}): "
            f"se muestran {self.shown} y los eventos dicen {self.recounted}"
        )


@dataclass(frozen=True, slots=True)
class Recount:
    cases: int
    older: int  # cases begun before their events said what is counted here
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def recount(database: Database, service_of: Callable[[UUID], str], at: datetime, zone: ZoneInfo) -> Recount:
    """``service_of`` serves the quick way only."""
    with snapshot(database) as conn:
        told: Counter[Key] = Counter()
        cases = older = 0
        for story in _stories(conn):
            if not story.process:
                older += 1
                continue
            cases += 1
            told.update(_lines(conn, story, at, zone))
        shown = every(conn)
        shown.update(opened(read_open(conn, service_of, at, zone)))
    keys = sorted(key for key in told.keys() | shown.keys() if told[key] != shown[key])
    return Recount(cases, older, tuple(Difference(key, shown[key], told[key]) for key in keys))


def _stories(conn: Connection) -> Iterator[_Story]:
    story: _Story | None = None
    current: UUID | None = None
    for row in conn.execute(_EVENTS.execution_options(yield_per=1_000)):
        if row.case_id != current:
            if story is not None:
                yield story
            current, story = row.case_id, _Story(row.at)
        assert story is not None
        story.hear(row.kind, row.at, json.loads(row.data))
    if story is not None:
        yield story


def _lines(conn: Connection, story: _Story, at: datetime, zone: ZoneInfo) -> Iterator[Key]:
    begun, of = month_of(story.opened_at, zone), (story.process, story.service, story.channel)
    yield Key(begun, "opened", *of, "")
    yield from (Key(begun, "opened", *of, product) for product in story.clocks)
    yield from (Key(month_of(when, zone), "score", *of, "", score) for when, score in story.scores)
    if story.process == COMPLAINTS:
        yield Key(begun, "complaint", *_subject(conn, story), story.channel, "")
    for product, clock in story.clocks.items():
        if (measure := _judged(clock, story, at)) is not None:
            yield Key(month_of(datetime.fromisoformat(clock["due"]), zone), measure, *of, product)
    if story.closed_at is None:
        return
    closed = month_of(story.closed_at, zone)
    if story.returned:
        yield Key(closed, "returned", *of, "")
    if story.by_office:
        yield Key(closed, OFFICE, *of, "")
    ends = [("", story.result, story.taken)]
    ends += [(name, _end(clock, story), clock["taken"]) for name, clock in story.clocks.items()]
    for product, result, taken in ends:
        yield Key(closed, result, *of, product)
        if result in ("delivered", "refused"):
            yield Key(closed, "days", *of, product, taken)


def _end(clock: dict[str, Any], story: _Story) -> str:
    """How a product ended; an older release said it of the case only."""
    return str(clock.get("result", story.result))


def _judged(clock: dict[str, Any], story: _Story, at: datetime) -> str | None:
    """Kept, late, or not to be judged: in time yet, or in time when its pause began or it was given up."""
    due = datetime.fromisoformat(clock["due"])
    if "met" not in clock:
        return "late" if due < clock.get("since", at) else None
    if datetime.fromisoformat(clock["met"]) > due:
        return "late"
    return "kept" if _end(clock, story) in ("", "delivered", "refused") else None


def _subject(conn: Connection, story: _Story) -> tuple[str, str]:
    """What a complaint is about, by the first event of that case; an older release did not say."""
    if story.about is None:
        return story.process, story.service
    data = json.loads(conn.execute(_FIRST, {"case_id": story.about}).scalar_one())
    return data.get("process", story.process), data.get("service", story.service)
