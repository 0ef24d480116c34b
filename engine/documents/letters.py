"""Which characters the institution's letter has. Any other would be drawn with whatever the machine has: not the same
file everywhere, and perhaps no PDF/A. A text of our own with one is refused; what a stranger wrote shows its number."""

from __future__ import annotations

import re

from engine.documents.faces import RANGES


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
