"""What the signature fields that somebody added draw on the pages. A field is a rectangle with a picture: one that
nobody signs, or one over the text, makes a page say something else while every signature stays valid.

pyHanko's rules let a new signature field draw anything anywhere, for that is how a second signer's stamp arrives. Here:
nothing of a new or changed field acts (``/A``, ``/AA``); what was there keeps its place, and its picture unless it is
the one being signed; a new field that shows is one that was signed now. On what we issued it must also lie in the empty
place that we left for a signature. An invisible field, as many programmes and all time-stamps use, may always come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.reader import HistoricalResolver

TOLERANCE = 12.0  # points by which a stamp may leave its place: people put it there by hand
MOST_PAGES = 5_000
_HIDDEN = 2  # of /F (ISO 32000-1, table 165): neither shown nor printed
_ACTS = ("/A", "/AA")


class Overlay(Exception):
    """A field shows, or does, what it may not. The text is for the office and the log."""


class OutOfPlace(Overlay):
    """A signer's stamp that lies over the document, not in the place left for it."""


@dataclass(frozen=True)
class Place:
    page: int  # from 0
    box: tuple[float, float, float, float]  # points: left, bottom, right, top

    def holds(self, other: Place) -> bool:
        left, bottom, right, top = other.box
        return (
            self.page == other.page
            and left >= self.box[0] - TOLERANCE
            and bottom >= self.box[1] - TOLERANCE
            and right <= self.box[2] + TOLERANCE
            and top <= self.box[3] + TOLERANCE
        )


@dataclass(frozen=True)
class _Widget:
    key: Any  # of the object, the same in every revision
    dictionary: DictionaryObject
    place: Place

    @property
    def shows(self) -> bool:
        left, bottom, right, top = self.place.box
        return right > left and top > bottom and not int(self.dictionary.get("/F", 0)) & _HIDDEN

    @property
    def signature(self) -> Any:
        """The signature object's key; None for an empty field."""
        holder = self.dictionary if "/V" in self.dictionary else self._parent()
        if holder is None or "/V" not in holder:
            return None
        return _key(holder.raw_get("/V"))

    @property
    def is_signature_field(self) -> bool:
        parent = self._parent()
        return "/Sig" in (self.dictionary.get("/FT"), parent.get("/FT") if parent is not None else None)

    def acts(self) -> bytes:
        return b"".join(
            _written(one.raw_get(name))
            for one in (self.dictionary, self._parent())
            if one
            for name in _ACTS
            if name in one
        )

    def picture(self) -> bytes:
        return _written(self.dictionary.raw_get("/AP")) if "/AP" in self.dictionary else b""

    def _parent(self) -> DictionaryObject | None:
        parent = self.dictionary.get("/Parent")
        return parent if isinstance(parent, DictionaryObject) else None


def check_added(old: HistoricalResolver, new: HistoricalResolver, places: Sequence[Place] | None = None) -> None:
    """``places``: where alone a new field may show; None, anywhere. Raises Overlay, or what pyHanko raises."""
    before = {widget.key: widget for widget in _widgets(old)}
    signed_before = {widget.signature for widget in before.values()} - {None}
    signed_now: set[Any] = set()
    for widget in _widgets(new):
        known = before.get(widget.key)
        fresh = widget.signature is not None and widget.signature not in signed_before | signed_now
        if fresh:
            signed_now.add(widget.signature)
        if known is not None:
            _check_kept(known, widget, fresh)
            continue
        if widget.acts():
            raise Overlay("a field was added that acts when it is seen or touched")
        if not widget.shows:
            continue
        if not (fresh and widget.is_signature_field):
            raise Overlay("a field was added that shows something and that nobody signed")
        if places is not None and not any(place.holds(widget.place) for place in places):
            raise OutOfPlace("a signature's stamp lies outside of the place left for it")


def empty_places(resolver: HistoricalResolver) -> list[Place]:
    """Where a signature was expected: the signature fields that show and are not signed yet."""
    return [w.place for w in _widgets(resolver) if w.is_signature_field and w.shows and w.signature is None]


def _check_kept(known: _Widget, widget: _Widget, fresh: bool) -> None:
    if known.place != widget.place or known.shows != widget.shows:
        raise Overlay("a field that was there was moved, shown or hidden")
    if known.acts() != widget.acts():
        raise Overlay("a field that was there now acts when it is seen or touched")
    if known.picture() != widget.picture() and not (fresh and known.signature is None):
        raise Overlay("the picture of a field that was there changed, and it was not being signed")


def _widgets(resolver: HistoricalResolver) -> Iterator[_Widget]:
    for number, page in enumerate(_pages(resolver)):
        listed = page.get("/Annots")
        for raw in _raw(listed) if isinstance(listed, ArrayObject) else ():
            annotation = raw.get_object()
            if not isinstance(annotation, DictionaryObject):
                raise Overlay("a page lists an annotation that is none")
            yield _Widget((number, _key(raw)), annotation, Place(number, _box(annotation)))


def _pages(resolver: HistoricalResolver) -> Iterator[DictionaryObject]:
    waiting: list[Any] = [resolver.root["/Pages"]]
    seen = 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > MOST_PAGES or not isinstance(node, DictionaryObject):
            raise Overlay("the tree of pages cannot be followed")
        if "/Kids" in node:
            waiting += [kid.get_object() for kid in reversed(list(_raw(node["/Kids"])))]
        else:
            yield node


def _raw(array: ArrayObject) -> Iterator[PdfObject]:
    return (array.raw_get(at) for at in range(len(array)))


def _box(annotation: DictionaryObject) -> tuple[float, float, float, float]:
    try:
        x1, y1, x2, y2 = (float(number) for number in annotation.get("/Rect", (0, 0, 0, 0)))
    except (TypeError, ValueError) as error:
        raise Overlay("a field's rectangle is none") from error
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _key(raw: PdfObject) -> Any:
    if isinstance(raw, IndirectObject):
        return raw.idnum, raw.generation
    return _written(raw)


def _written(raw: PdfObject) -> bytes:
    target = BytesIO()
    raw.write_to_stream(target, None)
    return target.getvalue()
