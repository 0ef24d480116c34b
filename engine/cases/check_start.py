"""Would this request be accepted? Everything that ``start_case`` refuses, asked without starting anything.

For what is checked before it is confirmed: a file of requests. ``start_case`` decides everything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.cases.offer import commitments_of, require_new, require_offered, require_profile
from engine.cases.origin import require_origin
from engine.cases.start_case import StartCase, clean_request, require_desk, require_starter


def check_start(conn: Connection, command: StartCase, engine: Engine) -> Mapping[str, Any]:
    """→ the clean answers. Raises what ``start_case`` raises."""
    now = engine.clock.now()
    definition = engine.definitions.current(command.process, conn)
    requester = engine.people.get(conn, command.requester) if command.requester else None
    require_desk(conn, engine, command, now)
    require_starter(conn, engine, command, definition, now)
    require_profile(definition, requester, at_desk=command.filed_by is not None)
    require_origin(definition, requester, command.origin, at_desk=command.filed_by is not None)
    answers, _form = clean_request(conn, engine, command, definition, requester, now.astimezone(engine.zone).date())
    require_offered(definition, answers, commitments_of(conn, definition, engine.charter))
    if not command.confirmed:
        require_new(conn, definition, command.requester, answers, now, engine.zone)
    return answers
