"""The term of a case as its requester reads it: the promised date, a cell for each business day, one sentence; and the
date of each product when there are several (C-48)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from engine.calendar import Calendar, ProductPromise, load_calendar, promise_of
from engine.definitions import Definition
from engine.history.case_file import CaseHead
from engine.people import get_person
from web import dates
from web.current import cartulario
from web.text import gettext as _
from web.text import ngettext

MOST_CELLS = 30  # beyond these the bar is left out: the sentence says the same


@dataclass(frozen=True)
class ProductLine:
    """One of several products; ``state``: ready, refused, abandoned, paused, late or running."""

    name: str
    due: datetime
    state: str


@dataclass(frozen=True)
class TermView:
    """``day``: the business day that runs today, 0 before the first; more than ``days`` when it is late."""

    due: datetime
    days: int
    day: int
    paused: bool
    closed: bool
    late: bool
    sentence: str
    moved: str
    products: tuple[ProductLine, ...] = ()

    @property
    def used(self) -> int:
        """Cells that are whole in the past."""
        return min(self.days, self.day if self.closed or self.late else max(self.day - 1, 0))

    @property
    def cells(self) -> int:
        return self.days if self.days <= MOST_CELLS else 0

    @property
    def running(self) -> bool:
        return not (self.paused or self.closed or self.late) and self.day > 0

    @property
    def label(self) -> str:
        return _("Plazo: va el día %(day)s de %(days)s", day=min(max(self.day, 0), self.days), days=self.days)


def calendar_of(conn: Connection, head: CaseHead) -> Calendar:
    """The one that the case's terms are counted on: the office's, with the local holidays of its requester's place."""
    place = get_person(conn, head.requester_id).place if head.requester_id else None
    return load_calendar(conn, cartulario().config, place)


def case_term(conn: Connection, head: CaseHead, definition: Definition) -> TermView | None:
    """As the case stands now."""
    now, promise = cartulario().clock.now(), promise_of(conn, head.id)
    view = term_view(head, promise.products, calendar_of(conn, head), now)
    if view is None or head.closed_at is not None or len(promise.products) < 2:
        return view
    names = {product.code: product.name for product in definition.manifest.products}
    lines = tuple(ProductLine(names.get(one.key, one.key), one.due_at, _state(one, now)) for one in promise.products)
    return replace(view, products=lines)


def _state(one: ProductPromise, now: datetime) -> str:
    if one.met_at is not None:
        return one.result if one.result in ("refused", "abandoned") else "ready"
    if one.paused_at is not None:
        return "paused"
    return "late" if one.due_at < now else "running"


def term_view(head: CaseHead, terms: Sequence[ProductPromise], days: Calendar, now: datetime) -> TermView | None:
    """The term that ends last is the case's (C-48). None when the Carta promises no date."""
    if not terms:
        return None
    last = max(terms, key=lambda term: (term.due_at, term.key))
    until = last.paused_at or head.closed_at or now
    day, today = _day_of(last, days, until), days.local_day(now)
    late = head.closed_at is None and last.paused_at is None and today > days.local_day(last.due_at)
    return TermView(
        due=last.due_at,
        days=last.days,
        day=day,
        paused=last.paused_at is not None and head.closed_at is None,
        closed=head.closed_at is not None,
        late=late,
        sentence=_sentence(head, last, day, late, days, today),
        moved=_moved(last, days),
    )


def _day_of(term: ProductPromise, days: Calendar, until: datetime) -> int:
    """Business days that counted up to an instant: those that passed less those that stood still."""
    left = days.business_days_between(days.local_day(until), days.local_day(term.due_at))
    return max(term.days - max(left, 0), 0)


def _sentence(head: CaseHead, term: ProductPromise, day: int, late: bool, days: Calendar, today: date) -> str:
    if head.closed_at is not None:
        return _("Terminó el %(day)s.", day=dates.day(head.closed_at))
    if term.paused_at is not None:
        return _(
            "El plazo está detenido desde el %(day)s, mientras esperamos su respuesta.", day=dates.day(term.paused_at)
        )
    if late:
        gone = days.business_days_between(days.local_day(term.due_at), today)
        return ngettext("Venció hace %(num)s día hábil. Ya avisamos a quien corresponde.",
                        "Venció hace %(num)s días hábiles. Ya avisamos a quien corresponde.", gone)  # fmt: skip
    if day == 0:
        first = days.next_business_day(days.local_day(term.started_at))
        return _("Empieza a contar el %(day)s.", day=dates.day(first))
    return _("Va el día hábil %(day)s de %(days)s.", day=day, days=term.days)


def _moved(term: ProductPromise, days: Calendar) -> str:
    first, now = days.local_day(term.original_due_at), days.local_day(term.due_at)
    if first == now:
        return ""
    moved = days.business_days_between(first, now)
    before = _("La fecha inicial era el %(day)s.", day=dates.day(first))
    if term.paused_days and moved == term.paused_days:
        reason = ngettext("Se movió %(num)s día hábil, el que el plazo estuvo en pausa.",
                          "Se movió %(num)s días hábiles, los que el plazo estuvo en pausa.", moved)  # fmt: skip
    else:
        reason = _("Se recalculó porque cambió el calendario de días hábiles o hubo una pausa.")
    return f"{before} {reason}"
