"""What an open task sees: the case's data on its branch. For the page that shows its form; it changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.errors import TaskNotOpen
from engine.spiff import Execution
from engine.storage.tables import case, task

_STATE = (
    sa.select(case.c.id, case.c.version_id, case.c.state)
    .join_from(task, case, case.c.id == task.c.case_id)
    .where(task.c.id == sa.bindparam("the_task"), task.c.status == "open")
)


def task_data(conn: Connection, task_id: UUID, engine: Engine) -> dict[str, Any]:
    """The caller has asked whose task it is. Raises ``TaskNotOpen``."""
    row = conn.execute(_STATE, {"the_task": task_id}).one_or_none()
    if row is None:
        raise TaskNotOpen()
    execution = Execution(engine.definitions.get(row.version_id).spec, row.id, engine.zone, row.state)
    return execution.task_data(task_id)
