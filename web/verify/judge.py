"""Judge a file that anybody sends: against the original it comes from, else the one of the code given. Used by the
page and the API.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from engine.documents import Document, find_by_code, find_original, read_document
from engine.errors import TooLarge
from engine.signing import Verdict, verify_upload
from web.current import cartulario
from web.text import gettext as _


@dataclass(frozen=True)
class Judged:
    verdict: Verdict
    document: Document | None  # ours, when we know which one it is
    size: int  # bytes of what was sent
    sha256: str  # of what was sent


def judge_file(file: FileStorage, code: str) -> Judged:
    """The file is not kept. Raises TooLarge."""
    app = cartulario()
    limit = app.config.max_upload
    data = file.stream.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(_("El archivo pasa de %(size)s MB. No es un documento nuestro.", size=limit // 1024**2))
    with app.database.read() as conn:
        match = find_original(conn, data)
        document = match.document if match else find_by_code(conn, code)
        original = read_document(conn, app.archive, document.id)[1] if document else None
    verdict = verify_upload(data, app.signing.trust, original=original, at=app.clock.now())
    return Judged(verdict, document, len(data), hashlib.sha256(data).hexdigest())
