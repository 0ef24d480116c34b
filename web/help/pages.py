"""The public pages that hold words only, the institution's own colours, the published schema, and ``/salud``."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from engine.actas.examen.exchange import SCHEMA
from engine.errors import NotFound
from web import layout
from web.current import cartulario, person
from web.security import limiter

help_pages = Blueprint("help", __name__)


@help_pages.get("/")
def home() -> AnyResponse:
    if person() is not None and layout.is_staff():
        return redirect("/bandeja")
    return redirect("/servicios")


@help_pages.get("/ayuda")
def help_page() -> str:
    return render_template("help/help.html")


@help_pages.get("/accesibilidad")
def accessibility() -> str:
    return render_template("help/accessibility.html")


@help_pages.get("/datos-personales")
def personal_data() -> str:
    return render_template("help/personal_data.html")


@help_pages.get("/institucion.css")
def institution_tokens() -> Response:
    """The institution's own tokens, when it has put them beside its data."""
    path = cartulario().config.data_dir / "institucion" / "tokens.css"
    if not path.is_file():
        raise NotFound()
    return send_file(path.resolve(), mimetype="text/css", max_age=300)


@help_pages.get("/esquemas/siu_guarani.json")
def exchange_schema() -> Response:
    """The form of the files exchanged with SIU-Guaraní; docs/siu_guarani.md explains it."""
    return send_file(SCHEMA, mimetype="application/schema+json", max_age=300)


@help_pages.get("/favicon.ico")
@limiter.exempt
def favicon() -> AnyResponse:
    """Where browsers look when they show a file of ours, which has no page to name it."""
    return redirect(current_app.jinja_env.globals["asset"]("favicon.svg"))  # type: ignore[operator]


@help_pages.get("/salud")
@limiter.exempt
def health() -> Response:
    """200 while the database answers; ``Unavailable`` (503, Retry-After) passes through otherwise."""
    with cartulario().database.read() as conn:
        conn.exec_driver_sql("SELECT 1")
    return jsonify(status="ok")
