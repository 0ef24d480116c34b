"""A calendar that was edited under open cases: every one of them is counted again (N-1).

The change is on record before anything moves; the worker follows it here, case by case, and marks it when the last is
done. A worker that dies in between leaves it unmarked: the next one goes over all again, and what moved already does
not move twice.
"""

from __future__ import annotations

import logging
from threading import Event
from typing import Protocol

from engine.calendar import FeriadoChange, mark_followed, pending_changes
from engine.cases import Engine, reschedule_open_cases
from engine.clock import Clock
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

POLL = 2.0  # seconds
LONGEST_REASON = 300


class Office(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...


def follow_calendar(app: Office) -> int | None:
    """How many open cases have another date; nothing when no change waits."""
    with app.database.read() as conn:
        changes = pending_changes(conn)
    if not changes:
        return None
    authors = {one.by for one in changes}
    actor = authors.pop() if len(authors) == 1 else None
    moved = reschedule_open_cases(app.engine, actor, _reason(changes), _places(changes))
    with app.database.write() as conn:
        mark_followed(conn, changes, moved, app.clock.now())
    return moved


def _reason(changes: list[FeriadoChange]) -> str:
    return "; ".join(dict.fromkeys(one.reason for one in reversed(changes)))[:LONGEST_REASON]


def _places(changes: list[FeriadoChange]) -> set[str] | None:
    """Only local holidays elsewhere: only the cases of people there can move."""
    places = {one.place for one in changes}
    return None if None in places else {place for place in places if place}


def run_calendar(app: Office, stop: Event) -> None:
    while not stop.is_set():
        try:
            follow_calendar(app)
        except Exception:
            log.warning("a change of the calendar could not be followed; trying again", exc_info=True)
        stop.wait(POLL)
