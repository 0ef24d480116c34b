"""The one map from errors to HTTP: a page for people, JSON for programs, with Retry-After where waiting helps.

Views let the engine's errors pass; only ``InvalidAnswers`` is caught, by the form that shows it. Nothing is swallowed:
what was not raised on purpose is logged with a number that the page shows.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from engine.errors import CartularioError, Unavailable
from web.api.problems import problem as problem_json
from web.text import gettext as _

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What went wrong, as it is told: ``message`` to a person, ``code`` and ``details`` to a program."""

    status: int
    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)
    retry_after: int | None = None  # seconds


def describe_engine(error: CartularioError) -> Problem:
    retry_after = getattr(error, "retry_after", None)
    if error.status == 429:
        retry_after = error.details.get("retry_after", 60)
    return Problem(error.status, error.code, _(error.message), error.details, retry_after)


def describe_http(error: HTTPException) -> Problem:
    if isinstance(error, RateLimitExceeded):
        seconds = error.limit.limit.get_expiry() if error.limit else 60
        return Problem(
            429, "too_many", _("Hizo muchos intentos seguidos. Espere un momento y vuelva a intentarlo."), {}, seconds
        )
    if isinstance(error, CSRFError):
        return Problem(
            400, "stale_page", _("Esta página venció o se abrió con otra sesión. Vuelva a abrirla y envíela de nuevo.")
        )
    if isinstance(error, RequestEntityTooLarge):
        return Problem(
            413, "too_large", _("Lo que envía pesa demasiado. No se guardó este archivo; lo demás sigue como estaba.")
        )
    messages = {
        400: _("No pudimos leer lo que envió."),
        403: _("Su función no permite hacer esto."),
        404: _("No encontramos lo que busca, o no está a su alcance."),
        405: _("Esta dirección no admite esa acción."),
    }
    status = error.code or 500
    return Problem(status, error.name.lower().replace(" ", "_"), messages.get(status, error.description or error.name))


def wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def answer(problem: Problem, reference: str = "") -> Response:
    """The problem as a page or as JSON."""
    if wants_json():
        more = problem.details | ({"reference": reference} if reference else {})
        response = problem_json(problem.status, problem.code, problem.message, **more)
    else:
        page = render_template("errors/error.html", problem=problem, reference=reference)
        response = make_response(page, problem.status)
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def on_engine_error(error: CartularioError) -> Response:
    g.nobody = error.status >= 500  # from here on nobody asks who looks: the database may be what failed
    if error.status >= 500 and not isinstance(error, Unavailable):
        return on_fault(error)
    return answer(describe_engine(error))


def on_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]  # a redirect or an answer already made
    return answer(describe_http(error))


def on_fault(error: Exception) -> Response:
    g.nobody = True
    reference = secrets.token_hex(4).upper()
    log.error("fault %s on %s %s", reference, request.method, request.path, exc_info=error)
    message = _("Algo falló de nuestro lado. Lo que usted había guardado sigue guardado.")
    return answer(Problem(500, "error", message), reference)


def init_app(app: Flask) -> None:
    app.register_error_handler(CartularioError, on_engine_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_fault)
