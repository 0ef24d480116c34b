"""Files that an answer names: only the person's own uploads, or those already in the case, become part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.ports import Form
from engine.errors import InvalidAnswers
from engine.storage.tables import document


def offered(
    conn: Connection, form: Form, answers: Mapping[str, Any], actor: UUID, case_id: UUID | None
) -> dict[str, dict[str, Any]]:
    """Document id → {"name", "size"} of the files named in the answers that this person may hand in here."""
    ids = _named(form, answers)
    if not ids:
        return {}
    own = sa.and_(document.c.case_id.is_(None), document.c.created_by == actor)
    allowed = own if case_id is None else sa.or_(own, document.c.case_id == case_id)
    query = sa.select(document.c.id, document.c.name, document.c.size).where(
        document.c.id.in_(ids), document.c.kind == "upload", allowed
    )
    return {str(row.id): {"name": row.name, "size": row.size} for row in conn.execute(query)}


def attach(conn: Connection, form: Form, answers: Mapping[str, Any], case_id: UUID) -> None:
    """The accepted files belong to the case from now on."""
    ids = _named(form, answers)
    if ids:
        loose = document.c.id.in_(ids) & document.c.case_id.is_(None)
        conn.execute(document.update().where(loose).values(case_id=case_id))


def told(conn: Connection, form: Form, answers: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """What the event says of the files that the answers name: their digests, for ``history.documents``."""
    ids = _named(form, answers)
    if not ids:
        return {}
    query = sa.select(document.c.id, document.c.name, document.c.sha256).where(document.c.id.in_(ids))
    rows = conn.execute(query.order_by(document.c.name, document.c.id))
    return {"files": [{"document": str(row.id), "name": row.name, "sha256": row.sha256} for row in rows]}


def refuse_all(answers: Mapping[str, Any]) -> None:
    """Where no form asks for anything, nothing is accepted. Raises ``InvalidAnswers``."""
    if answers:
        raise InvalidAnswers({str(key)[:80]: "Este paso no pide datos." for key in answers})


def _named(form: Form, answers: Mapping[str, Any]) -> list[UUID]:
    found = []
    for key in form.upload_keys:
        value = answers.get(key)
        items: Iterable[Any] = value if isinstance(value, list) else ()
        for item in items:
            try:
                found.append(UUID(str(item)))
            except ValueError:
                continue
    return found
