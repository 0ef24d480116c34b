"""/cuenta: who we are to the system, the key we sign with, open sessions, access tokens, password, how pages look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.errors import InvalidAnswers, NotAllowed
from engine.people import (
    change_password,
    create_token,
    list_sessions,
    list_tokens,
    revoke_session,
    revoke_token,
    session_id,
    update_person,
)
from web.current import cartulario, person_id
from web.i18n import COOKIE, LANGUAGES
from web.layout import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES, is_staff
from web.security import limiter
from web.sign_in.agent import browser_name
from web.sign_in.signature import load_sent_certificate, load_sent_key, own_key
from web.text import gettext as _

YEAR = 365 * 24 * 3600

account = Blueprint("account", __name__)


def now() -> datetime:
    return cartulario().clock.now()


def account_page(errors: dict[str, str] | None = None, new_token: str = "", name: str = "") -> str:
    with cartulario().database.read() as conn:
        sessions = list_sessions(conn, person_id(), now())
        tokens = [token for token in list_tokens(conn, person_id()) if token.revoked_at is None]
        this = session_id(conn, session["_user_id"])
        signature = own_key(conn, now()) if is_staff() else None
    return render_template(
        "sign_in/account.html", sessions=sessions, this=this, tokens=tokens, now=now(), errors=errors or {},
        new_token=new_token, name=name, signature=signature, themes=THEMES, densities=DENSITIES,
        browser_name=browser_name,
    )  # fmt: skip


@account.get("/cuenta")
@login_required  # type: ignore[untyped-decorator]
def account_home() -> str:
    return account_page()


@account.post("/cuenta/sesiones/<uuid:key>/cerrar")
@login_required  # type: ignore[untyped-decorator]
def close_one(key: UUID) -> Response:
    with cartulario().database.write() as conn:
        revoke_session(conn, person_id(), key, now())
    flash(_("Cerramos esa sesión: quien la tuviera abierta tiene que volver a ingresar."), "ok")
    return redirect(url_for("account.account_home") + "#sesiones")


@account.post("/cuenta/accesos")
@login_required  # type: ignore[untyped-decorator]
def add_token() -> str | tuple[str, int]:
    name, days = request.form.get("name", ""), request.form.get("days", "90")
    try:
        with cartulario().database.write() as conn:
            token = create_token(conn, person_id(), name, now(), int(days) if days.isdecimal() and len(days) < 5 else 0)
    except InvalidAnswers as error:
        return account_page(error.errors, name=name), 422
    return account_page(new_token=token)


@account.post("/cuenta/accesos/<uuid:key>/anular")
@login_required  # type: ignore[untyped-decorator]
def end_token(key: UUID) -> Response:
    with cartulario().database.write() as conn:
        revoke_token(conn, person_id(), key, now())
    flash(_("Anulamos ese acceso: el programa que lo usaba ya no puede entrar."), "ok")
    return redirect(url_for("account.account_home") + "#accesos")


@account.post("/cuenta/contrasena")
@limiter.limit("5 per minute")
@login_required  # type: ignore[untyped-decorator]
def new_password() -> Response | tuple[str, int]:
    current, new = request.form.get("current", ""), request.form.get("password", "")
    try:
        with cartulario().database.write() as conn:
            change_password(conn, person_id(), current, new, now(), keep_token=session["_user_id"])
    except InvalidAnswers as error:
        return account_page(error.errors), 422
    flash(_("Cambió su contraseña. Cerramos sus otras sesiones y anulamos sus accesos para programas."), "ok")
    return redirect(url_for("account.account_home"))


@account.post("/cuenta/firma")
@limiter.limit("5 per minute")
@login_required  # type: ignore[untyped-decorator]
def new_signature() -> Response | tuple[str, int]:
    if not is_staff():
        raise NotAllowed()
    try:
        load_sent_key(now())
    except InvalidAnswers as error:
        return account_page(error.errors), 422
    flash(_("Cargamos su certificado: desde ahora firma con él. El PIN no se guarda."), "ok")
    return redirect(url_for("account.account_home") + "#firma")


@account.post("/cuenta/certificado")
@limiter.limit("5 per minute")
@login_required  # type: ignore[untyped-decorator]
def new_certificate() -> Response | tuple[str, int]:
    """Of who signs with another program: the certificate alone."""
    if not is_staff():
        raise NotAllowed()
    try:
        problem = load_sent_certificate(now())
    except InvalidAnswers as error:
        return account_page(error.errors), 422
    flash(_("Registramos su certificado: desde ahora firma con su programa y sube aquí lo firmado."), "ok")
    if problem:
        flash(
            _("Atención: %(problem)s. Hasta que se resuelva, lo que firme puede ser rechazado.", problem=problem),
            "warn",
        )
    return redirect(url_for("account.account_home") + "#firma")


@account.get("/cuenta/certificado")
@login_required  # type: ignore[untyped-decorator]
def certificate_again() -> Response:
    """The address that a refused certificate leaves in the browser."""
    return redirect(url_for("account.account_home") + "#firma")


@account.get("/cuenta/<any(accesos, contrasena, firma):part>")
@login_required  # type: ignore[untyped-decorator]
def again(part: str) -> Response:
    """The address that a refused form leaves in the browser: opened again, it is the account."""
    return redirect(url_for("account.account_home") + f"#{part}")


@account.post("/cuenta/apariencia")
@login_required  # type: ignore[untyped-decorator]
def choose_looks() -> Response:
    language = request.form.get("idioma", "es")
    answer = make_response(redirect(url_for("account.account_home") + "#apariencia"))
    chosen = [(THEME_COOKIE, THEMES, "tema"), (DENSITY_COOKIE, DENSITIES, "densidad"), (COOKIE, LANGUAGES, "idioma")]
    for cookie, allowed, name in chosen:
        if request.form.get(name) in allowed:
            answer.set_cookie(
                cookie, request.form[name], max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
            )
    if language in LANGUAGES:
        with cartulario().database.write() as conn:
            update_person(conn, person_id(), language=language)
    return answer
