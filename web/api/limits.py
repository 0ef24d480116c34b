"""How often a program may ask. What needs a token is bounded by its person; what is open to anybody, by address."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Response
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_limiter.util import get_remote_address

from web.api.problems import problem

OPEN_PER_MINUTE = "30 per minute"
FILES_PER_MINUTE = "6 per minute; 60 per hour"
UPLOADS_PER_MINUTE = "60 per minute; 1000 per hour"  # of one person, whatever their tokens

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def on_too_many(_error: RateLimitExceeded) -> Response:
    detail = "Demasiados intentos. Espere un momento y vuelva a intentarlo."
    return problem(429, "too_many", detail, headers={"Retry-After": "60"})


def init_app(app: APIFlask) -> None:
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, on_too_many)
