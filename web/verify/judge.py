"""Judge a file that anybody sends: against the original it comes from, else the one of the code given. Used by the
page and the API.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import FileStorage

from engine.actas.examen import Later, certified_scan, is_withheld, superseded
from engine.documents import Document, find_by_code, find_original, find_sealed, get_document, read_document
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
    scan: str = ""  # the old exam acta whose certified scan it is: the document is its certification


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
        scan = certified_scan(conn, digest) if match is None and sealed is None else None
        certificate = get_document(conn, scan[2]) if scan else None
        document = sealed or certificate or (match.document if match else find_by_code(conn, code))
        original = read_document(conn, app.archive, document.id)[1] if document and not (sealed or scan) else None
        withheld = document is not None and is_withheld(conn, document.id)
        later = superseded(conn, document.id, app.clock.now()) if document else []
    verdict = verify_upload(data, app.signing.trust, original=original, at=app.clock.now())
    if scan is not None:
        base, counts, _certificate = scan
        return Judged(_as_scan(verdict, data, base, counts), certificate, len(data), digest, scan=base)
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
    return _unsigned(replace(verdict, archive=Answer(State.WARNING, text)), data)


def _as_scan(verdict: Verdict, data: bytes, base: str, counts: bool) -> Verdict:
    """Of the certified scan of an old exam acta; ``counts``: no newer one replaced it."""
    if counts:
        text = _("Es, byte por byte, la copia digital del acta antigua %(base)s que certificamos.", base=base)
        return _unsigned(replace(verdict, archive=Answer(State.OK, text)), data)
    text = _(
        "Es, byte por byte, una copia digital del acta antigua %(base)s que certificamos y que después se escaneó otra "
        "vez: vale la nueva.",
        base=base,
    )
    return _unsigned(replace(verdict, archive=Answer(State.WARNING, text)), data)


def _unsigned(found: Verdict, data: bytes) -> Verdict:
    if data.startswith(b"%PDF-"):
        return found
    image = Answer(State.UNKNOWN, _("Es una imagen: no lleva firmas que comprobar."))
    return replace(found, integrity=image, trust=image, changes=image)
