"""Before any signature is looked at: is this one whole, plain PDF of a size we read?

Raises ``Unreadable`` with a sentence for the citizen and a technical reason.
"""

from __future__ import annotations

import io
import re

from asn1crypto import parser
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.signing.verdict import NOT_A_PDF

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 1_000
MAX_OBJECTS = 100_000
MAX_REVISIONS = 100
MAX_SIGNATURES = 50
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TAIL = 2_048
TOO_LARGE = "El archivo es demasiado grande para comprobarlo aquí (más de 10 MB)."


class Unreadable(Exception):
    """``text`` is for the citizen."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text
        self.reason = reason


def open_strictly(data: bytes) -> PdfFileReader:
    if len(data) > MAX_BYTES:
        raise Unreadable(TOO_LARGE, "size")
    if b"%PDF-" not in data[:1_024]:
        raise Unreadable("El archivo no es un PDF.", NOT_A_PDF)
    if not _END.search(data[-_TAIL:]):
        raise Unreadable(
            "El archivo tiene algo agregado al final, o está incompleto: no es como fue emitido.", "bytes after %%EOF"
        )
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    if reader.encrypted:
        raise Unreadable("El archivo está protegido con contraseña y no se puede comprobar.", "encrypted")
    _within_limits(reader)
    return reader


def revisions_of(original: bytes, reader: PdfFileReader) -> int | None:
    """How many of the file's revisions are those of ``original``, with whose bytes it begins; None when what follows
    does not build on it: another document, with cross-references of its own that never lead back to ours."""
    end = _END.search(original[-_TAIL:])
    starts = [reader.xrefs.get_startxref_for_revision(n) for n in range(reader.xrefs.total_revisions)]
    if end is None or int(end[1]) not in starts:
        return None
    known = starts.index(int(end[1])) + 1
    return known if all(start >= len(original) for start in starts[known:]) else None


def container_is_plain(signature: EmbeddedPdfSignature, data: bytes) -> bool:
    """The place that no signature covers, its own container, holds that and zeros, in one way of writing.

    Elsewhere a single changed byte breaks the signature; here it would not.
    """
    start, length, after, _rest = (int(v) for v in signature.byte_range)
    gap, content = data[start + length : after], signature.pkcs7_content
    if gap not in (f"<{content.hex()}>".encode(), f"<{content.hex().upper()}>".encode()):
        return False
    return not content[parser.peek(content) :].strip(b"\0")


def _within_limits(reader: PdfFileReader) -> None:
    if reader.xrefs.total_revisions > MAX_REVISIONS:
        raise Unreadable("El archivo fue guardado demasiadas veces para comprobarlo.", "revisions")
    if int(reader.trailer_view.get("/Size", 0)) > MAX_OBJECTS:
        raise Unreadable("El archivo es demasiado complejo para comprobarlo.", "objects")
    pages = reader.root["/Pages"]
    if not isinstance(pages, DictionaryObject) or not 0 < int(pages.get("/Count", 0)) <= MAX_PAGES:
        raise Unreadable("El archivo no tiene páginas que se puedan leer, o tiene demasiadas.", "pages")
