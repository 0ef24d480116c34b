"""Bearer tokens: a token acts as the person who made it, with the roles that the person holds today."""

from __future__ import annotations

from typing import cast

from apiflask import HTTPTokenAuth
from flask import g

from engine.inbox import Viewer
from engine.people import Person, token_person, touch_token
from web.current import cartulario

TOUCH_EVERY = 300  # seconds between two notes that a token is in use

auth = HTTPTokenAuth(scheme="Bearer", description="Un token de acceso, creado en «Mis datos y sesiones».")
_touched: dict[str, float] = {}  # of this process


@auth.verify_token  # type: ignore[untyped-decorator]
def verify(token: str) -> Person | None:
    app = cartulario()
    now = app.clock.now()
    with app.database.read() as conn:
        person = token_person(conn, token, now)
    if person is None:
        return None
    if now.timestamp() - _touched.get(token, 0) > TOUCH_EVERY:
        _touched[token] = now.timestamp()
        with app.database.write() as conn:
            touch_token(conn, token, now)
    g.api_viewer = app.inbox.viewer(person.id)
    return person


def person() -> Person:
    return cast(Person, auth.current_user)


def viewer() -> Viewer:
    return cast(Viewer, g.api_viewer)
