"""Who may complete what. Called inside the command, whatever door it came by."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.cases.intake import speaks_for
from engine.cases.project import REQUESTER
from engine.cases.step import Step
from engine.errors import NotAllowed, NotFound, TaskTaken
from engine.storage.tables import task as tasks

MENDERS = frozenset({"administrador", "jefe_secretaria", "dueno_proceso"})


def require_task(step: Step, task: Any, actor: UUID) -> None:
    """The actor holds the task's role and nobody else took it. Somebody else's task does not exist for them; who held
    the role lately is told until when, and who can. What is asked of the office is not attended to by who asks for it:
    who has an interest abstains (COA, on excusa); of the office's own processes, whoever starts one works in it too."""
    if task.role == REQUESTER:
        require_requester(step, actor)
        return
    on = step.now.astimezone(step.engine.zone).date()
    if task.role not in step.engine.people.roles(step.conn, actor, on, step.row.process):
        ended = step.engine.people.why_no_longer(step.conn, actor, task.role, on, step.row.process)
        raise NotAllowed(ended) if ended else NotFound()
    require_no_interest(step, actor)
    if task.status == "open" and task.assignee_id not in (None, actor):
        name = step.engine.people.get(step.conn, task.assignee_id).full_name
        raise TaskTaken(f"Esta tarea la tiene {name}. Pídale que la suelte o que la complete.")


def require_no_interest(step: Step, actor: UUID) -> None:
    """Not whoever asked the office for it. Of the office's own processes, whoever starts one works in it too."""
    process = step.definition.manifest.process
    if actor == step.row.requester_id and process.profiles and not process.starters:
        raise NotAllowed("Es su propio trámite: lo atiende otra persona de la oficina.")


def require_requester(step: Step, actor: UUID) -> None:
    """Whose case it is, or who filed it for them while they work at the desk."""
    if not speaks_for(step.conn, step.engine, actor, step.row, step.now):
        raise NotFound()


def require_office(step: Step, actor: UUID) -> None:
    """A whole role of this process, or an administrator: for what concerns all of the case."""
    if not _roles(step, actor) & (step.definition.open_roles | {"administrador"}):
        raise NotFound()


def require_mender(step: Step, actor: UUID) -> None:
    """Who mends what the diagram cannot, for this process; never of a case that they asked for themselves."""
    roles = _roles(step, actor)
    if not roles:
        raise NotFound()
    if not roles & MENDERS:
        raise NotAllowed("Esto lo decide la Jefatura, el responsable del proceso o la administración del sistema.")
    if actor == step.row.requester_id:
        raise NotAllowed("Es su propio trámite: lo decide otra persona de la oficina.")


def require_staff(step: Step, actor: UUID) -> None:
    """Some role of this process, or an administrator; of a role in parts, one that a task of this case came to."""
    roles = _roles(step, actor)
    if roles & (step.definition.open_roles | {"administrador"}):
        return
    theirs = sa.select(tasks.c.id).where(tasks.c.case_id == step.row.id, tasks.c.role.in_(sorted(roles)))
    if step.conn.scalar(theirs.limit(1)) is None:
        raise NotFound()


def _roles(step: Step, actor: UUID) -> AbstractSet[str]:
    on = step.now.astimezone(step.engine.zone).date()
    return step.engine.people.roles(step.conn, actor, on, step.row.process) - {REQUESTER}
