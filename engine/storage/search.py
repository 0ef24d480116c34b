"""Spanish full-text search, the same on SQLite and PostgreSQL: words are folded and stemmed here, not by the database.

``search_text`` is what ``case.search`` holds; ``query_words`` is what a person typed, in the same terms. Both databases
then only compare whole words and their beginnings. Each word is kept in three forms: folded, stem of the folded and
folded stem, because the stemmer and the removal of accents do not commute ("matrícula", "matriculas").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

MAX_WORDS = 600
SILENT = frozenset({"a", "al", "ante", "con", "de", "del", "e", "el", "en", "la", "las", "lo", "los", "o", "para",
                    "por", "que", "se", "su", "sus", "un", "una", "y"})  # fmt: skip
MAX_QUERY_WORDS = 8
STROKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBER = re.compile(r"[a-z]+-\d{4}-\d+")


def fold(text: str) -> str:
    """Lower case, without accents: "Ñáñez" and its decomposed form are both "nanez", "Łukasz" is "lukasz"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(STROKED)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def place_key(place: str | None) -> str:
    """A town's name as it is compared: whoever writes it without its accent means the same place."""
    return fold(" ".join((place or "").split()))


def words(text: str) -> list[str]:
    """The words of a text, composed and in lower case, accents kept. An apostrophe joins: "D'Angelo" is "dangelo"."""
    joined = re.sub(r"(?<=\w)['’ʼ](?=\w)", "", text)
    return _WORD.findall(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).casefold()))


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    stemmer = Stemmer.Stemmer("spanish")  # keeps state while it works: one each call, not shared by threads
    plain = "".join(letter for letter in fold(word) if letter.isalnum())
    if not plain:
        return ()
    if plain.isdigit():
        return (plain, plain.lstrip("0") or "0")  # "318" finds 000318
    if any(letter.isdigit() for letter in word):
        return (plain,)
    stems = (fold(stemmer.stemWord(word)), stemmer.stemWord(plain))
    return (plain, *(stem for stem in stems if stem.isalnum()))


def search_text(parts: Iterable[str]) -> str:
    """The folded and stemmed words of ``parts`` (number, requester, facts), each once, in order."""
    found: dict[str, None] = {}
    for part in parts:
        for number in _NUMBER.findall(part.casefold()):
            found[number.replace("-", "")] = None  # a whole case number is one word
        for word in words(part):
            if word not in SILENT:
                found.update(dict.fromkeys(_forms(word)))
            if len(found) > MAX_WORDS:
                return " ".join(list(found)[:MAX_WORDS])
    return " ".join(found)


def query_words(text: str) -> tuple[tuple[str, ...], ...]:
    """What was typed, as groups of alternative beginnings: a text matches when each group has one word that starts with
    one of its alternatives. Empty when there is nothing to search for. The first words count, the rest are ignored."""
    whole = _NUMBER.sub(lambda number: number.group().replace("-", ""), text.casefold())
    typed = [word for word in words(whole) if word not in SILENT]
    groups = (tuple(dict.fromkeys(_forms(word))) for word in typed[:MAX_QUERY_WORDS])
    return tuple(group for group in groups if group)
