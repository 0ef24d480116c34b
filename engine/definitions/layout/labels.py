"""Names beside small signs and words on lines: the first place where they cover nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from engine.definitions.layout.geometry import Box, Point, text_size

AIR = 4


class Labels:
    """Places labels one by one; each avoids the elements, the lines and the labels before it."""

    def __init__(self, boxes: Mapping[str, Box], lines: Mapping[str, Sequence[Point]]) -> None:
        self._solid = list(boxes.values())
        self._segments = [segment for points in lines.values() for segment in pairwise(points)]

    def of_sign(self, box: Box, name: str) -> Box:
        """Of an event or gateway: below, above, then beside."""
        return self._best(_around(box, *text_size(name)))

    def of_line(self, points: Sequence[Point], name: str, *, is_default: bool) -> Box:
        """Near the start of its line, where the choice is made, clear of the stroke that marks a default."""
        return self._best(_beside(points, *text_size(name, 110), 14 if is_default else 6))

    def _best(self, places: Iterator[Box]) -> Box:
        options = list(places)
        best = min(options, key=lambda box: (self._cover(box), options.index(box)))
        self._solid.append(best)
        return best

    def _cover(self, box: Box) -> int:
        covered = 4 * sum(box.touches(other) for other in self._solid)
        return covered + sum(box.is_crossed_by(a, b) for a, b in self._segments)


def _around(box: Box, w: float, h: float) -> Iterator[Box]:
    x, _ = box.centre
    yield Box(x - w / 2, box.bottom + AIR, w, h)
    yield Box(x - w / 2, box.y - AIR - h, w, h)
    for dx in (box.width / 2 - 6, box.width / 2 - w + 6 - box.width):
        yield Box(x + dx, box.y - h + 2, w, h)
        yield Box(x + dx, box.bottom - 2, w, h)
    yield Box(box.right + AIR + 2, box.centre[1] - h - 3, w, h)
    yield Box(x + 8, box.bottom + AIR, w, h)
    yield Box(x - w - 8, box.bottom + AIR, w, h)
    yield Box(x + 8, box.y - AIR - h, w, h)
    yield Box(x - w - 8, box.y - AIR - h, w, h)


def _beside(points: Sequence[Point], w: float, h: float, gap: float) -> Iterator[Box]:
    for a, b in pairwise(points):
        if a[1] == b[1]:
            near = a[0] + gap if b[0] > a[0] else a[0] - gap - w
            yield Box(near, a[1] - h - 2, w, h)
            yield Box(near, a[1] + 3, w, h)
        else:
            near = a[1] + 5 if b[1] > a[1] else a[1] - 5 - h
            yield Box(a[0] + gap, near, w, h)
            yield Box(a[0] - gap - w, near, w, h)
