"""A requester writes to whoever has their case. It stands among the case's comments, where the staff read it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import CaseClosed, InvalidAnswers, NotFound
from engine.inbox.viewer import Viewer
from engine.storage.events import append_event
from engine.storage.tables import case, comment

LONGEST: Final = 2_000  # characters


def write_message(conn: Connection, viewer: Viewer, case_id: UUID, text: str, *, at: datetime) -> UUID:
    """On one's own open case, or one filed for somebody by who works at the desk. Raises NotFound,
    CaseClosed, InvalidAnswers."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise InvalidAnswers({"text": f"Escriba su mensaje, de {LONGEST} caracteres como máximo."})
    person_id = viewer.person_id
    columns = (case.c.status, case.c.number, case.c.process, case.c.requester_id, case.c.filed_by_id)
    found = conn.execute(sa.select(*columns).where(case.c.id == case_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound()
    filed = found.filed_by_id == person_id and viewer.files_for_others(found.process)
    if found.requester_id != person_id and not filed:
        raise NotFound()
    if found.status != "open":
        raise CaseClosed(number=found.number)
    comment_id = uuid.uuid4()
    row = {"id": comment_id, "case_id": case_id, "author_id": person_id, "text": text, "at": at}
    conn.execute(comment.insert(), row)
    data = {"comment": str(comment_id), "text": text, "from": "requester"}
    append_event(conn, case_id, "comment_added", at=at, actor=person_id, data=data)
    return comment_id
