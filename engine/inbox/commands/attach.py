"""Add a file to a case, beside what its diagram asks for (I-9). It was stored just before, without a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.inbox.case_access import lock_case
from engine.inbox.ports import LanesOf
from engine.inbox.viewer import Viewer
from engine.storage.events import append_event
from engine.storage.tables import document


def attach(conn: Connection, viewer: Viewer, case_id: UUID, document_id: UUID, *, lanes: LanesOf, at: datetime) -> None:
    """On an open or a closed case, by its staff. Raises NotFound, also for a document that is not the viewer's own."""
    lock_case(conn, viewer, case_id, lanes)
    own = sa.and_(document.c.id == document_id, document.c.case_id.is_(None), document.c.created_by == viewer.person_id)
    columns = (document.c.name, document.c.sha256, document.c.size)
    added = document.update().where(own).values(case_id=case_id, kind="attachment").returning(*columns)
    row = conn.execute(added).one_or_none()
    if row is None:
        raise NotFound()
    data = {"document": str(document_id), "name": row.name, "sha256": row.sha256, "size": row.size}
    append_event(conn, case_id, "document_added", at=at, actor=viewer.person_id, data=data)
