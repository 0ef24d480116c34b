"""A repeated request changes nothing and answers the same (rule 1; docs/decisions/0001).

The event carries the request_id under a unique index. A command runs first and asks later: only when it meets a
conflict is the earlier event looked for, so that the ordinary case costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.cases.engine import Engine, Receipt
from engine.errors import Conflict, InvalidAnswers, NotAllowed, NotFound, RequestReused
from engine.storage.tables import case, document, event

ASKED = "asked"  # in the event: the digest of what was sent

_PRIOR = (
    sa.select(
        event.c.n,
        event.c.kind,
        event.c.element,
        event.c.actor,
        event.c.data,
        case.c.id,
        case.c.number,
        case.c.due_at,
    )
    .join(case, case.c.id == event.c.case_id)
    .where(event.c.request_id == sa.bindparam("request_id"))
)


def once(
    engine: Engine, request_id: UUID, kind: str, run: Callable[[], Receipt], *, same: Callable[[Any], bool]
) -> Receipt:
    """Run the command; if it cannot and this request was carried out before, give that receipt. ``same`` tells whether
    the earlier event is of this very command; if not, ``RequestReused``."""
    try:
        return run()
    except (Conflict, NotFound, NotAllowed, InvalidAnswers, IntegrityError):  # what was named may be used up by now
        earlier = _earlier(engine, request_id)
        if earlier is None:
            raise
        if earlier.kind != kind or not same(earlier):
            raise RequestReused() from None
        return _receipt(earlier)


def digest_of(conn: Connection, said: Mapping[str, Any]) -> str:
    """Of what a command was sent with, to tell a repetition from another request. A file counts by its content: who
    sends a page twice sends it again."""
    ids = {text: UUID(text) for text in _ids(said)}
    files = {}
    if ids:
        query = sa.select(document.c.id, document.c.sha256).where(document.c.id.in_(ids.values()))
        files = {str(row.id): row.sha256 for row in conn.execute(query)}
    return hashlib.sha256(json.dumps(_by_content(said, files), sort_keys=True, default=str).encode()).hexdigest()


def was_asked(engine: Engine, earlier: Any, said: Mapping[str, Any]) -> bool:
    """The earlier event is of these very words; one from before they were kept, of whatever they were."""
    kept = json.loads(earlier.data).get(ASKED)
    if kept is None:
        return True
    with engine.database.read() as conn:
        return bool(kept == digest_of(conn, said))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, str) and len(value) == 36:
        try:
            UUID(value)
        except ValueError:
            return
        yield value


def _by_content(value: Any, files: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _by_content(item, files) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_by_content(item, files) for item in value]
    return files.get(value.lower(), value) if isinstance(value, str) else value


def _earlier(engine: Engine, request_id: UUID) -> Any:
    with engine.database.read() as conn:
        return conn.execute(_PRIOR, {"request_id": request_id}).one_or_none()


def _receipt(row: Any) -> Receipt:
    data = json.loads(row.data)
    opened = tuple(UUID(one["task"]) for one in data.get("opened", ()))
    outcome = data.get("outcome")
    status = "open" if outcome is None else "withdrawn" if row.kind == "case_withdrawn" else "completed"
    return Receipt(row.id, row.number, row.n, opened, row.due_at, status, outcome)
