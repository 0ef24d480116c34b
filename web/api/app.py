"""The API's factory, and where it hangs."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.app import Cartulario
from web.api import converters, limits, problems
from web.api.audit import audit
from web.api.carta import carta
from web.api.cases import cases
from web.api.documents import documents
from web.api.exams import exams
from web.api.indicators import indicators
from web.api.matriz import matriz
from web.api.old_exams import old_exams
from web.api.services import services
from web.api.spec import finish
from web.api.strict_json import StrictJson
from web.api.tasks import tasks

PREFIX = "/api/v1"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create_api(cartulario: Cartulario) -> APIFlask:
    app = APIFlask("web.api", title="Cartulario", version="1", spec_path="/openapi.json", docs_path=None)
    app.extensions["cartulario"] = cartulario
    app.json = StrictJson(app)
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SERVERS=[{"url": PREFIX}],
        DESCRIPTION="Todo lo que hacen las páginas, para programas.",
        AUTO_404_RESPONSE=False,  # every error is described by ``spec``
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        MAX_CONTENT_LENGTH=cartulario.config.max_upload + 512 * 1024,
    )
    converters.init_app(app)
    problems.init_app(app)
    limits.init_app(app)
    for blueprint in (services, carta, indicators, matriz, cases, tasks, exams, old_exams, documents, audit):
        app.register_blueprint(blueprint)
    app.spec_processor(finish)
    app.after_request(add_headers)
    return app


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def mount_api(app: Flask, cartulario: Cartulario) -> None:
    """Answer below ``/api/v1`` with the API, everything else with the pages."""
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PREFIX: create_api(cartulario).wsgi_app})  # type: ignore[method-assign]  # as Flask tells
