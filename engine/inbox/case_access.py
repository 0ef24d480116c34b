"""In what relation a viewer stands to a case: the one rule for the case's page, its comments and its documents.

A case that may not be read does not exist for the viewer (NotFound).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.inbox.ports import LanesOf
from engine.inbox.viewer import READ_ALL, REQUESTER, SEE_ALL, Viewer
from engine.people import owner_of
from engine.storage.tables import case, task

MARK = ":"  # in a role narrowed to a part: departamento:quimica
Relation = Literal["requester", "staff", "auditor"]


def relation_to(conn: Connection, viewer: Viewer, found: Any, lanes: LanesOf) -> Relation | None:
    """``found``: a row with id, process, version_id, requester_id and filed_by_id. Staff: whose role is one of the open
    lanes of the case's diagram, or to whom a task of it came. Who filed it for somebody reads what that person
    reads, while they work at the desk. Of work that comes to offices in parts (an acta, to its Departamento), whoever
    filed it for the office works on it as the others do. None: no relation."""
    own = viewer.person_id == found.requester_id
    if own and not _in_parts(conn, found.id):
        return "requester"
    if viewer.roles & SEE_ALL or any(viewer.holds(role, found.process) for role in lanes(found.version_id)):
        return "staff"
    if works_on(conn, viewer, found.id, found.process):
        return "staff"
    if viewer.roles & READ_ALL and not own:
        return "auditor"
    filed = own or (viewer.person_id == found.filed_by_id and viewer.files_for_others(found.process))
    return "requester" if filed else None


def _in_parts(conn: Connection, case_id: UUID) -> bool:
    narrowed = task.c.role.contains(MARK, autoescape=True)
    return conn.scalar(sa.select(task.c.id).where(task.c.case_id == case_id, narrowed).limit(1)) is not None


def works_on(conn: Connection, viewer: Viewer, case_id: UUID, process: str) -> bool:
    """A role that the viewer holds today has or had a task of the case: who did one and left the office reads no more.
    Of a personal part, not one that went over to somebody else before it was done: nor does who was replaced."""
    columns = [task.c[name] for name in ("role", "element", "instance", "status", "opened_at")]
    tasks = conn.execute(sa.select(*columns).where(task.c.case_id == case_id, task.c.role != REQUESTER)).all()
    return any(viewer.holds(one.role, process) and not _went_over(one, tasks) for one in tasks)


def went_over(conn: Connection, viewer: Viewer, row: Any) -> bool:
    """``row``: a task with its case's process. Whether it went over to somebody else before it was done, and the viewer
    has no other part in the case: what is in it is no longer theirs to read."""
    if viewer.sees_all or row.status != "cancelled" or owner_of(row.role) is None:
        return False
    columns = [task.c[name] for name in ("role", "element", "instance", "opened_at")]
    same = conn.execute(sa.select(*columns).where(task.c.case_id == row.case_id, task.c.element == row.element)).all()
    return _went_over(row, same) and not works_on(conn, viewer, row.case_id, row.process)


def _went_over(one: Any, tasks: Sequence[Any]) -> bool:
    if owner_of(one.role) is None or one.status != "cancelled":
        return False
    same = (other for other in tasks if (other.element, other.instance) == (one.element, one.instance))
    return any(owner_of(other.role) and other.role != one.role and other.opened_at >= one.opened_at for other in same)


def lock_case(conn: Connection, viewer: Viewer, case_id: UUID, lanes: LanesOf) -> Any:
    """The case's row, locked, for somebody of the staff. Raises NotFound."""
    columns = (case.c.id, case.c.process, case.c.version_id, case.c.requester_id, case.c.filed_by_id, case.c.status)
    found = conn.execute(sa.select(*columns).where(case.c.id == case_id).with_for_update()).one_or_none()
    if found is None or relation_to(conn, viewer, found, lanes) != "staff":
        raise NotFound()
    return found
