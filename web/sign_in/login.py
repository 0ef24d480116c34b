"""Flask-Login over the engine's sessions: the cookie holds a token, the database says whether it still lives.

A form that is sent after its session ended is kept for the same person and shown again once they have signed in.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response

from engine.errors import CartularioError
from engine.people import Person, session_person, touch_session
from web.current import cartulario
from web.errors import wants_json
from web.sign_in.lost_form import keep_lost_form
from web.text import N_

SEEN_KEY = "seen"  # when we last told the engine that the session is in use, in seconds
SEEN_EVERY_SECONDS = 300
PERSON_KEY = "person_id"  # who last signed in with this browser; still there when the session has ended


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """A person with the token of their session; Flask-Login keeps the token in its signed cookie."""

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token

    def get_id(self) -> str:
        return self.token


class NotSignedIn(CartularioError):
    status = 401
    code = "not_signed_in"
    message = N_("Su sesión terminó. Vuelva a ingresar.")


manager = LoginManager()


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    engine = cartulario()
    with engine.database.read() as conn:
        person = session_person(conn, token, engine.clock.now())
    return SignedIn(person, token) if person else None


@manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_sign_in() -> Any:
    if wants_json():
        raise NotSignedIn()
    back = request.full_path if request.query_string else request.path
    if request.method == "POST":
        back = request.form.get("_pagina") or request.path
        if PERSON_KEY in session and keep_lost_form(UUID(session[PERSON_KEY]), back):
            session["lost"] = True
    answer: Response = redirect(url_for("door.enter", volver=back))
    if "HX-Request" in request.headers:  # htmx would put the page inside a part: send the whole page there
        answer.status_code = 204
        answer.headers["HX-Redirect"] = answer.location
    return answer


def note_use(response: Response) -> Response:
    """Remember when the session was last used; the engine writes at most every five minutes."""
    if SEEN_KEY in session and request.endpoint != "static":
        engine = cartulario()
        now = engine.clock.now()
        if now.timestamp() - session[SEEN_KEY] > SEEN_EVERY_SECONDS and session.get("_user_id"):
            with engine.database.write() as conn:
                touch_session(conn, session["_user_id"], now)
            session[SEEN_KEY] = int(now.timestamp())
    return response


def init_app(app: Flask) -> None:
    manager.init_app(app, add_context_processor=False)  # a page of errors must not ask who looks
    app.after_request(note_use)
    manager.session_protection = None  # the token is the session; an address may change on a phone
