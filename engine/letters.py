"""Which characters the institution's letter has. Any other would be drawn with whatever the machine has: not the same
file everywhere, and perhaps no PDF/A. A text of our own with one is refused, and so is an answer at its form, once what
has a plain spelling (a ligature, a Word bullet) got it; what a stranger wrote, or a case already holds, shows its
number. Called by documents, forms and operations."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

RANGES = {
    "latin": "U+0-FF,U+131,U+152-153,U+2BB-2DC,U+300-304,U+308,U+2000-206F,U+20AC,U+2122,U+2212",
    "latin-ext": "U+100-130,U+132-151,U+154-2BA,U+1E00-1EFF",
}


def _class() -> str:
    spans = []
    for span in ",".join(RANGES.values()).split(","):
        first, _, last = span.removeprefix("U+").partition("-")
        spans.append(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}")
    return "".join(spans)


_STRANGE = re.compile(f"[^{_class()}]|[\u202a-\u202e\u2066-\u2069\u200e\u200f]|[\x00-\x08\x0b\x0c\x0e-\x1f]")


def unprintable(text: str) -> list[str]:
    """The characters that cannot be set, each once, in order."""
    return list(dict.fromkeys(_STRANGE.findall(text)))


def printable(text: str) -> str:
    """What others wrote, to be archived: a character that cannot be set is named, «[U+1F600]»."""
    return _STRANGE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


_PLAIN = {"\uf0b7": "•", "\uf0a7": "•", "\ufeff": "", "\u200e": "", "\u200f": ""}  # Word's bullets; marks unseen


def spelt_plainly(text: str) -> str:
    """What somebody typed or pasted, in NFC: of what cannot be set, a ligature or a sign like № becomes its letters,
    and marks that nobody sees go. Nothing else changes: «½» and «m²» stay."""
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _STRANGE.sub(lambda found: _plain(found[0]), composed))


def _plain(sign: str) -> str:
    spelt = _PLAIN.get(sign, unicodedata.normalize("NFKC", sign))
    return sign if unprintable(spelt) else spelt


def settable(data: Any) -> Any:
    """The same data, each text of which can be set: what cannot be is named."""
    if type(data) is str:
        return printable(unicodedata.normalize("NFC", data))
    if isinstance(data, dict):
        return {key: settable(value) for key, value in data.items()}
    return [settable(item) for item in data] if isinstance(data, list | tuple) else data
