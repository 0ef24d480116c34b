"""Business-day arithmetic. Used by the engine's terms, timers and the inbox's chips.

Terms are maxima in whole days, never hours: the day of filing does not count, whatever its hour, and the term ends with
the last second of its last business day (COA arts. 158-160). No result ever falls on a rest day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)
SEARCH_LIMIT = 366 * 3  # days in a row without one business day: the calendar is broken

Rule = Callable[[int], Iterable[date]]


def _no_rule(_year: int) -> Iterable[date]:
    return ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """``rest`` are the days on record; ``rule`` gives those of a year that is not ``covered`` by the record."""

    zone: ZoneInfo
    rest: Mapping[date, str] = field(default_factory=dict)
    covered: frozenset[int] = frozenset()
    rule: Rule = _no_rule
    opens: time = time(8)
    closes: time = time(17)

    def local_day(self, instant: datetime) -> date:
        """The institution's day on which an instant falls: 23:59 is still that day."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs its timezone")
        return instant.astimezone(self.zone).date()

    def is_business_day(self, day: date) -> bool:
        if day.weekday() >= 5 or day in self.rest:
            return False
        return day.year in self.covered or day not in self.rule(day.year)

    def next_business_day(self, day: date) -> date:
        """The first business day after ``day``."""
        for step in range(1, SEARCH_LIMIT):
            if self.is_business_day(found := day + step * DAY):
                return found
        raise ValueError(f"no business day within {SEARCH_LIMIT} days of {day}")

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th business day after ``day``. For 0: ``day`` itself, or the next business day if it is a rest day."""
        if n < 0:
            raise ValueError("a term cannot run backwards")
        if n == 0:
            return day if self.is_business_day(day) else self.next_business_day(day)
        for _ in range(n):
            day = self.next_business_day(day)
        return day

    def business_days_between(self, a: date, b: date) -> int:
        """Business days in (a, b]: 0 on the same day, negative when ``b`` is before ``a``."""
        if b < a:
            return -self.business_days_between(b, a)
        return sum(self.is_business_day(a + step * DAY) for step in range(1, (b - a).days + 1))

    def end_of(self, day: date) -> datetime:
        """The day's last second, as UTC."""
        return datetime.combine(day, END_OF_DAY, self.zone).astimezone(UTC)

    def due_instant(self, start: datetime, days: int) -> datetime:
        """The end of the last day of a term of ``days`` business days filed at ``start``, as UTC."""
        return self.end_of(self.add_business_days(self.local_day(start), days))

    def fraction_instant(self, start: datetime, days: int, percent: int) -> datetime:
        """The instant, inside office hours, at which ``percent`` of the term's office time has passed; 100 is the due
        instant itself. A term of 1 day filed on Friday reaches 80 % on Monday at 15:12 (office 08:00 to 17:00)."""
        if not 0 <= percent <= 100:
            raise ValueError("a percentage of a term goes from 0 to 100")
        if percent == 100 or days == 0:
            return self.due_instant(start, days)
        whole, rest = divmod(days * percent, 100)
        first_day = self.local_day(start)
        if rest == 0 and whole:  # exactly at closing time, not at the opening of the day after
            return self._office(self.add_business_days(first_day, whole), 100)
        return self._office(self.add_business_days(first_day, whole + 1), rest)

    def _office(self, day: date, percent: int) -> datetime:
        opens, closes = (datetime.combine(day, at, self.zone) for at in (self.opens, self.closes))
        return (opens + (closes - opens) * percent / 100).astimezone(UTC).replace(microsecond=0)

    def shift_due(
        self, due: datetime, paused_at: datetime, resumed_at: datetime, *, since: datetime | None = None
    ) -> datetime:
        """The due instant after a pause. A day counts against the office only when the term ran the whole of it: the
        day of the pause does not, and counting starts again on the business day after the answer. ``since``, the term's
        start when given: days before counting began were never owed."""
        if resumed_at < paused_at:
            raise ValueError("a pause cannot end before it began")
        last_run = self.local_day(paused_at) - DAY
        if since is not None:
            last_run = max(last_run, self.local_day(since))
        left = self.business_days_between(last_run, self.local_day(due))
        if left <= 0:  # overdue before the pause: the pause forgives nothing
            return due
        return max(due, self.end_of(self.add_business_days(self.local_day(resumed_at), left)))

    def at(self, _place: str | None) -> Calendar:
        """This one: whose days count was decided when it was loaded."""
        return self

    def also_resting(self, days: Mapping[date, str]) -> Calendar:
        """This calendar with the rest days of the requester's place besides (COA art. 160)."""
        return replace(self, rest={**days, **self.rest})
