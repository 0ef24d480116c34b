"""What somebody has typed so far, kept by the server with the task (I-10). It is not history: no event is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import InvalidAnswers, TooLarge
from engine.inbox.commands.lock import lock_task
from engine.inbox.ports import People
from engine.inbox.viewer import Viewer

LIMIT: Final = 64 * 1024  # bytes of JSON


def save_draft(
    conn: Connection, viewer: Viewer, task_id: UUID, answers: Mapping[str, Any], *, people: People, at: datetime
) -> None:
    """Unchecked answers, as typed; an empty mapping forgets the draft. The requester's own tasks too. Raises NotFound,
    NotAllowed, TaskNotOpen, TaskTaken, TooLarge, InvalidAnswers (not JSON)."""
    try:
        text = json.dumps(answers, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidAnswers({"": "El borrador no se puede guardar así."}) from error
    if len(text.encode(errors="surrogatepass")) > LIMIT:
        raise TooLarge("El borrador pasa de 64 KiB. Acorte los textos; lo anterior sigue guardado.")
    if "\\u0000" in json.dumps(answers) or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidAnswers({"": "El borrador tiene caracteres que no son texto."})
    found = lock_task(conn, viewer, task_id, people)
    found.require_open()
    found.require_doer()
    found.require_free_or_mine()
    found.update(draft=dict(answers) or None, draft_at=at if answers else None)
