"""A requester writes to whoever has their case. It stands among the case's comments, where the staff read it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import CaseClosed, InvalidAnswers, NotFound
from engine.storage.events import append_event
from engine.storage.tables import case, comment

LONGEST: Final = 2_000  # characters


def write_message(conn: Connection, person_id: UUID, case_id: UUID, text: str, *, at: datetime) -> UUID:
    """On one's own open case. Raises NotFound, CaseClosed, InvalidAnswers."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise InvalidAnswers({"text": f"Escriba su mensaje, de {LONGEST} caracteres como máximo."})
    own = sa.or_(case.c.requester_id == person_id, case.c.filed_by_id == person_id)
    query = sa.select(case.c.status, case.c.number).where(case.c.id == case_id, own).with_for_update()
    found = conn.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    if found.status != "open":
        raise CaseClosed(number=found.number)
    comment_id = uuid.uuid4()
    row = {"id": comment_id, "case_id": case_id, "author_id": person_id, "text": text, "at": at}
    conn.execute(comment.insert(), row)
    data = {"comment": str(comment_id), "text": text, "from": "requester"}
    append_event(conn, case_id, "comment_added", at=at, actor=person_id, data=data)
    return comment_id
