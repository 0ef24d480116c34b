"""Judge a file that anybody sends: against the original it comes from, else the one of the code given. Used by the
page and the API.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import FileStorage

from engine.actas.examen import Later, is_withheld, superseded
from engine.documents import Document, find_by_code, find_original, find_sealed, read_document
from engine.errors import TooLarge
from engine.signing import Answer, State, Verdict, verify_upload
from web.current import cartulario
from web.text import gettext as _


@dataclass(frozen=True)
class Judged:
    verdict: Verdict
    document: Document | None  # ours, when we know which one it is
    size: int  # bytes of what was sent
    sha256: str  # of what was sent
    sealed: bool = False  # somebody brought it to be sealed: the document is the sealed one
    withheld: bool = False  # ours, and not to be handed out yet
    later: Sequence[Later] = ()  # the published actas that say otherwise than this one


def judge_file(file: FileStorage, code: str) -> Judged:
    """The file is not kept. Raises TooLarge."""
    app = cartulario()
    limit = app.config.max_upload
    data = file.stream.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(_("El archivo pasa de %(size)s MB. No es un documento nuestro.", size=limit // 1024**2))
    digest = hashlib.sha256(data).hexdigest()
    with app.database.read() as conn:
        match = find_original(conn, data)
        sealed = find_sealed(conn, digest) if match is None else None
        document = sealed or (match.document if match else find_by_code(conn, code))
        original = read_document(conn, app.archive, document.id)[1] if document and not sealed else None
        withheld = document is not None and is_withheld(conn, document.id)
        later = superseded(conn, document.id, app.clock.now()) if document else []
    verdict = verify_upload(data, app.signing.trust, original=original, at=app.clock.now())
    if sealed is None:
        told = without_facts(document) if document and withheld else document
        return Judged(verdict, told, len(data), digest, withheld=withheld, later=later)
    return Judged(_as_sealed(verdict, data, sealed), sealed, len(data), digest, sealed=True)


def without_facts(document: Document) -> Document:
    """All that is told of one that is not to be handed out yet."""
    return replace(document, facts=[])


def _as_sealed(verdict: Verdict, data: bytes, sealed: Document) -> Verdict:
    """Of a file that we compared with its original and sealed: not ours, but these very bytes are inside what is."""
    text = _(
        "Es, byte por byte, el archivo que nos presentaron y que sellamos con el código %(code)s. Lo que certificamos "
        "es el documento sellado: pídalo.",
        code=sealed.code or "",
    )
    found = replace(verdict, archive=Answer(State.WARNING, text))
    if data.startswith(b"%PDF-"):
        return found
    image = Answer(State.UNKNOWN, _("Es una imagen: no lleva firmas que comprobar."))
    return replace(found, integrity=image, trust=image, changes=image)
