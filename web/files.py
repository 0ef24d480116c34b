"""A document as an answer: shown in the browser when that is safe, else downloaded; never sniffed, never run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from engine.documents import Document
from web.security import frameable

IN_MEMORY = 1 << 20  # bytes of a long answer; what is longer waits on the disk
SHOWN = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


def file_response(document: Document, data: bytes) -> Response:
    """Our own pages may frame it. ``?descargar`` asks for the file instead."""
    shown = document.media_type in SHOWN and "descargar" not in request.args
    response = Response(data, mimetype=document.media_type)
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=document.name)
    response.headers["Cache-Control"] = "private, no-store"
    return frameable(response) if shown else response


def text_response(chunks: Iterable[str], mimetype: str) -> Response:
    """A long text, whole before it is sent: neither held in memory, nor the database while a slow reader takes it."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when the answer was sent
    try:
        for chunk in chunks:
            file.write(chunk.encode())
    except BaseException:
        file.close()
        raise
    length = file.tell()
    file.seek(0)
    response = Response(FileWrapper(file, 64 * 1024), mimetype=mimetype)
    response.content_length = length
    response.call_on_close(file.close)
    return response
