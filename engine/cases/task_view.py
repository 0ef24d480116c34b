"""A task as the person about to complete it would have it: allowed, cleaned answers, data. Reads only, for work that
must be done before the lock (signing). ``complete_task`` decides everything again under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.cases import uploads
from engine.cases.access import require_task
from engine.cases.catalogue import catalogues_of
from engine.cases.complete_task import open_task
from engine.cases.engine import Engine
from engine.definitions import Definition
from engine.errors import TaskNotOpen


@dataclass(frozen=True, slots=True)
class TaskInView:
    definition: Definition
    element: str
    role: str
    data: dict[str, Any]  # the case's data with the answers over it


def task_in_view(task_id: UUID, actor: UUID, answers: Mapping[str, Any] | None, engine: Engine) -> TaskInView:
    """Raises what ``complete_task`` would: ``NotFound``, ``TaskTaken``, ``TaskNotOpen``, ``InvalidAnswers``. Without
    ``answers``, before there are any."""
    with engine.database.read() as conn:
        step, row = open_task(conn, engine, task_id, engine.clock.now(), lock=False)
        require_task(step, row, actor)
        if row.status != "open":
            raise TaskNotOpen()
        data = step.execution.task_data(task_id)
        if row.form is not None and answers is not None:
            form = step.definition.forms[row.form]
            allowed = uploads.offered(conn, form, answers, actor, step.row.id)
            lists = catalogues_of(conn, engine, form, actor, step.row.process, step.now)
            today = step.now.astimezone(engine.zone).date().isoformat()
            data |= form.clean(dict(answers), {**data, **lists, "uploads": allowed, "hoy": today})
        return TaskInView(step.definition, row.element, row.role, data)
