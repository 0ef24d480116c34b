"""Names of files as they may be kept, shown and sent in a header: no path, no control, nothing that turns the text."""

from __future__ import annotations

import re
from unicodedata import category, normalize

LONGEST = 120
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "text/plain": ".txt",
}
SAME = {".jpg": (".jpg", ".jpeg"), ".txt": (".txt", ".csv", ".json")}  # other endings of one type
_FORBIDDEN = re.compile(r'[<>:"|?*]+')


def file_name(name: str, media_type: str, default: str = "documento") -> str:
    """A safe name that ends in the extension of its type."""
    stem, extension = safe_name(name, default), EXTENSIONS.get(media_type, "")
    if extension and not stem.lower().endswith(SAME.get(extension, extension)):
        stem += extension
    return stem


def safe_name(name: str, default: str = "documento") -> str:
    """The last part of a path, readable, at most 120 letters with its extension kept."""
    base = normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if category(c)[0] not in "CZ" or c == " ")
    base = re.sub(r"\s+", " ", _FORBIDDEN.sub("-", base)).strip(" .")
    if not base:
        return default
    stem, dot, extension = base.rpartition(".")
    if not dot or len(extension) > 10:
        return base[:LONGEST].rstrip(" .")
    return f"{stem[: LONGEST - len(extension) - 1].rstrip(' .') or default}.{extension}"
