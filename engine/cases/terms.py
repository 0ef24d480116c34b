"""The clocks of a case: one term per product, in business days (C-48), paused while the requester answers (N-1).

Implements what a diagram may ask of the office (``spiff.Office``). Loaded from the database only when asked; written
back once, when the command ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.past_clocks import History, past_clocks
from engine.cases.ports import Calendar
from engine.storage.tables import term

DELIVERED, REFUSED, ABANDONED, WITHDRAWN = "delivered", "refused", "abandoned", "withdrawn"  # how anything ends
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # a term that has not begun, or stands still


class _Choice(Protocol):
    """``min`` or ``max``."""

    def __call__(self, terms: Iterable[Term], /, *, key: Callable[[Term], tuple[datetime, str]]) -> Term: ...


@dataclass(slots=True)
class Term:
    key: str
    days: int
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None = None
    paused_days: int = 0
    met_at: datetime | None = None
    resumed_at: datetime | None = None  # when it last went on: mostly, when the requester answered
    result: str | None = None  # how it ended, when a diagram said it; of the rest, said by ``finish``


_OF_CASE = (
    sa.select(*(term.c[name] for name in Term.__slots__))
    .where(term.c.case_id == sa.bindparam("case_id"))
    .order_by(term.c.key)
)


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


class TermBook:
    """``start``: when the clocks of the case begin; none: when they are asked for (at the admission)."""

    def __init__(
        self,
        conn: Connection,
        case_id: UUID,
        start: datetime | None,
        now: datetime,
        zone: ZoneInfo,
        calendar: Callable[[Connection], Calendar],
        *,
        new: bool = False,
    ) -> None:
        self._conn, self._case_id, self._start, self._now, self._zone = conn, case_id, start, now, zone
        self._load_calendar = calendar
        self._calendar: Calendar | None = None
        self._terms: dict[str, Term] | None = {} if new else None
        self._stored: set[str] = set()
        self.touched = False

    # --- what a diagram asks -----------------------------------------------------------------------------------------

    def hoy(self) -> str:
        return self._now.astimezone(self._zone).date().isoformat()

    def ahora(self) -> str:
        return _iso(self._now)

    def dias_habiles(self, days: int, since: datetime | None = None) -> str:
        return _iso(self.calendar.due_instant(since or self._now, days))

    def dias_habiles_desde(self, days: int, day: str) -> str:
        """Of a term that began on another day than it is asked for, like that of something noticed earlier."""
        return self.dias_habiles(days, datetime.combine(date.fromisoformat(day), time(12), self._zone))

    def iniciar_plazo(self, key: str, days: int) -> str:
        """Begun again in a rework loop, the term keeps its start and the days that it stood still."""
        one = self.terms.get(key)
        if one is None:
            start = self._start_of_another()
            due = self.calendar.due_instant(start, days)
            self.terms[key] = Term(key, days, start, due, due)
        else:
            due = self.calendar.due_instant(one.started_at, days + one.paused_days)
            self.terms[key] = replace(one, days=days, due_at=due, met_at=None, result=None)
        self.touched = True
        return _iso(due)

    def iniciar_plazos(self, days: Mapping[str, int]) -> str:
        """Those asked for, and no other: a product dropped in a correction loses its term, one added gets its own. What
        is ready stays as it is."""
        ready = {key for key, one in self.terms.items() if one.met_at is not None}
        for key in sorted(days.keys() - ready):
            self.iniciar_plazo(key, days[key])
        for key in self.terms.keys() - days.keys() - ready:
            del self.terms[key]
            self.touched = True
        return _iso(max((self.terms[key].due_at for key in days), default=NEVER))

    def pendientes(self, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if key in self.terms and self.terms[key].met_at is None]

    def _start_of_another(self) -> datetime:
        """A product that an answer of the requester added counts from that answer."""
        if any(one.paused_at for one in self.terms.values()):
            return self._now
        return max((one.resumed_at for one in self.terms.values() if one.resumed_at), default=self._start or self._now)

    def cumplir_plazo(self, key: str) -> str:
        """A product is ready: its clock stops for good. Met before, or never begun, nothing changes."""
        return self._stop(key, None)

    def negar_plazo(self, key: str) -> str:
        """A product is refused, with its reasons: no more is owed."""
        return self._stop(key, REFUSED)

    def desistir_plazo(self, key: str) -> str:
        """A product was given up by who asked for it; the others go on."""
        return self._stop(key, ABANDONED)

    def _stop(self, key: str, result: str | None) -> str:
        """What stops while it stood still goes on first: those days were never the office's."""
        one = self.terms.get(key)
        if one is not None and one.met_at is None:
            self._resume(one)
            one.met_at, one.result, self.touched = self._second, result, True
        return _iso(self._now)

    def plazo(self, percent: int, extra_days: int = 0) -> str:
        """Of the product that is due last (C-48)."""
        return self._instant(self._running(self.terms), percent, extra_days, max)

    def plazo_de(self, keys: Sequence[str], percent: int, extra_days: int) -> str:
        """Of the first of these products that falls due."""
        return self._instant(self._running(keys), percent, extra_days, min)

    def _running(self, keys: Iterable[str]) -> list[Term]:
        found = [self.terms[key] for key in keys if key in self.terms]
        return [one for one in found if one.met_at is None]

    def _instant(self, running: list[Term], percent: int, extra_days: int, which: _Choice) -> str:
        if not running or any(one.paused_at for one in running):
            return _iso(NEVER)
        one = which(running, key=lambda term: (term.due_at, term.key))
        if percent >= 100:
            return _iso(self._later(one.due_at, extra_days))
        return _iso(self.calendar.fraction_instant(one.started_at, one.days + one.paused_days, percent))

    def pausar(self) -> None:
        for one in self.terms.values():
            if one.met_at is None and one.paused_at is None:
                one.paused_at, self.touched = self._now, True

    def reanudar(self) -> None:
        for one in self.terms.values():
            self._resume(one)

    def _resume(self, one: Term) -> None:
        if one.paused_at is None:
            return
        counted_since = one.resumed_at or one.started_at  # the day of an answer is not the office's either
        due = self.calendar.shift_due(one.due_at, one.paused_at, self._now, since=counted_since)
        old_day, new_day = self.calendar.local_day(one.due_at), self.calendar.local_day(due)
        one.paused_days += self.calendar.business_days_between(old_day, new_day)
        one.due_at, one.paused_at, one.resumed_at, self.touched = due, None, self._now, True

    # --- what commands do --------------------------------------------------------------------------------------------

    def recompute(self) -> list[list[str]]:
        """Count every running term again on today's calendar; [key, old, new] of those that moved."""
        moved, running = [], self._running(self.terms)
        again = self.counted_again(past_clocks(self._conn, self._case_id)) if any(t.resumed_at for t in running) else {}
        for one in running:
            as_asked = again.get(one.key, one)
            due = self.calendar.due_instant(one.started_at, one.days + as_asked.paused_days)
            self.touched |= as_asked.paused_days != one.paused_days
            one.paused_days = as_asked.paused_days
            if due != one.due_at:
                moved.append([one.key, _iso(one.due_at), _iso(due)])
                one.due_at, self.touched = due, True
        return moved

    def counted_again(self, history: History) -> dict[str, Term]:
        """The same clocks, begun, stopped and gone on with as they were, on today's calendar. The days of a pause that
        is over are business days: a rest day declared inside it later made it shorter, and moves no promise."""
        book = TermBook(self._conn, self._case_id, self._start, self._now, self._zone, self._load_calendar, new=True)
        book._calendar = self.calendar
        for book._now, name, arguments in history:
            getattr(book, name)(*arguments)
        return book.terms

    def finish(self, result: str) -> None:
        """The case ended: its clocks stop, and a pause with them: nobody owes the days of the requester. What nobody
        said of a product follows: what was ready was delivered, unless all was refused; the rest ended as the case."""
        self.reanudar()
        for one in self.terms.values():
            if one.result is None:
                ready = one.met_at is not None and result != REFUSED
                one.result, self.touched = DELIVERED if ready else result, True
            if one.met_at is None:
                one.met_at = self._second

    def due_at(self) -> datetime | None:
        """The request is due at the latest of its products' terms (C-48)."""
        return max((t.due_at for t in self.terms.values()), default=None)

    def due_of(self, key: str | None) -> datetime | None:
        """When one product is due; nothing when it has no clock."""
        return self.terms[key].due_at if key in self.terms else None

    def paused_at(self) -> datetime | None:
        return min((t.paused_at for t in self.terms.values() if t.paused_at), default=None)

    def save(self) -> None:
        """What changed; nothing when nothing was asked."""
        if not self.touched:
            return
        if gone := self._stored - self.terms.keys():
            mine = (term.c.case_id == self._case_id) & term.c.key.in_(gone)
            self._conn.execute(term.delete().where(mine))
        for one in self.terms.values():
            values = {name: getattr(one, name) for name in Term.__slots__}
            if one.key in self._stored:
                key = (term.c.case_id == self._case_id) & (term.c.key == one.key)
                self._conn.execute(term.update().where(key).values(values))
            else:
                self._conn.execute(term.insert().values(case_id=self._case_id, **values))

    @property
    def terms(self) -> dict[str, Term]:
        if self._terms is None:
            rows = self._conn.execute(_OF_CASE, {"case_id": self._case_id})
            self._terms = {row.key: Term(*row) for row in rows}
            self._stored = set(self._terms)
        return self._terms

    @property
    def calendar(self) -> Calendar:
        if self._calendar is None:
            self._calendar = self._load_calendar(self._conn)
        return self._calendar

    @property
    def _second(self) -> datetime:
        """A term ends with the last second of a day, whole: what is ready within it is in time."""
        return self._now.replace(microsecond=0)

    def _later(self, due: datetime, extra_days: int) -> datetime:
        if not extra_days:
            return due
        return self.calendar.end_of(self.calendar.add_business_days(self.calendar.local_day(due), extra_days))
