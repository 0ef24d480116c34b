"""The calendar as pages use it: read again every few seconds, so that a change made by any process is seen soon.
Commands that compute terms load it afresh inside their own transaction instead.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.calendar.business import Calendar
from engine.calendar.feriados import load_calendar
from engine.config import Config
from engine.storage.unit_of_work import Database

KEPT = 5.0  # seconds
PLACES = 200  # more than that are read again


class LiveCalendar:
    def __init__(self, database: Database, config: Config) -> None:
        self._database, self._config = database, config
        self._kept: dict[str | None, tuple[float, Calendar]] = {}

    @property
    def now(self) -> Calendar:
        return self.at(None)

    def at(self, place: str | None) -> Calendar:
        """For a person at that place, whose local holidays count too."""
        kept = self._kept.get(place)
        if kept is None or time.monotonic() - kept[0] > KEPT:
            with self._database.read() as conn:
                kept = (time.monotonic(), load_calendar(conn, self._config, place))
            if len(self._kept) >= PLACES:
                self._kept.clear()
            self._kept[place] = kept
        return kept[1]

    @property
    def zone(self) -> ZoneInfo:
        return self._config.zone

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def is_business_day(self, day: date) -> bool:
        return self.now.is_business_day(day)

    def end_of(self, day: date) -> datetime:
        return self.now.end_of(day)

    def business_days_between(self, a: date, b: date) -> int:
        return self.now.business_days_between(a, b)
