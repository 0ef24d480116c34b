"""Which open tasks a viewer finds under each tab, as a few disjoint conditions that one index each can serve.

A page is the union of the first rows of each arm, so that ten roles cost ten short index scans and never a sort of
everything that is open. Statuses are written into the SQL, not bound: the partial indexes need to see them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.inbox.filters import Tab
from engine.inbox.viewer import REQUESTER, Viewer
from engine.storage.tables import case, task

Condition = sa.ColumnElement[bool]
OPEN: Condition = task.c.status == sa.literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Arm:
    condition: Condition
    needs_case: bool = False  # the condition reads the case's row
    role: str | None = None  # the one role that all its tasks have, when it is one


def arms(viewer: Viewer, tab: Tab, now: datetime) -> list[Arm]:
    """Disjoint: no task is in two of them. None: the viewer has nothing under this tab."""
    asleep = task.c.snoozed_until > now
    awake = sa.or_(task.c.snoozed_until.is_(None), task.c.snoozed_until <= now)
    mine = task.c.assignee_id == viewer.person_id
    staff_only = task.c.role != REQUESTER
    match tab:
        case "mias":
            return [Arm(sa.and_(OPEN, mine, awake, staff_only))]
        case "pospuestas":
            return [Arm(sa.and_(OPEN, mine, asleep, staff_only))]
        case "grupos":
            free = sa.and_(OPEN, task.c.assignee_id.is_(None), awake)
            return [Arm(sa.and_(free, arm.condition), arm.needs_case, arm.role) for arm in _role_arms(viewer)]
        case "todas":
            return _all(viewer, sa.and_(OPEN, awake), mine, staff_only)


def _all(viewer: Viewer, base: Condition, mine: Condition, staff_only: Condition) -> list[Arm]:
    if viewer.sees_all:
        return [Arm(base)]
    by_role = [Arm(sa.and_(base, arm.condition), arm.needs_case, arm.role) for arm in _role_arms(viewer)]
    elsewhere = sa.and_(base, mine, staff_only, task.c.role.not_in(sorted(viewer.roles)))
    for role, process in sorted(viewer.scoped):
        elsewhere = sa.and_(elsewhere, sa.not_(sa.and_(task.c.role == role, case.c.process == process)))
    waiting = sa.and_(base, task.c.role == REQUESTER, task.c.paused.is_(True), _worked_on(viewer))
    return [*by_role, Arm(elsewhere, bool(viewer.scoped)), Arm(waiting, role=REQUESTER)]


def _role_arms(viewer: Viewer) -> Iterator[Arm]:
    for role in sorted(viewer.roles - {REQUESTER}):
        yield Arm(task.c.role == role, role=role)
    for role, process in sorted(viewer.scoped):
        if role not in viewer.roles:
            yield Arm(sa.and_(task.c.role == role, case.c.process == process), needs_case=True, role=role)


def _worked_on(viewer: Viewer) -> Condition:
    """The office already had a task of the case in one of the viewer's roles: it awaits the requester's answer."""
    other = task.alias("other")
    roles = sorted((viewer.roles | {role for role, _ in viewer.scoped}) - {REQUESTER})
    return sa.exists().where(other.c.case_id == task.c.case_id, other.c.role.in_(roles))
