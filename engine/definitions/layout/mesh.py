"""The grid on which lines run: which of its steps are walled, and which lines pass where."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from engine.definitions.layout.geometry import Box, Point

CLEAR = 8  # px kept from elements that are passed by
STUB = 12  # px straight out of, and into, an element
SIDES = {"right": (1, 0), "left": (-1, 0), "bottom": (0, 1), "top": (0, -1)}

Cell = tuple[int, int]
Step = tuple[Cell, bool]  # from a point to the next: True to the right, False downwards


class Mesh:
    def __init__(
        self,
        boxes: Mapping[str, Box],
        gaps_x: Sequence[tuple[float, float]],
        gaps_y: Sequence[tuple[float, float]],
    ) -> None:
        stubs = [port(box, side)[1] for box in boxes.values() for side in SIDES]
        self.xs = _lines((x for x, _ in stubs), gaps_x)
        self.ys = _lines((y for _, y in stubs), gaps_y)
        self.walls: dict[Step, set[str]] = defaultdict(set)
        self.along: dict[Step, set[str]] = defaultdict(set)  # lines on a step
        self.through: dict[tuple[Cell, bool], set[str]] = defaultdict(set)  # lines through a point, flat or upright
        for node, box in boxes.items():
            self._wall(node, box.grown(CLEAR))

    def cell(self, point: Point) -> Cell:
        return _nearest(self.xs, point[0]), _nearest(self.ys, point[1])

    def point(self, cell: Cell) -> Point:
        return self.xs[cell[0]], self.ys[cell[1]]

    def occupy(self, line: str, cells: Sequence[Cell]) -> None:
        for a, b in pairwise(cells):
            for step in steps_between(a, b):
                self.along[step].add(line)
                flat = step[1]
                (i, j) = step[0]
                self.through[(i, j), flat].add(line)
                self.through[(i + flat, j + (not flat)), flat].add(line)

    def free(self, line: str) -> None:
        for lines in (*self.along.values(), *self.through.values()):
            lines.discard(line)

    def _wall(self, node: str, box: Box) -> None:
        left, right = bisect_right(self.xs, box.x), bisect_left(self.xs, box.right)
        top, bottom = bisect_right(self.ys, box.y), bisect_left(self.ys, box.bottom)
        for j in range(top, bottom):
            for i in range(max(left - 1, 0), min(right, len(self.xs) - 1)):
                self.walls[(i, j), True].add(node)
        for i in range(left, right):
            for j in range(max(top - 1, 0), min(bottom, len(self.ys) - 1)):
                self.walls[(i, j), False].add(node)


def port(box: Box, side: str) -> tuple[Point, Point]:
    """The middle of a side, and the point straight out of it."""
    x, y = box.centre
    dx, dy = SIDES[side]
    middle = (x + dx * box.width / 2, y + dy * box.height / 2)
    return middle, (middle[0] + dx * STUB, middle[1] + dy * STUB)


def steps_between(a: Cell, b: Cell) -> Iterable[Step]:
    flat = a[1] == b[1]
    low, high = sorted((a[0], b[0]) if flat else (a[1], b[1]))
    return [((k, a[1]) if flat else (a[0], k), flat) for k in range(low, high)]


def _lines(fixed: Iterable[float], gaps: Sequence[tuple[float, float]]) -> list[float]:
    """The given coordinates, and tracks in the free strips where they keep 6 px from those."""
    kept = sorted({round(value, 1) for value in fixed})
    for start, end in gaps:
        count = max(1, int((end - start - 10) // 11))
        step = (end - start) / (count + 1)
        for number in range(count):
            track = round(start + step * (number + 1), 1)
            at = bisect_left(kept, track)
            if all(abs(other - track) >= 6 for other in kept[max(at - 1, 0) : at + 1]):
                kept.insert(at, track)
    return kept


def _nearest(lines: Sequence[float], value: float) -> int:
    at = bisect_left(lines, value)
    around = range(max(at - 1, 0), min(at + 1, len(lines) - 1) + 1)
    return min(around, key=lambda k: abs(lines[k] - value))
