"""Find actas by body, date, number and words (C-28), the same on both databases.

Words are folded and stemmed like those of cases (``storage.search``); the register holds thousands of rows, not
millions, so their beginnings are looked for in the row itself. Pages are cut by date and reference, not by counting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.acta import SELECT, ActaSesion
from engine.storage.search import query_words, search_text
from engine.storage.tables import acta_sesion

PAGE = 30
SHORTEST_PREFIX = 3  # letters; a shorter word matches whole
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")


@dataclass(frozen=True, slots=True)
class ActaSearch:
    """Each field narrows."""

    text: str = ""
    body: str | None = None
    number: int | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None  # that day too
    reserved: bool = False  # only those of which something is reserved
    hide_whole: bool = False  # not those reserved as a whole: what a reader who does not keep the register sees
    on: date | None = None  # the day on which a reservation is looked at
    after: UUID | None = None  # the last acta of the page before
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class ActaPage:
    actas: tuple[ActaSesion, ...]
    next: UUID | None  # ``after`` of the next page; none: this is the last


def search_actas(conn: Connection, asked: ActaSearch) -> ActaPage:
    """The latest session first."""
    query = SELECT.order_by(*(column.desc() for column in _ORDER)).limit(asked.size + 1)
    for condition in _conditions(asked):
        query = query.where(condition)
    if asked.after is not None:
        query = query.where(_older_than(conn, asked.after))
    found = [ActaSesion(*row) for row in conn.execute(query)]
    more = found[asked.size - 1].id if len(found) > asked.size else None
    return ActaPage(tuple(found[: asked.size]), more)


def _older_than(conn: Connection, acta_id: UUID) -> sa.ColumnElement[bool]:
    last = conn.execute(sa.select(*_ORDER).where(acta_sesion.c.id == acta_id)).one_or_none()
    if last is None:
        return sa.false()
    values = (sa.literal(value, column.type) for value, column in zip(last, _ORDER, strict=True))
    return sa.tuple_(*_ORDER) < sa.tuple_(*values)


def read_date(text: str) -> date | None:
    """«2026-03-09» or «9/3/2026»; None for what is no date."""
    text = text.strip()
    found = _DAY_FIRST.match(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None


def words_of(*parts: str | None) -> str:
    """What ``acta_sesion.search`` holds: each word between spaces."""
    return f" {search_text(part for part in parts if part)} "


_ORDER = (acta_sesion.c.date, acta_sesion.c.body, acta_sesion.c.year, acta_sesion.c.number)


def _conditions(asked: ActaSearch) -> list[sa.ColumnElement[bool]]:
    table = acta_sesion.c
    conditions = [_has(group) for group in query_words(asked.text)]
    if asked.text.strip() and not conditions:
        conditions.append(sa.false())
    exact = ((table.body, asked.body), (table.number, asked.number), (table.year, asked.year))
    conditions += [column == value for column, value in exact if value is not None]
    if asked.since is not None:
        conditions.append(table.date >= asked.since)
    if asked.until is not None:
        conditions.append(table.date <= asked.until)
    if asked.reserved:
        conditions += [table.reserved != "none", _in_force(asked.on)]
    if asked.hide_whole:
        conditions.append(sa.not_(sa.and_(table.reserved == "whole", _in_force(asked.on))))
    return conditions


def _in_force(on: date | None) -> sa.ColumnElement[bool]:
    until = acta_sesion.c.reserved_until
    return until.is_(None) if on is None else sa.or_(until.is_(None), until >= on)


def _has(group: tuple[str, ...]) -> sa.ColumnElement[bool]:
    beginnings = (f" {word}" if len(word) >= SHORTEST_PREFIX else f" {word} " for word in group)
    return sa.or_(*(acta_sesion.c.search.contains(beginning, autoescape=True) for beginning in beginnings))
