"""A form sent after the session ended: kept for the person it was shown to, given back after they sign in again (file
fields apart: a browser has to ask for those again)."""

from __future__ import annotations

from uuid import UUID

from flask import request, session
from werkzeug.datastructures import MultiDict

from engine.people.unsent_form import keep_unsent_form, take_unsent_form
from web.current import cartulario, person

LARGEST = 64 * 1024  # characters of one form
NOT_KEPT = {"csrf_token", "password", "current", "pin", "clave"}  # every secret that some form asks for


def keep_lost_form(person_id: UUID, page: str) -> bool:
    """Keep the fields of the request at hand, under the page that shows the form. False when there is nothing."""
    fields = [(key, value) for key, value in request.form.items(multi=True) if key not in NOT_KEPT]
    if not fields or sum(len(key) + len(value) for key, value in fields) > LARGEST:
        return False
    engine = cartulario()
    with engine.database.write() as conn:
        keep_unsent_form(conn, person_id, page, fields, engine.clock.now())
    return True


def recovered_form() -> MultiDict[str, str] | None:
    """What this person had sent from this very page when their session ended; asked for once, then forgotten."""
    who = person()
    if who is None or not session.pop("lost", False):
        return None
    engine = cartulario()
    with engine.database.write() as conn:
        fields = take_unsent_form(conn, who.id, request.path, engine.clock.now())
    return MultiDict(fields) if fields else None
