"""Say something to one's colleagues beside a case (I-8). The requester never sees it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import InvalidAnswers
from engine.inbox.case_access import lock_case
from engine.inbox.ports import LanesOf
from engine.inbox.viewer import Viewer
from engine.storage.events import append_event
from engine.storage.tables import comment

LONGEST: Final = 4_000  # characters


def add_comment(conn: Connection, viewer: Viewer, case_id: UUID, text: str, *, lanes: LanesOf, at: datetime) -> UUID:
    """On an open or a closed case. Raises NotFound, InvalidAnswers."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise InvalidAnswers({"text": f"Escriba el comentario, de {LONGEST} caracteres como máximo."})
    lock_case(conn, viewer, case_id, lanes)
    comment_id = uuid.uuid4()
    row = {"id": comment_id, "case_id": case_id, "author_id": viewer.person_id, "text": text, "at": at}
    conn.execute(comment.insert(), row)
    data = {"comment": str(comment_id), "text": text}
    append_event(conn, case_id, "comment_added", at=at, actor=viewer.person_id, data=data)
    return comment_id
