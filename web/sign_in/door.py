"""/ingresar, /salir and the choice of language."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.people import Person, authenticate, close_session, open_session, renew_hash
from web import layout
from web.current import cartulario, person
from web.i18n import COOKIE, LANGUAGES
from web.security import limiter
from web.sign_in.login import PERSON_KEY, SEEN_KEY, SignedIn
from web.sign_in.places import local_page
from web.text import gettext as _

YEAR = 365 * 24 * 3600

door = Blueprint("door", __name__)


def typed_username() -> str:
    return "u:" + request.form.get("usuario", "").strip().casefold()[:120]


@door.get("/ingresar")
def enter() -> str | Response:
    if person() is not None:
        return redirect(local_page(request.args.get("volver"), home_page()))
    return render_template("sign_in/enter.html", username="", error="", lost=session.get("lost", False))


@door.post("/ingresar")
@limiter.limit("20 per minute")
@limiter.limit("10 per 5 minutes", key_func=typed_username)
def try_to_enter() -> str | Response | tuple[str, int]:
    engine = cartulario()
    username, password = request.form.get("usuario", ""), request.form.get("clave", "")
    with engine.database.read() as conn:
        who = authenticate(conn, username, password, engine.clock.now())
    if who is None:
        error = _("El usuario o la contraseña no son correctos.")
        page = render_template("sign_in/enter.html", username=username, error=error, lost=session.get("lost", False))
        return page, 422
    with engine.database.write() as conn:
        renew_hash(conn, who.id, password)
    start_session(who)
    return redirect(local_page(request.args.get("volver"), home_page()))


def start_session(who: Person) -> None:
    """Open a session for a person who has just proved who they are, in a fresh cookie."""
    engine = cartulario()
    agent = (request.user_agent.string or "")[:200]
    with engine.database.write() as conn:
        token = open_session(
            conn, who.id, request.remote_addr or "", agent, engine.clock.now(), engine.config.session_hours
        )
    lost = session.get("lost") and session.get(PERSON_KEY) == str(who.id)
    session.clear()
    login_user(SignedIn(who, token))
    session[PERSON_KEY] = str(who.id)
    session[SEEN_KEY] = int(engine.clock.now().timestamp())
    if lost:
        session["lost"] = True
        flash(_("Recuperamos lo que había escrito. Revíselo y vuelva a enviarlo."), "ok")


def home_page() -> str:
    """Each audience has its own first page."""
    return "/bandeja" if person() is not None and layout.is_staff() else "/servicios"


@door.post("/salir")
def leave() -> Response:
    token = session.get("_user_id")
    if token:
        engine = cartulario()
        with engine.database.write() as conn:
            close_session(conn, token, engine.clock.now())
    logout_user()
    session.clear()
    flash(_("Cerró la sesión en este equipo."), "ok")
    return redirect(url_for("door.enter"))


@door.get("/idioma/<code>")
def choose_language(code: str) -> Response:
    if code not in LANGUAGES:
        raise NotFound()
    answer = make_response(redirect(local_page(request.args.get("volver"))))
    answer.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
