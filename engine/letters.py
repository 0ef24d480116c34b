"""Which characters the institution's letter has. Any other would be drawn with whatever the machine has: not the same
file everywhere, and perhaps no PDF/A. A text of our own with one is refused, and so is an answer at its form, once what
has a plain spelling (a ligature, a Word bullet) got it; what a stranger wrote, or a case already holds, shows its
number. Called by documents, forms and operations."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

RANGES = (  # what the files of documents.faces have, in hexadecimal; a test walks each of them
    "20-7E,A0-181,186,18A,18D-190,192-194,196-197,19A-19B,19E,1A0-1A1,1AF-1B1,1B7,1BF-1C3,1CD-1DD,1E2-1E7,"
    "1EA-1EB,1EE-1F0,1F4-1F5,1F7-201,204-205,208-209,20C-20D,218-220,222-223,226-227,237,23A-23E,241-245,"
    "248-249,250-27B,27D-285,287-292,294-295,298-299,29B-29F,2A1-2A8,2B0-2B4,2B7-2B9,2BB-2C1,2C6-2CC,2D0-2D7,"
    "2DA,2DC,1E02-1E03,1E06-1E07,1E0A-1E11,1E16-1E17,1E1E-1E2B,1E32-1E3B,1E3E-1E49,1E52-1E53,1E56-1E63,"
    "1E66-1E67,1E6A-1E6F,1E72-1E73,1E7E-1E85,1E8E-1E97,1E9E-1EF9,2013-2014,2018-201A,201C-201E,2020,2022,2026,"
    "2032-2033,2039-203A,2044,20A1,20A3-20A4,20A6-20A7,20A9,20AB-20AC,20AE,20B1-20B2,20B4-20B5,20B8-20BA,20BD,"
    "2122,2212"
)
BLANK = "9-A,D,2000-200D,2028-2029,202F,205F-2060"  # have no shape: drawn by nobody
TILDE = "\u0303"  # of the Guaraní g̃, which has no letter of its own; other marks are set beside their letter, not on it


def spans(ranges: str) -> list[tuple[int, int]]:
    """The first and the last of each."""
    ends = (span.partition("-") for span in ranges.split(","))
    return [(int(first, 16), int(last or first, 16)) for first, _, last in ends]


def _class() -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans(f"{RANGES},{BLANK}"))


_STRANGE = re.compile(f"[^{_class()}{TILDE}]|(?<![gG]){TILDE}")


def unprintable(text: str) -> list[str]:
    """The characters that cannot be set, each once, in order."""
    return list(dict.fromkeys(_STRANGE.findall(text)))


def printable(text: str) -> str:
    """What others wrote, to be archived: a character that cannot be set is named, «[U+1F600]»; a dash is a dash."""
    return _STRANGE.sub(lambda found: _DASHES.get(found[0]) or f"[U+{ord(found[0]):04X}]", text)


_DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—"}
_PLAIN = {
    "\uf0b7": "•",
    "\uf0a7": "•",
    "\ufeff": "",
    "\u200e": "",
    "\u200f": "",
} | _DASHES  # Word's bullets; marks unseen


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
