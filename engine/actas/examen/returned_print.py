"""What a docente wrote into a copy of an acta that was then converted to PDF (R-39). Called by ``returned_form``.

Such a file has no fields and no table: only letters, each in its place. They are put together by our own headings: a
column begins where its heading does, a row is where its type of document stands. A file in which any student lacks
a grade in number and in letters is not read, it goes to a person; and what is read is still compared with the acta's
students and its letters with its numbers, by who asks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2

from engine.actas.examen.escala import says_absent
from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import Returned, ReturnedRow, own_bases, read_count
from engine.actas.examen.student import TYPES

MOST_PAGES = 3
MOST_SIGNS = 20_000
APART = 10_000.0  # points between one page and the next
LINE = 4.0  # points: what is nearer than this stands on one line
REACH = 30.0  # points: how far from a heading the others stand
HALF_ROW = 15.0  # points
BESIDE = 6.0  # points: how far off the line of its label a value may stand
EDGE = 2.5  # points: how far to the left of its heading a cell may begin
_LIGATURES = str.maketrans({"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"})
_COLUMNS = {
    "expediente": "expediente", "nombre": "apellido", "tipo": "tipo", "documento": "documento", "nota": "numero",
    "letras": "letras", "fecha": "otra",
}  # fmt: skip
_UNUSED = {"sin", "mas", "inscriptos", "renglones", "renglon", "a", "uso"}


class NotRead(Exception):
    """It is no copy of ours, or not all of it can be read."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x: float  # where it begins
    end: float
    y: float  # its middle, downwards, the pages one below the other
    places: tuple[float, ...]  # where each of its signs begins

    def split(self, x: float) -> list[Word]:
        """At the sign that begins at ``x`` or further, when a neighbour's first one does."""
        cut = next((place for place, begin in enumerate(self.places) if begin >= x), 0)
        if not cut:
            return [self]
        begin = self.places[cut]
        return [
            Word(self.text[:cut], self.x, begin, self.y, self.places[:cut]),
            Word(self.text[cut:], begin, self.end, self.y, self.places[cut:]),
        ]


def read_print(data: bytes) -> Returned:
    """Raises NotRead, or Unopened when pypdfium2 cannot open it."""
    words = _words(data)
    at, columns = _headings(words)
    last = next((word.y for word in words if _plain(word.text) == "total" and word.y > at), None)
    if last is None:
        raise NotRead
    listed = [word for word in words if at + LINE < word.y < last - LINE]
    rows = _rows(listed, columns)
    if any(not (says_absent(row.nota) or says_absent(row.letras) or (row.nota and row.letras)) for row in rows):
        raise NotRead
    told = sorted(own_bases(" ".join(word.text for word in words)))
    return Returned(
        base=" y ".join(told),
        written_day=_after(words, "fecha", "ddmmaa"),
        inscriptos=read_count(_after(words, "alumnos", "inscriptos")),
        examinados=read_count(_after(words, "alumnos", "examinados")),
        rows=rows,
        converted=True,
    )


def _words(data: bytes) -> list[Word]:
    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MOST_PAGES:
                raise NotRead
            return [word for number in range(len(document)) for word in _of_page(document[number], number * APART)]
    except pypdfium2.PdfiumError as error:
        raise Unopened("damaged", "El PDF está dañado: ábralo, guárdelo otra vez y envíelo.") from error


def _of_page(page: Any, above: float) -> Iterator[Word]:
    text = page.get_textpage()
    height = page.get_height()
    count = text.count_chars()
    if count > MOST_SIGNS:
        raise NotRead
    signs: list[tuple[str, float]] = []
    right = middle = 0.0
    for place, sign in enumerate(text.get_text_range(0, count)[:count]):
        if sign.isspace():
            yield from _word(signs, right, middle)
            signs = []
            continue
        x, bottom, end, top = text.get_charbox(place, loose=True)
        y = above + height - (top + bottom) / 2
        if signs and (abs(y - middle) > LINE or x - right > LINE or x < signs[0][1] - LINE):
            yield from _word(signs, right, middle)
            signs = []
        middle = y if not signs else middle
        right = end
        signs += [(one, x) for one in unicodedata.normalize("NFC", sign).translate(_LIGATURES)]
    yield from _word(signs, right, middle)


