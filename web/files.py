"""A document as an answer: shown in the browser when that is safe, else downloaded; never sniffed, never run."""

from __future__ import annotations

from flask import Response, request

from engine.documents import Document
from web.security import frameable

SHOWN = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


def file_response(document: Document, data: bytes) -> Response:
    """Our own pages may frame it. ``?descargar`` asks for the file instead."""
    shown = document.media_type in SHOWN and "descargar" not in request.args
    response = Response(data, mimetype=document.media_type)
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=document.name)
    response.headers["Cache-Control"] = "private, no-store"
    return frameable(response) if shown else response
