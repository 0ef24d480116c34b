"""Errors as JSON problem details (RFC 9457): the same codes and words as the pages', for programs."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, json
from werkzeug.exceptions import HTTPException

from engine.errors import CartularioError, InvalidAnswers, SameRequestToday, Unavailable

CODES = {
    400: ("unreadable", "No se pudo leer lo que envió: revise que sea JSON válido."),
    403: ("not_allowed", "Su función no permite hacer esto."),
    404: ("not_found", "No existe, o no está a su alcance."),
    405: ("method_not_allowed", "Esta dirección no admite esa acción."),
    413: ("too_large", "Lo que envía es demasiado grande."),
    415: ("not_json", "Envíe JSON, con su «Content-Type»."),
}

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    body = {"type": f"urn:cartulario:{code}", "title": code, "status": status, "detail": detail, **more}
    response = Response(json.dumps(body), status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def on_engine_error(error: CartularioError) -> Response:
    if error.status >= 500 and not isinstance(error, Unavailable):
        return on_fault(error)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Unavailable) else {}
    if error.status == 429:
        headers["Retry-After"] = str(error.details.get("seconds", 60))
    more: dict[str, Any] = {"errors": error.errors} if isinstance(error, InvalidAnswers) else {}
    if isinstance(error, SameRequestToday):  # how to go on: the same body with «confirmed»
        more |= {"earlier": error.details["number"], "confirm": {"confirmed": True}}
    return problem(error.status, error.code, error.message, headers=headers, **more)


def on_http_error(error: HTTPException) -> Response:
    code = (error.name or "error").lower().replace(" ", "_")
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After", "Location")}
    return problem(error.code or 500, code, error.description or error.name, headers=headers)


def on_api_error(error: HTTPError) -> Response:
    """What APIFlask refuses by itself: a body or a query that does not fit its schema, a token that is missing."""
    if error.status_code == 401:
        detail = "Falta un token, o el que envía ya no vale: «Authorization: Bearer …»."
        return problem(401, "not_signed_in", detail, headers={"WWW-Authenticate": "Bearer"})
    if error.status_code in CODES:
        code, detail = CODES[error.status_code]
        headers = {name: str(value) for name, value in dict(error.headers or {}).items() if name == "Allow"}
        return problem(error.status_code, code, detail, headers=headers)
    found: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {}
    errors = {name: "; ".join(texts) for part in found.values() for name, texts in part.items()}
    detail = "Hay datos que corregir." if errors else error.message or "La petición no se entiende."
    return problem(error.status_code, "invalid_request", detail, **({"errors": errors} if errors else {}))


def on_fault(error: Exception) -> Response:
    reference = secrets.token_hex(4).upper()
    log.error("api fault %s", reference, exc_info=error)
    return problem(500, "error", "Algo falló de nuestro lado. Nada quedó a medias.", reference=reference)


def init_app(app: APIFlask) -> None:
    app.register_error_handler(CartularioError, on_engine_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_fault)
    app.error_processor(on_api_error)
