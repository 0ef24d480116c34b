"""Pages of a cotejo as pictures, each made once, in a process apart, and kept in memory while it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

from engine.brought import Brought, Difference, compare_brought, draw_brought, look_at
from engine.documents import Document, read_document
from engine.signing import State, verify_upload
from web.current import cartulario

KEPT = 48  # pictures; some hundred kilobytes each
HEAVIEST = 2 * 1024 * 1024  # bytes: a picture of mere noise is drawn again each time, not kept
ZOOMS = {"1": 800, "1.5": 1_200, "2": 1_600, "3": 2_000}  # zoom → dots across
T = TypeVar("T")


class Recent:
    """The last results by what they were made from. Two who ask at once may both make it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
        made = make()
        if _weight(made) > HEAVIEST:
            return made
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


def _weight(made: object) -> int:
    picture = made.png if isinstance(made, Difference) else made
    return len(picture) if isinstance(picture, bytes) else 0


_recent = Recent(KEPT)


def page_count(document: Document) -> int:
    """0 when it cannot be read."""
    return _recent.get(("look", document.sha256), lambda: look_at(_bytes(document)).pages)


def picture(document: Document, page: int, width: int) -> bytes:
    """PNG of a page, from 0. Raises CannotShow."""
    return _recent.get(("page", document.sha256, page, width), lambda: draw_brought(_bytes(document), page, width))


def difference(submitted: Document, reference: Document, page: int, width: int) -> Difference:
    """Raises CannotShow."""
    key = ("differ", submitted.sha256, reference.sha256, page, width)
    return _recent.get(key, lambda: compare_brought(_bytes(submitted), _bytes(reference), page, width))


def harm(submitted: Document, original: Document) -> tuple[str, ...]:
    """What no longer holds of the signatures of a PDF that is not, byte for byte, the original that we issued."""
    if submitted.sha256 == original.sha256 or submitted.media_type != "application/pdf":
        return ()
    return _recent.get(("harm", submitted.sha256, original.sha256), lambda: _harm(submitted, original))


def _harm(submitted: Document, original: Document) -> tuple[str, ...]:
    app = cartulario()
    data, ours = _bytes(submitted).data, _bytes(original).data
    verdict = verify_upload(data, app.signing.trust, original=ours, at=app.clock.now())
    lost = [verdict.integrity] if verdict.integrity.state is not State.OK else []
    lost += [verdict.changes] if verdict.changes.state is State.BAD else []
    lost += [verdict.trust] if verdict.signers and verdict.trust.state in (State.BAD, State.UNKNOWN) else []
    return tuple(one.text for one in lost)


def _bytes(document: Document) -> Brought:
    app = cartulario()
    with app.database.read() as conn:
        _document, data = read_document(conn, app.archive, document.id)
    return Brought(data, document.media_type)
