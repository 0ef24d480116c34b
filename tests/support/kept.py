"""A document kept for a job as the real operations keep theirs, without the typesetting."""

from __future__ import annotations

from typing import Literal

from engine.documents import Document, new_code, store_document
from engine.operations import Call


def keep(call: Call, kind: Literal["draft", "issued"], name: str, title: str, media_type: str, data: bytes) -> Document:
    with call.tools.database.write() as conn:
        return store_document(
            conn,
            call.tools.archive,
            case_id=call.case_id,
            kind=kind,
            name=name,
            title=title,
            media_type=media_type,
            data=data,
            job_key=call.key,
            code=new_code(conn),
            at=call.at,
        )
