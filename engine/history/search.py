"""Search over all cases, open and closed, for staff and audit (A-6): by number, by any word, by state and by date.

The words are those of ``case.search``, folded and stemmed, so accents and plurals do not matter. Pages are cut by the
number of the last case shown, not by counting, so that the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.history.case_file import HEAD, CaseHead, head_of
from engine.storage.fulltext import matches
from engine.storage.tables import case, incident, task

PAGE = 50
MARK = ":"  # in a role narrowed to a part


@dataclass(frozen=True, slots=True)
class CaseFilters:
    text: str = ""
    process: str | None = None
    status: str | None = None  # open | completed | withdrawn
    requester: UUID | None = None
    since: datetime | None = None  # opened at or after
    until: datetime | None = None  # opened before
    troubled: bool = False  # only with an open incident
    after: str | None = None  # the number of the last case of the page before
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: tuple[CaseHead, ...]
    next: str | None  # ``after`` of the next page; none: this is the last


def search_cases(
    conn: Connection,
    filters: CaseFilters,
    processes: Collection[str] | None = None,
    parts: Collection[str] = (),
    called: Collection[tuple[str, str]] = (),
) -> CasePage:
    """The newest first. ``processes``: those the reader may see; None, all. ``parts``: roles narrowed to a
    department or a docente, by which the reader sees the cases that came to them. ``called``: (process, role) that read
    only what came to the role."""
    query = HEAD.order_by(case.c.opened_at.desc(), case.c.number.desc()).limit(filters.size + 1)
    for condition in _conditions(conn.dialect.name, filters, processes, parts, called):
        query = query.where(condition)
    if filters.after:
        query = query.where(_after(filters.after))
    found = [head_of(row) for row in conn.execute(query)]
    more = found[filters.size - 1].number if len(found) > filters.size else None
    return CasePage(tuple(found[: filters.size]), more)


def _conditions(
    dialect: str,
    filters: CaseFilters,
    processes: Collection[str] | None,
    parts: Collection[str],
    called: Collection[tuple[str, str]],
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.text.strip():
        found = matches(dialect, filters.text)
        conditions.append(sa.false() if found is None else found)
    if processes is not None:
        own: list[sa.ColumnElement[bool]] = [case.c.id.in_(_came(sorted(parts)))] if parts else []
        own += [sa.and_(case.c.process == process, case.c.id.in_(_came([role]))) for process, role in sorted(called)]
        conditions.append(sa.or_(case.c.process.in_(sorted(processes)), *own))
    if filters.process:
        conditions.append(case.c.process == filters.process)
    if filters.status:
        conditions.append(case.c.status == filters.status)
    if filters.requester:
        conditions.append(case.c.requester_id == filters.requester)
    if filters.since:
        conditions.append(case.c.opened_at >= filters.since)
    if filters.until:
        conditions.append(case.c.opened_at < filters.until)
    if filters.troubled:
        conditions.append(case.c.id.in_(sa.select(incident.c.case_id).where(incident.c.status == "open")))
    return conditions


def _came(roles: list[str]) -> sa.Select[tuple[UUID]]:
    """The cases of which a task came to one of these roles; of a personal one, not when it went over to somebody else
    before it was done."""
    came = sa.select(task.c.case_id).where(task.c.role.in_(roles))
    personal = [role for role in roles if _is_personal(role)]
    if not personal:
        return came
    other = task.alias()
    names = sorted({role.partition(MARK)[0] for role in personal})
    theirs = sa.or_(*(other.c.role.startswith(f"{name}{MARK}", autoescape=True) for name in names))
    over = sa.exists().where(
        other.c.case_id == task.c.case_id,
        other.c.element == task.c.element,
        other.c.instance.is_not_distinct_from(task.c.instance),
        other.c.role != task.c.role,
        other.c.opened_at >= task.c.opened_at,
        theirs,
    )
    return came.where(sa.not_(sa.and_(task.c.role.in_(personal), task.c.status == "cancelled", over)))


def _is_personal(role: str) -> bool:
    """A part of a role that is one person's: it names them."""
    try:
        UUID(role.partition(MARK)[2])
    except ValueError:
        return False
    return True


def _after(number: str) -> sa.ColumnElement[bool]:
    opened = sa.select(case.c.opened_at).where(case.c.number == number).scalar_subquery()
    return sa.or_(case.c.opened_at < opened, sa.and_(case.c.opened_at == opened, case.c.number < number))