def _word(signs: Sequence[tuple[str, float]], end: float, middle: float) -> Iterator[Word]:
    if signs:
        places = tuple(x for _sign, x in signs)
        yield Word("".join(sign for sign, _x in signs), places[0], end, middle, places)


def _headings(words: Sequence[Word]) -> tuple[float, dict[str, float]]:
    """Where the lowest of them stands, and where each column begins."""
    top = next((word for word in words if _plain(word.text) == "expediente"), None)
    if top is None:
        raise NotRead
    near = [word for word in words if abs(word.y - top.y) <= REACH]
    found: dict[str, Word] = {}
    for column, said in _COLUMNS.items():
        heading = next((word for word in near if _plain(word.text) == said), None)
        if heading is None:
            raise NotRead
        found[column] = heading
    columns = {column: _begin(heading, near) for column, heading in found.items()}
    if list(columns.values()) != sorted(columns.values()):
        raise NotRead
    lowest = max(word.y for word in near if _plain(word.text) in (*_COLUMNS.values(), "ausente", "fecha"))
    return lowest, columns


def _begin(heading: Word, near: Sequence[Word]) -> float:
    """«En letras» begins with «En»."""
    before = [
        word for word in near if word.text == "En" and abs(word.y - heading.y) < LINE and 0 <= heading.x - word.end < 8
    ]
    return before[0].x if before else heading.x


def _rows(words: Sequence[Word], columns: dict[str, float]) -> tuple[ReturnedRow, ...]:
    middles = [word.y for word in words if word.text in TYPES and abs(word.x - columns["tipo"]) < EDGE]
    if not middles or any(below - above < 2 * LINE for above, below in pairwise(middles)):
        raise NotRead
    words = [word for word in words if not _of_the_unused(word, middles[-1])]
    for x in columns.values():
        words = [part for word in words for part in word.split(x - EDGE)]
    placed: list[tuple[str, Word]] = []
    for word in words:
        column = next((name for name, x in reversed(columns.items()) if x <= word.x + EDGE), None)
        if column is None:
            raise NotRead
        placed.append((column, word))
    cells: list[dict[str, list[Word]]] = [{name: [] for name in columns} for _ in middles]
    for column, word in placed:
        nearest = min(range(len(middles)), key=lambda place: abs(middles[place] - word.y))
        if not middles[0] - HALF_ROW <= word.y <= middles[-1] + HALF_ROW:
            raise NotRead
        cells[nearest][column].append(word)
    rows = []
    for number, row in enumerate(cells, 1):
        said = {name: _joined(row[name]) for name in columns if name != "tipo"}
        rows.append(ReturnedRow(n=number, **said))
    return tuple(rows)


def _of_the_unused(word: Word, last: float) -> bool:
    """«Sin más inscriptos: renglones 4 a 21 sin uso», below the last student."""
    return word.y > last + HALF_ROW and (_plain(word.text) in _UNUSED or word.text.isdecimal())


def _joined(words: Sequence[Word]) -> str:
    """Line by line, each from left to right; on one line a word may stand a little higher than its neighbour."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.y):
        if not lines or word.y - lines[-1][0].y > LINE:
            lines.append([])
        lines[-1].append(word)
    return " ".join(word.text for line in lines for word in sorted(line, key=lambda word: word.x))


def _after(words: Sequence[Word], first: str, second: str) -> str:
    """What stands just to the right of these two words: on their line or, when they took two, on the one above."""
    for one, two in pairwise(words):
        if _plain(one.text) == first and _plain(two.text) == second:
            edge = max(one.end, two.end) - 1
            beside = [word for word in words if one.y - BESIDE < word.y < two.y + BESIDE and word.x >= edge]
            return min(beside, key=lambda word: word.x).text if beside else ""
    return ""


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in folded if sign.isalnum() and sign.isascii())
