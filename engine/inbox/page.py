"""One page of the inbox: which rows, in which order, in which groups, and how many under each tab.

``list_tasks`` reads at most a page from each arm (see ``visible``), merges, and only then fetches what a row shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbox.chip import Group, group_of
from engine.inbox.filters import TABS, Filters, Tab
from engine.inbox.order import Key, beyond, decode, encode, keys_of, order_by
from engine.inbox.ports import Days, People
from engine.inbox.rows import TaskRow, fetch_rows
from engine.inbox.viewer import Viewer
from engine.inbox.visible import Arm, arms
from engine.storage.fulltext import matches_open_task
from engine.storage.search import words
from engine.storage.tables import case, person, task

PAGE: Final = 25
COUNT_CAP: Final = 999  # more is shown as "999+"
TITLES: Final[Mapping[Group, str]] = {
    "vencidas": "Vencidas",
    "hoy": "Hoy",
    "proximas": "Próximos días hábiles",
    "pausa": "En pausa",
    "sin_plazo": "Sin plazo",
}

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Count:
    """``text``: "12", "999+"."""

    value: int
    capped: bool = False

    @property
    def text(self) -> str:
        return f"{COUNT_CAP}+" if self.capped else str(self.value)


@dataclass(frozen=True, slots=True)
class RowGroup:
    key: Group
    title: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    filters: Filters
    rows: tuple[TaskRow, ...]  # in the order shown, so that j and k follow it
    groups: tuple[RowGroup, ...]  # one without a title when the order is not by term
    counts: Mapping[Tab, Count]
    next: Filters | None
    previous: Filters | None


def list_tasks(
    conn: Connection, viewer: Viewer, filters: Filters, *, now: datetime, people: People, days: Days, size: int = PAGE
) -> Page:
    """The page that ``filters`` ask for."""
    ids, following, preceding = find_page(conn, viewer, filters, now=now, days=days, size=size)
    rows = fetch_rows(conn, viewer, ids, now=now, people=people, days=days)
    groups = _groups(rows, by_term=filters.sort[0][0] == "vence")
    shown = tuple(row for group in groups for row in group.rows)
    return Page(filters, shown, groups, count_tabs(conn, viewer, now), following, preceding)


def find_page(
    conn: Connection, viewer: Viewer, filters: Filters, *, now: datetime, days: Days, size: int
) -> tuple[list[UUID], Filters | None, Filters | None]:
    """→ the ids in order, and the filters of the next page and of the previous one, if there is one."""
    keys = keys_of(filters)
    backwards = filters.before is not None
    cursor = decode(filters.before or filters.after or "", keys)
    if cursor is None:
        backwards = False
    rows = _select(conn, viewer, filters, keys, cursor, backwards, now, days, size + 1)
    more = len(rows) > size
    rows = rows[:size][::-1] if backwards else rows[:size]
    if not rows:
        return [], None, None
    ahead = more if not backwards else True
    behind = more if backwards else cursor is not None
    following = filters.with_(after=encode(rows[-1])) if ahead else None
    preceding = filters.with_(before=encode(rows[0])) if behind else None
    return [row[-1] for row in rows], following, preceding


def _select(
    conn: Connection,
    viewer: Viewer,
    filters: Filters,
    keys: Sequence[Key],
    cursor: Sequence[Any] | None,
    backwards: bool,
    now: datetime,
    days: Days,
    limit: int,
) -> list[Sequence[Any]]:
    parts: list[sa.Select[Any]] = []
    for arm in arms(viewer, filters.tab, now):
        narrowing, needs_case = _narrowing(conn.dialect.name, filters, arm.role, now, days)
        for segment in _segments(keys, cursor, backwards):
            query = sa.select(*(key.expression.label(f"k{n}") for n, key in enumerate(keys)))
            query = query.select_from(_source(keys, arm.needs_case or needs_case))
            query = query.where(arm.condition, *narrowing, *segment.conditions).order_by(*segment.order)
            parts.append(query.limit(sa.literal_column(str(limit))))
    if not parts:
        return []
    if len(parts) == 1:
        return list(conn.execute(parts[0]))
    union = sa.union_all(*(sa.select(part.subquery()) for part in parts)).subquery()
    columns = [union.c[f"k{n}"] for n in range(len(keys))]
    merged = sa.select(*columns).order_by(*order_by(keys, columns, backwards))
    return list(conn.execute(merged.limit(sa.literal_column(str(limit)))))


@dataclass(frozen=True, slots=True)
class _Segment:
    conditions: tuple[Condition, ...]
    order: list[Any]


def _segments(keys: Sequence[Key], cursor: Sequence[Any] | None, backwards: bool) -> list[_Segment]:
    """By term alone, the index order: rows with a term and rows without are read apart, each straight from the index.
    Any other order is one segment, sorted by the database."""
    expressions = [key.expression for key in keys]
    if len(keys) != 2 or keys[0].expression is not task.c.due_at:
        conditions = (beyond(keys, cursor, backwards),) if cursor else ()
        return [_Segment(conditions, order_by(keys, expressions, backwards))]
    due, last = task.c.due_at, task.c.id
    downwards = keys[0].descending != backwards
    order = [due.desc(), last.desc()] if downwards else [due, last]
    dated, undated = (due.is_not(None),), (due.is_(None),)
    if cursor is None:
        return [_Segment(dated, order), _Segment(undated, order)]
    after_id = last < cursor[1] if downwards else last > cursor[1]
    if cursor[0] is None:
        rest = _Segment((*undated, after_id), order)
        return [_Segment(dated, order), rest] if backwards else [rest]
    bound = due <= cursor[0] if downwards else due >= cursor[0]
    strict = due < cursor[0] if downwards else due > cursor[0]
    rest = _Segment((*dated, bound, sa.or_(strict, after_id)), order)
    return [rest] if backwards else [rest, _Segment(undated, order)]


def _source(keys: Sequence[Key], needs_case: bool) -> sa.FromClause:
    source: sa.FromClause = task
    if needs_case or any(key.needs_case for key in keys):
        source = source.join(case, case.c.id == task.c.case_id)
    if any(key.needs_person for key in keys):
        source = source.outerjoin(person, person.c.id == case.c.requester_id)
    return source


def _narrowing(
    dialect: str, filters: Filters, role: str | None, now: datetime, days: Days
) -> tuple[list[Condition], bool]:
    """The filters' conditions, and whether they read the case's row."""
    conditions: list[Condition] = []
    if filters.role:
        conditions.append(task.c.role == filters.role)
    if filters.due:
        conditions.append(_due(filters.due, now, days))
    # the words of the facts are in the search text: the index finds the few, the exact comparison decides
    asked = " ".join([filters.q, *(value for _key, value in filters.facts)])
    found, needs_case = matches_open_task(dialect, asked, filters.process, role)
    if filters.q and not words(filters.q):
        found = [sa.false()]  # something was typed in which there is no word
    exact = [case.c.facts[key].as_string() == value for key, value in filters.facts]
    return conditions + found + exact, needs_case or bool(exact)


def _due(due: str, now: datetime, days: Days) -> Condition:
    today = days.local_day(now)
    match due:
        case "vencidas":
            return sa.and_(task.c.due_at < now, task.c.paused.is_(False))
        case "hoy":
            start = days.end_of(today - timedelta(days=1))
            return sa.and_(task.c.due_at > start, task.c.due_at <= days.end_of(today), task.c.paused.is_(False))
        case "semana":
            sunday = today + timedelta(days=6 - today.weekday())
            return task.c.due_at <= days.end_of(sunday)
        case "pausa":
            return task.c.paused.is_(True)
        case _:
            return task.c.due_at.is_(None)


def count_tabs(conn: Connection, viewer: Viewer, now: datetime) -> dict[Tab, Count]:
    """How many under each tab, without filters; none counts beyond the cap, so that counting stays cheap."""
    counted = [_capped(arms(viewer, tab, now)).label(tab) for tab in TABS]
    found = conn.execute(sa.select(*counted)).one()
    return {tab: Count(min(n, COUNT_CAP), n > COUNT_CAP) for tab, n in zip(TABS, found, strict=True)}


def _capped(parts: Sequence[Arm]) -> sa.ScalarSelect[int]:
    limit: sa.ColumnElement[int] = sa.literal_column(str(COUNT_CAP + 1))
    one: sa.Label[int] = sa.literal_column("1").label("one")
    found = [
        sa.select(sa.select(one).select_from(_source((), arm.needs_case)).where(arm.condition).limit(limit).subquery())
        for arm in parts
    ]
    if not found:
        return sa.select(sa.literal_column("0")).scalar_subquery()
    everything = sa.select(one).select_from(sa.union_all(*found).subquery()).limit(limit).subquery()
    return sa.select(sa.func.count()).select_from(everything).scalar_subquery()


def next_task(
    conn: Connection, viewer: Viewer, filters: Filters, after: UUID, *, now: datetime, days: Days
) -> UUID | None:
    """The task that follows ``after`` in the order of the list, even if that one is closed by now; from the end, the
    first; None when nothing is left."""
    keys = keys_of(filters)
    source = _source(keys, True).select().with_only_columns(*(key.expression for key in keys))
    place = conn.execute(source.where(task.c.id == after)).one_or_none()
    starts = [filters.with_(after=encode(place)), filters.with_()] if place else [filters.with_()]
    for start in starts:
        ids, _following, _preceding = find_page(conn, viewer, start, now=now, days=days, size=2)
        left = [found for found in ids if found != after]
        if left:
            return left[0]
    return None


def _groups(rows: Sequence[TaskRow], by_term: bool) -> tuple[RowGroup, ...]:
    if not by_term:
        return (RowGroup("sin_plazo", "", tuple(rows)),) if rows else ()
    wanted = list(TITLES)
    ranked = sorted(rows, key=lambda row: wanted.index(group_of(row.chip)))  # stable: the order stays within a group
    return tuple(
        RowGroup(key, TITLES[key], tuple(members)) for key, members in groupby(ranked, lambda row: group_of(row.chip))
    )
