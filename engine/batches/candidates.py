"""The open tasks that a person could put in a batch: of their roles, free or theirs, whose element of the diagram has
a property (``firma``: it signs; ``cola`` = "impresion": it prints)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.batches.batch import MOST
from engine.definitions import Definition, DefinitionStore
from engine.inbox import Viewer
from engine.inbox.viewer import REQUESTER
from engine.spiff import Execution
from engine.storage.search import fold
from engine.storage.tables import case, definition_version, person, task

Wanted = Callable[[Mapping[str, str]], bool]  # of an element's properties


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with what a batch needs of a task; ``data`` is the case's, as the task sees it."""

    task_id: UUID
    name: str
    element: str
    form: str | None
    due_at: datetime | None
    draft: Mapping[str, Any] | None  # what was typed in it and not sent
    case_id: UUID
    number: str
    title: str
    process: str
    process_title: str
    requester: str
    definition: Definition
    data: dict[str, Any]

    @property
    def properties(self) -> Mapping[str, str]:
        return self.definition.spec.elements[self.element].properties


_SOURCE = (
    task.join(case, case.c.id == task.c.case_id)
    .join(definition_version, definition_version.c.id == case.c.version_id)
    .outerjoin(person, person.c.id == case.c.requester_id)
)
_COLUMNS = (
    task.c.id,
    task.c.name,
    task.c.element,
    task.c.form,
    task.c.due_at,
    task.c.draft,
    task.c.case_id,
    case.c.number,
    case.c.title,
    case.c.process,
    case.c.version_id,
    case.c.state,
    definition_version.c.title.label("process_title"),
    person.c.family_names,
    person.c.given_names,
)


def find_candidates(
    conn: Connection,
    viewer: Viewer,
    definitions: DefinitionStore,
    wanted: Wanted,
    *,
    zone: Any,
    only: Collection[UUID] | None = None,
    process: str | None = None,
    text: str = "",
) -> list[Candidate]:
    """The first due first, at most ``MOST``. ``only`` these tasks; ``text``: words of the number, the matter or the
    name."""
    base = [task.c.status == "open", _of_roles(viewer)]
    base.append(sa.or_(task.c.assignee_id.is_(None), task.c.assignee_id == viewer.person_id))
    if only is not None:
        base.append(task.c.id.in_(list(only)))
    if process is not None:
        base.append(case.c.process == process)
    pairs = conn.execute(
        sa.select(case.c.version_id, task.c.element).distinct().select_from(_SOURCE).where(*base)
    ).all()
    chosen = [tuple(pair) for pair in pairs if wanted(_properties(definitions, *pair))]
    if not chosen:
        return []
    query = sa.select(*_COLUMNS).select_from(_SOURCE).where(*base)
    query = query.where(sa.tuple_(case.c.version_id, task.c.element).in_(chosen))
    query = query.order_by(sa.nulls_last(task.c.due_at.asc()), case.c.number, task.c.id).limit(
        MOST if not text else 5_000
    )
    asked = fold(text).split()
    rows = [row for row in conn.execute(query) if all(word in _words(row) for word in asked)]
    return [_candidate(row, definitions, zone) for row in rows[:MOST]]


def _of_roles(viewer: Viewer) -> sa.ColumnElement[bool]:
    held = task.c.role.in_(sorted(viewer.roles - {REQUESTER}))
    lent = [sa.and_(task.c.role == role, case.c.process == process) for role, process in sorted(viewer.scoped)]
    return sa.or_(held, *lent)


def _properties(definitions: DefinitionStore, version_id: UUID, element: str) -> Mapping[str, str]:
    found = definitions.get(version_id).spec.elements.get(element)
    return found.properties if found else {}


def _words(row: Any) -> str:
    return fold(f"{row.number} {row.title} {row.family_names or ''} {row.given_names or ''}")


def _candidate(row: Any, definitions: DefinitionStore, zone: Any) -> Candidate:
    definition = definitions.get(row.version_id)
    execution = Execution(definition.spec, row.case_id, zone, row.state)
    return Candidate(
        task_id=row.id,
        name=row.name,
        element=row.element,
        form=row.form,
        due_at=row.due_at,
        draft=row.draft or None,
        case_id=row.case_id,
        number=row.number,
        title=row.title,
        process=row.process,
        process_title=row.process_title,
        requester=", ".join(part for part in (row.family_names, row.given_names) if part),
        definition=definition,
        data=execution.task_data(row.id),
    )
