"""An account that is closed and opened again: nothing of the person's past goes away, and no session or token that was
open when it closed opens anything afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.people.person import set_active
from engine.people.session import revoke_sessions
from engine.people.token import revoke_tokens


def end_access(conn: Connection, person_id: UUID, at: datetime) -> int:
    """Every session and every token of theirs, as when an equipment is lost. → how many sessions ended."""
    revoke_tokens(conn, person_id, at)
    return revoke_sessions(conn, person_id, at)


def close_account(conn: Connection, person_id: UUID, at: datetime) -> None:
    """They no longer come in, and no function is theirs while it is closed. Raises NotFound."""
    set_active(conn, person_id, False)
    end_access(conn, person_id, at)


def reopen_account(conn: Connection, person_id: UUID) -> None:
    """They come in with the password they had; the functions in force are theirs again. Raises NotFound."""
    set_active(conn, person_id, True)
