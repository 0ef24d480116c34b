"""Where each element stands: a column by the longest path to it, a row of its lane.

The longest way from the start is the main line and keeps one row in every lane; each side chain takes the nearest free
row, above when it comes from or goes on to a lane above, else below.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.diagram import EVENTS, GATEWAYS, Container
from engine.definitions.layout.geometry import Box, text_size

GAP_X, GAP_Y = 56, 44
PAD = 18  # inside a lane
TITLE = 30  # the strip of a pool's, or a lane's, name
EVENT, GATEWAY, TASK = (36, 36), (50, 50), (100, 80)
CLOSE, APART = 2, 104  # events on one task: so many stand close, more of them stand so far apart


@dataclass(frozen=True)
class Placement:
    boxes: Mapping[str, Box]
    lanes: Mapping[str, Box]
    frame: Box
    gaps_x: Sequence[tuple[float, float]]  # free strips between columns
    gaps_y: Sequence[tuple[float, float]]  # and between rows


class Grid:
    """Columns and rows of one process or subprocess. ``lanes`` are the names of its lanes, top first."""

    def __init__(self, container: Container, lane_of: Mapping[str, str], lanes: Sequence[str]) -> None:
        self.container = container
        self.lanes = list(lanes) or [""]
        self.hosts = {n.id: n.attached_to for n in container.nodes.values() if n.attached_to in container.nodes}
        self.nodes = [i for i in container.nodes if i not in self.hosts]
        self._lane_of = lane_of

    def lane(self, node: str) -> int:
        name = self._lane_of.get(node, self.lanes[0])
        return self.lanes.index(name) if name in self.lanes else 0

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """Node → those that follow it; what leaves a boundary event follows its task, last."""
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        links = sorted(self.container.links, key=lambda link: link.source in self.hosts)
        for link in links:
            source = self.hosts.get(link.source) or link.source
            if source in found and link.target in found:
                found[source].append(link.target)
        return found

    @cached_property
    def _search(self) -> tuple[set[tuple[str, str]], list[str]]:
        """The links that go back, and the nodes in topological order without them."""
        state: dict[str, int] = {}
        back: set[tuple[str, str]] = set()
        done: list[str] = []

        def visit(node: str) -> None:
            state[node] = 1
            for target in self.targets[node]:
                if state.get(target) == 1:
                    back.add((node, target))
                elif target not in state:
                    visit(target)
            state[node] = 2
            done.append(node)

        first = [n for n in self.nodes if self.container.nodes[n].kind == "startEvent"]
        for node in [*first, *self.nodes]:
            if node not in state:
                visit(node)
        return back, done[::-1]

    @property
    def back(self) -> set[tuple[str, str]]:
        return self._search[0]

    def ahead(self, node: str) -> list[str]:
        return [target for target in self.targets[node] if (node, target) not in self.back]

    @cached_property
    def column(self) -> dict[str, int]:
        found = dict.fromkeys(self.nodes, 0)
        for node in self._search[1]:
            for target in self.ahead(node):
                found[target] = max(found[target], found[node] + 1)
        return found

    @cached_property
    def main_line(self) -> list[str]:
        """The longest way from the start; at each choice the first drawn wins a tie."""
        length: dict[str, int] = {}
        for node in reversed(self._search[1]):
            length[node] = 1 + max((length[t] for t in self.ahead(node)), default=0)
        line = [max(self.nodes, key=lambda n: length[n])] if self.nodes else []
        while line and self.ahead(line[-1]):
            line.append(max(self.ahead(line[-1]), key=lambda t: length[t]))
        return line

    @cached_property
    def row(self) -> dict[str, int]:
        """Node → row of its lane; 0 is the main line, negative rows are above it."""
        found: dict[str, int] = {}
        taken: dict[tuple[int, int], set[int]] = defaultdict(set)  # (lane, row) → columns

        def put(chain: Sequence[str], row: int) -> None:
            for node in chain:
                found[node] = row
                taken[self.lane(node), row].add(self.column[node])

        put(self.main_line, 0)
        for chain in self._chains(set(self.main_line)):
            lane = self.lane(chain[0])
            span = set(range(self.column[chain[0]], self.column[chain[-1]] + 1))
            rows = self._preferred_rows(chain, found)
            put(chain, next(r for r in rows if not taken[lane, r] & span))
        return found

    def _chains(self, placed: set[str]) -> list[list[str]]:
        """What is off the main line, cut into runs that stay in one lane; the short ones first, nearest the line."""
        left = [node for node in self._search[1] if node not in placed]
        chains: list[list[str]] = []
        while left:
            chain = [left.pop(0)]
            while True:
                following = [t for t in self.ahead(chain[-1]) if t in left and self.lane(t) == self.lane(chain[0])]
                if not following:
                    break
                chain.append(following[0])
                left.remove(following[0])
            chains.append(chain)
        return sorted(chains, key=len)

    def _preferred_rows(self, chain: Sequence[str], found: Mapping[str, int]) -> list[int]:
        lane = self.lane(chain[0])
        alone = not any(self.lane(n) == lane and abs(self.column[n] - self.column[chain[0]]) <= 1 for n in found)
        near = [t for n in chain for t in self.targets[n]]
        near += [n for n in self.nodes if set(self.targets[n]) & set(chain)]
        goes_up = any(self.lane(n) < lane for n in near)
        below = list(range(1, 60))
        above = [-r for r in range(1, 60)]
        first = [0] if alone or lane != self.lane(self.main_line[0]) else []
        if goes_up:
            return [*first, *(r for pair in zip(above, below, strict=True) for r in pair)]
        return [*first, *below]


def size_of(kind: str, inner: tuple[float, float] | None = None) -> tuple[float, float]:
    if inner is not None:
        return inner
    return EVENT if kind in EVENTS else GATEWAY if kind in GATEWAYS else TASK


def place(grid: Grid, inner: Mapping[str, tuple[float, float]], *, pool: bool) -> Placement:
    """``inner`` gives the size of subprocesses that are drawn open."""
    sizes = {n: size_of(grid.container.nodes[n].kind, inner.get(n)) for n in grid.nodes}
    for host, events in Counter(map(str, grid.hosts.values())).items():
        if events > CLOSE and host in sizes:  # room for the name of each
            sizes[host] = (max(sizes[host][0], events * APART), sizes[host][1])
    left = (TITLE * 2 if len(grid.lanes) > 1 or grid.lanes[0] else TITLE) if pool else 0
    centres, gaps_x, width = _columns(grid, sizes, left)
    rows, lanes, gaps_y, height = _rows(grid, sizes)
    boxes = {}
    for node, (w, h) in sizes.items():
        x, y = centres[grid.column[node]], rows[grid.lane(node), grid.row[node]]
        boxes[node] = Box(x - w / 2, y - h / 2, w, h)
    boxes |= _boundary(grid, boxes)
    strips = {
        name: Box(TITLE, top, width - TITLE, bottom - top)
        for name, (top, bottom) in zip(grid.lanes, lanes, strict=True)
        if name and pool
    }
    return Placement(boxes, strips, Box(0, 0, width, height), gaps_x, gaps_y)


def _columns(
    grid: Grid, sizes: Mapping[str, tuple[float, float]], left: float
) -> tuple[list[float], list[tuple[float, float]], float]:
    count = max(grid.column.values(), default=-1) + 1
    widths = [max(sizes[n][0] for n in grid.nodes if grid.column[n] == c) for c in range(count)]
    x, centres, gaps = left, [], []
    for column in range(count):
        before = GAP_X if column else GAP_X / 2 + 12
        before = max(before, _label_before(grid, column, widths))
        gaps.append((x, x + before))
        centres.append(x + before + widths[column] / 2)
        x += before + widths[column]
    gaps.append((x, x + GAP_X))
    return centres, gaps, x + GAP_X


def _label_before(grid: Grid, column: int, widths: Sequence[float]) -> float:
    """Room for the words on a line that goes straight on from a gateway, and for long names under small signs."""
    room = 0.0
    for link in grid.container.links:
        name = link.xml.get("name")
        straight = grid.column.get(link.source) == column - 1 and link.source in grid.row
        if name and straight and grid.row[link.source] == grid.row.get(link.target) and link.target in grid.nodes:
            room = max(room, text_size(name)[0] + 32)
    if column:
        pairs = [_overhang(grid, c, widths) for c in (column - 1, column)]
        room = max(room, sum(pairs) + 12)
    return room


def _overhang(grid: Grid, column: int, widths: Sequence[float]) -> float:
    names = [
        text_size(node.name)[0]
        for node in grid.container.nodes.values()
        if grid.column.get(node.id) == column and node.kind in EVENTS | GATEWAYS and node.name
    ]
    return max(0.0, max(names, default=0) / 2 - widths[column] / 2)


def _rows(
    grid: Grid, sizes: Mapping[str, tuple[float, float]]
) -> tuple[dict[tuple[int, int], float], list[tuple[float, float]], list[tuple[float, float]], float]:
    centres: dict[tuple[int, int], float] = {}
    lanes: list[tuple[float, float]] = []
    gaps: list[tuple[float, float]] = []
    y = 0.0
    for lane in range(len(grid.lanes)):
        top = y
        used = sorted({grid.row[n] for n in grid.nodes if grid.lane(n) == lane}) or [0]
        for row in used:
            height = max((sizes[n][1] for n in grid.nodes if (grid.lane(n), grid.row[n]) == (lane, row)), default=80.0)
            height = max(height, 70.0)
            before = GAP_Y if row != used[0] else PAD + GAP_Y / 2
            gaps.append((y, y + before))
            centres[lane, row] = y + before + height / 2
            y += before + height
        gaps.append((y, y + PAD + GAP_Y / 2))
        y += PAD + GAP_Y / 2
        lanes.append((top, y))
    return centres, lanes, gaps, y


def _boundary(grid: Grid, boxes: Mapping[str, Box]) -> dict[str, Box]:
    """On the lower edge of their task, from the right."""
    found: dict[str, Box] = {}
    count: dict[str, int] = defaultdict(int)
    many = Counter(map(str, grid.hosts.values()))
    for node, host in grid.hosts.items():
        box, apart = boxes[str(host)], 44 if many[str(host)] <= CLOSE else APART
        found[node] = Box(box.right - 38 - apart * count[str(host)], box.bottom - 18, *EVENT)
        count[str(host)] += 1
    return found
