"""The calendar on record for whoever lives longer than one transaction: the web and the inbox.

Pages ask it dozens of times; it reads the record again when a minute has passed, so that a change made in one process is
seen by the others. Commands do not use it: they load the calendar in their own transaction.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.business import Calendar
from engine.calendar.feriados import load_calendar
from engine.config import Config
from engine.storage.unit_of_work import Database

FRESH: Final = 60.0  # seconds


class LiveCalendar:
    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._config = config
        self._lock = Lock()
        self._loaded: Calendar | None = None
        self._until = 0.0

    def current(self) -> Calendar:
        """The calendar as it was on record at most a minute ago."""
        with self._lock:
            if self._loaded is None or time.monotonic() >= self._until:
                with self._database.read() as conn:
                    self._loaded = load_calendar(conn, self._config)
                self._until = time.monotonic() + FRESH
            return self._loaded

    def forget(self) -> None:
        """Read again at the next question: called by the page that has just changed the record."""
        with self._lock:
            self._loaded = None

    @property
    def zone(self) -> ZoneInfo:
        return self._config.zone

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self._config.zone).date()

    def end_of(self, day: date) -> datetime:
        return self.current().end_of(day)

    def is_business_day(self, day: date) -> bool:
        return self.current().is_business_day(day)

    def add_business_days(self, day: date, n: int) -> date:
        return self.current().add_business_days(day, n)

    def business_days_between(self, a: date, b: date) -> int:
        return self.current().business_days_between(a, b)

    def due_instant(self, start: datetime, days: int) -> datetime:
        return self.current().due_instant(start, days)
