"""What a file is, told by its content. The name and what the browser declares are not believed.

The formats that forms may ask for are recognised and checked here; ``puremagic`` only names the others in the refusal.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import puremagic

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TEXT = "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
KNOWN = {
    PDF: "PDF",
    PNG: "imagen PNG",
    JPEG: "imagen JPEG",
    DOCX: "documento de Word (.docx)",
    XLSX: "hoja de Excel (.xlsx)",
    ODT: "documento de LibreOffice (.odt)",
    TEXT: "archivo de texto en UTF-8 (.txt, .csv, .json)",
}
_BY_EXTENSION = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".odt": ODT,
    ".txt": TEXT,
    ".csv": TEXT,
    ".json": TEXT,
}
MAX_MEMBERS = 2_000
# what ``zipfile`` raises on one that is damaged, packed by a method it lacks, encrypted, cut short or lies about itself
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, struct.error, zlib.error)
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PIXELS = 100_000_000


def media_type_of(data: bytes) -> str | None:
    """One of ``KNOWN``, or None: something else, or one of them damaged."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if _whole_png(data) else None
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG if data.rstrip(b"\0\r\n ").endswith(b"\xff\xd9") else None
    if data.startswith(b"PK"):
        return _zipped(data)
    if b"%PDF-" in data[:1024]:
        return PDF if data.startswith(b"%PDF-") and re.search(rb"startxref\s+\d+\s+%%EOF", data[-4096:]) else None
    return TEXT if _is_text(data) else None


def named(data: bytes) -> str:
    """What to call it in a sentence."""
    known = media_type_of(data)
    if known is not None:
        return KNOWN[known]
    try:
        guesses = puremagic.magic_string(data[:65_536])
    except (puremagic.PureError, ValueError):
        guesses = []
    return guesses[0].name if guesses and guesses[0].name else "un archivo que no reconocemos"


def type_of_extension(name: str) -> str | None:
    dot = name.rfind(".")
    return _BY_EXTENSION.get(name[dot:].lower()) if dot >= 0 else None


def allowed_types(written: tuple[str, ...]) -> frozenset[str]:
    """What a form accepts, from extensions, media types or ``image/*``; every known type when it says nothing."""
    if not written:
        return frozenset(KNOWN)
    found: set[str] = set()
    for part in written:
        if part.startswith("."):
            found.update({_BY_EXTENSION[part]} if part in _BY_EXTENSION else ())
        elif part.endswith("/*"):
            found.update(known for known in KNOWN if known.startswith(part[:-1]))
        elif part in KNOWN:
            found.add(part)
    return frozenset(found)


def _zipped(data: bytes) -> str | None:
    """Office formats by their inner structure; encrypted, overfull or broken ones are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                return None
            if any(member.flag_bits & 1 for member in members):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return ODT if archive.read("mimetype").strip() == ODT.encode() else None
            if not {"[Content_Types].xml", "_rels/.rels"} <= names:
                return None
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
    except _NO_ZIP:
        return None


def _whole_png(data: bytes) -> bool:
    if len(data) < 45 or data[12:16] != b"IHDR" or b"IEND" not in data[-64:]:
        return False
    width, height = struct.unpack(">II", data[16:24])
    return bool(0 < width * height <= MAX_PIXELS)


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(ord(c) < 32 and c not in "\t\r\n" for c in text)
