"""Looking for words in the Carta: what a text says of them is marked, without regard to accents or capitals.

Made for one page; the template asks ``mark`` for every text that it shows and counts what was found by section.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from markupsafe import Markup, escape

MOST_WORDS = 8


class Search:
    def __init__(self, wanted: str) -> None:
        self.wanted = wanted.strip()[:100]
        self.words = tuple(dict.fromkeys(_plain(self.wanted).split()))[:MOST_WORDS]
        self.found: Counter[int] = Counter()  # section → texts that say every word

    def __bool__(self) -> bool:
        return bool(self.words)

    def mark(self, section: int, text: str) -> Markup:
        """The text, its words marked when it says all of them."""
        plain = _plain(text)
        if not self.words or not all(word in plain for word in self.words):
            return escape(text)
        self.found[section] += 1
        inside = [False] * len(text)
        for word in self.words:
            start = plain.find(word)
            while start >= 0:
                inside[start : start + len(word)] = [True] * len(word)
                start = plain.find(word, start + len(word))
        return _painted(text, inside)


def _painted(text: str, inside: list[bool]) -> Markup:
    pieces, start = [], 0
    for n in range(1, len(text) + 1):
        if n == len(text) or inside[n] != inside[start]:
            piece = escape(text[start:n])
            pieces.append(Markup("<mark>{}</mark>").format(piece) if inside[start] else piece)
            start = n
    return Markup("").join(pieces)


def _plain(text: str) -> str:
    """Letter for letter, so that a place in it is a place in the text."""
    return "".join(unicodedata.normalize("NFKD", letter)[0].lower()[:1] or letter for letter in text)
