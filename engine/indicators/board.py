"""The indicators of a period, whole: what the public page, the dashboard, the exports, the report and the API show.

``Indicators.board`` is one snapshot of two queries; every face reads the same ``Board``, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.carta import current_edition
from engine.indicators import months as m
from engine.indicators.counts import Key, Only, ended, snapshot
from engine.indicators.figures import Figures, gather
from engine.indicators.measures import Measure, list_measures
from engine.indicators.ports import Days, Office
from engine.indicators.series import YEAR, Headline, Point, Query, headlines, series, whole
from engine.indicators.services import Offer, Product, offers, service_of
from engine.indicators.still_open import Alike, opened, read_open
from engine.storage.tables import acta_sesion, indicator_delta, indicator_month

BOARD_ROLES = frozenset(
    {"secretario_general", "rectorado", "jefe_secretaria", "director_calidad", "administrador", "auditor"}
)
AGES = (5, 10, 20)  # business days open: up to 5, up to 10, up to 20, more


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is open now, whatever the period."""

    open: int = 0
    overdue: int = 0
    paused: int = 0
    ages: tuple[int, ...] = (0,) * (len(AGES) + 1)
    oldest: int | None = None  # business days


@dataclass(frozen=True, slots=True)
class Line:
    offer: Offer
    product: Product | None  # none: the service as a whole
    figures: Figures
    backlog: Backlog

    @property
    def days(self) -> int | None:
        """The commitment; of a service, its longest."""
        return self.product.days if self.product else self.offer.days

    @property
    def below(self) -> bool:
        return self.figures.on_time is not None and self.figures.on_time < self.offer.goal


@dataclass(frozen=True, slots=True)
class Board:
    query: Query
    at: datetime
    edition: int | None
    goal: int
    headlines: tuple[Headline, ...]
    total: Figures
    services: tuple[Line, ...]
    products: tuple[Line, ...]
    series: tuple[Point, ...]
    backlog: Backlog
    measures: tuple[Measure, ...]
    complaints: int  # of every service, and of none

    @property
    def below(self) -> bool:
        return self.total.on_time is not None and self.total.on_time < self.goal

    @property
    def empty(self) -> bool:
        return not (self.total.received or self.total.ended or self.total.due or self.backlog.open)


class Indicators:
    def __init__(self, app: Office) -> None:
        self._app = app

    def board(self, query: Query) -> Board:
        at, zone = self._app.clock.now(), self._app.config.zone
        before = m.shift(query.since, -m.span(query.since, query.until))
        first = min(before, m.shift(query.until, 1 - YEAR))
        with snapshot(self._app.database) as conn:
            edition = current_edition(conn)
            offered = offers(self._app.definitions, edition)
            only = Only(min(query.since, m.shift(query.until, 1 - YEAR)), query.since)
            counts = ended(conn, first, query.until, query.channel, only)
            waiting = read_open(conn, self.service_of, at, zone, query.channel)
            actas = _actas(conn, first, query.until)
            measures = list_measures(conn, query.service)
        for key, n in opened(waiting).items():
            if first <= key.month <= query.until:
                counts[key] += n
        number = edition.number if edition else None
        return self._board(query, at, number, offered, counts, waiting, actas, measures)

    def offers_and_first_month(self) -> tuple[list[Offer], int | None]:
        """What a filter may offer: the services, and the first month of which there is anything to tell."""
        with self._app.database.read() as conn:
            offered = offers(self._app.definitions, current_edition(conn))
            first = [conn.scalar(sa.select(sa.func.min(table.c.month))) for table in (indicator_month, indicator_delta)]
        return offered, min((month for month in first if month is not None), default=None)

    def service_of(self, version: UUID) -> str:
        return service_of(self._app.definitions, version)

    def _board(
        self,
        query: Query,
        at: datetime,
        edition: int | None,
        offered: list[Offer],
        counts: Counter[Key],
        waiting: list[Alike],
        actas: dict[int, int],
        measures: list[Measure],
    ) -> Board:
        chosen = [one for one in offered if query.service in ("", one.code)]
        codes = {one.code for one in chosen}
        inside = [(k, n) for k, n in counts.items() if query.since <= k.month <= query.until and k.service in codes]
        of_whole = whole(query.product)
        by_service = gather(inside, lambda k: k.service if of_whole(k) else None)
        by_product = gather(inside, lambda k: (k.service, k.product) if k.product else None)
        total = gather(inside, lambda k: 0 if of_whole(k) else None).get(0) or Figures()
        waits = self._backlogs([one for one in waiting if one.service in codes], at)
        products = [(one, product) for one in chosen for product in one.products]
        return Board(
            query=query,
            at=at,
            edition=edition,
            goal=min((one.goal for one in chosen), default=90),
            headlines=headlines(query, counts, actas),
            total=total,
            services=tuple(
                Line(one, None, by_service.get(one.code) or Figures(), waits.get(one.code) or Backlog())
                for one in chosen
            ),
            products=tuple(
                Line(
                    one,
                    product,
                    by_product.get((one.code, product.code)) or Figures(),
                    waits.get((one.code, product.code)) or Backlog(),
                )
                for one, product in products
                if query.product in ("", product.code)
            ),
            series=series(query, counts, codes, actas),
            backlog=waits.get("") or Backlog(),
            measures=tuple(measures),
            complaints=_complaints(query, counts),
        )

    def _backlogs(self, waiting: list[Alike], at: datetime) -> dict[str | tuple[str, str], Backlog]:
        """By service, of all of them under the empty one, and by service and product, as long as it is not ready. Ages
        are in business days since the filing."""
        days: Days = self._app.calendar.now
        today = days.local_day(at)

        @cache
        def age(day: date) -> int:
            return days.business_days_between(day, today)

        found: dict[str | tuple[str, str], list[tuple[Alike, int]]] = {}
        for one in waiting:
            aged = (one, age(one.opened_on))
            found.setdefault(one.service, []).append(aged)
            found.setdefault("", []).append(aged)
            for clock in one.clocks:
                if clock.owed:
                    owed = replace(one, overdue=clock.measure == "late")
                    found.setdefault((one.service, clock.product), []).append((owed, aged[1]))
        return {service: _backlog(ones) for service, ones in found.items()}


def _backlog(aged: list[tuple[Alike, int]]) -> Backlog:
    ages = [0] * (len(AGES) + 1)
    for one, age in aged:
        ages[sum(age > limit for limit in AGES)] += one.count
    return Backlog(
        open=sum(one.count for one, _ in aged),
        overdue=sum(one.count for one, _ in aged if one.overdue),
        paused=sum(one.count for one, _ in aged if one.paused),
        ages=tuple(ages),
        oldest=max(age for _, age in aged),
    )


def _complaints(query: Query, counts: Counter[Key]) -> int:
    """Those about a service; with none chosen, also those about the office itself."""
    return sum(
        n
        for k, n in counts.items()
        if k.measure == "complaint" and query.since <= k.month <= query.until and query.service in ("", k.service)
    )


def _actas(conn: Connection, since: int, until: int) -> dict[int, int]:
    """Session actas approved, by month (C-54)."""
    days = sa.select(acta_sesion.c.approved_on, sa.func.count().label("n")).where(
        acta_sesion.c.status == "approved",
        acta_sesion.c.approved_on >= m.first_day(since),
        acta_sesion.c.approved_on < m.first_day(m.shift(until, 1)),
    )
    found: dict[int, int] = {}
    for row in conn.execute(days.group_by(acta_sesion.c.approved_on)):
        month = m.month_of_day(row.approved_on)
        found[month] = found.get(month, 0) + row.n
    return found
