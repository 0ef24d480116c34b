"""What protects every page: the secret key, cookies, headers, CSRF and rate limits.

The policy allows no inline script or style and no address but our own. Limits are kept by process and by address; with
several processes the reverse proxy keeps those of all (docs/deploy.md).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from engine.config import Config

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
FRAMEABLE_POLICY = CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
KEY_BYTES = 32

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True, strategy="moving-window")


def secret_key(config: Config) -> str:
    """The configured key, or one made once and kept under the data folder, readable by its owner only."""
    if config.secret_key:
        return config.secret_key.get_secret_value()
    path = Path(config.data_dir) / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES))
    return path.read_text()


def add_headers(response: Response) -> Response:
    """Every answer carries the policy; what a person sees of a case is never kept by a cache."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "_user_id" in session and not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def frameable(response: Response) -> Response:
    """Let our own pages show this answer (a PDF beside its form) in a frame."""
    response.headers["Content-Security-Policy"] = FRAMEABLE_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="cartulario",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over night can still be sent; the session's end ends the token
        RATELIMIT_ENABLED=True,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(add_headers)
