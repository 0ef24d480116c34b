"""When a process starts by itself: a timer start event beside its plain one, as ``"R/2027-02-27T09:00:00-05:00/P1Y"``.

The first instant and the distance to the next (ISO 8601). Read by the check before publishing and by the worker, which
starts a case at each instant once (``inbound.schedules``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.spiff.parsing import ProcessSpec

_CYCLE = re.compile(
    r"R/(?P<first>[^/]+)/P(?=\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
)
MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """``first`` is aware; one of ``months`` and ``days`` is not zero."""

    element: str
    first: datetime
    months: int
    days: int

    def last(self, now: datetime) -> datetime | None:
        """The latest of its instants that has passed; none before the first."""
        passed = None
        for n in range(MOST_STEPS):
            instant = self._nth(n)
            if instant > now:
                break
            passed = instant
        return passed

    def _nth(self, n: int) -> datetime:
        """Counted from the first: the 31st stays the 31st where the month has one, and the last day where not."""
        months = self.first.month - 1 + n * self.months
        year, month = self.first.year + months // 12, months % 12 + 1
        day = min(self.first.day, calendar.monthrange(year, month)[1])
        return self.first.replace(year=year, month=month, day=day) + timedelta(days=n * self.days)


def parse_schedule(element: str, text: str) -> Schedule:
    """Raises ``ValueError`` with what to mend, in Spanish. ``text`` with or without its quotes."""
    found = _CYCLE.fullmatch(text.strip().strip("\"'"))
    if found is None:
        raise ValueError('Escriba el primer día y cada cuánto, como "R/2027-02-27T09:00:00-05:00/P1Y".')
    try:
        first = datetime.fromisoformat(found["first"])
    except ValueError:
        raise ValueError(f"«{found['first']}» no es una fecha con hora, como 2027-02-27T09:00:00-05:00.") from None
    if first.tzinfo is None:
        raise ValueError("A la fecha le falta su zona horaria: termínela en -05:00, o en la de la institución.")
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    days = int(found["weeks"] or 0) * 7 + int(found["days"] or 0)
    if not 0 < months * 30 + days <= 36_500 or first.year < 1900:
        raise ValueError("La distancia entre un inicio y el siguiente va de un día a cien años.")
    return Schedule(element, first, months, days)


def schedules_of(process: ProcessSpec) -> Iterator[Schedule]:
    for start in process.timer_starts:
        yield parse_schedule(start.id, start.schedule or "")
