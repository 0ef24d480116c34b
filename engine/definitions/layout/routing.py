"""Lines between elements: orthogonal, through the free strips, with few bends and crossings, over nothing.

Each is the cheapest way on the mesh (A*). Short ones first; then each once more, now that the others are known.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definitions.layout.geometry import Box, Point
from engine.definitions.layout.mesh import SIDES, Cell, Mesh, port

BEND, CROSSING, OVERLAP, SIDE = 45.0, 60.0, 3_000.0, 40.0
BUSY_OUT, BUSY_IN, MERGE = 120.0, 240.0, 20.0

Heading = tuple[int, int]
State = tuple[Cell, Heading]


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    source: str
    target: str


@dataclass
class Router:
    boxes: Mapping[str, Box]
    mesh: Mesh
    hosts: Mapping[str, str | None]  # boundary event → the task it stands on
    small: frozenset[str]  # gateways and events: lines may leave and enter at any side
    lines: dict[str, list[Point]] = field(default_factory=dict)
    sides: dict[str, tuple[Edge, str, str]] = field(default_factory=dict)

    def route(self, edges: Sequence[Edge]) -> dict[str, list[Point]]:
        ordered = sorted(edges, key=self._length)
        for _round in range(2):
            for edge in ordered:
                self.mesh.free(edge.id)
                self.sides.pop(edge.id, None)
                self._draw(edge)
        return self.lines

    def _length(self, edge: Edge) -> tuple[float, str]:
        (ax, ay), (bx, by) = self.boxes[edge.source].centre, self.boxes[edge.target].centre
        return abs(ax - bx) + 2 * abs(ay - by) + (400 if bx < ax else 0), edge.id

    def _draw(self, edge: Edge) -> None:
        starts = {}
        for side in ("bottom", "right") if edge.source in self.hosts else ("right", "bottom", "top"):
            starts[self.mesh.cell(port(self.boxes[edge.source], side)[1]), SIDES[side]] = side
        goals = {self.mesh.cell(port(self.boxes[edge.target], side)[1]): side for side in ("left", "top", "bottom")}
        cells = self._search(edge, starts, goals)
        if not cells:  # walled in: a straight line shows the flow, and the owner moves it
            self.lines[edge.id] = [self.boxes[edge.source].centre, self.boxes[edge.target].centre]
            self.sides[edge.id] = (edge, "right", "left")
            return
        out = next(side for (cell, heading), side in starts.items() if cell == cells[0][0] and heading == cells[0][1])
        into = goals[cells[-1][0]]
        path = [cell for cell, _ in cells]
        self.mesh.occupy(edge.id, path)
        first, last = port(self.boxes[edge.source], out)[0], port(self.boxes[edge.target], into)[0]
        self.lines[edge.id] = straightened([first, *(self.mesh.point(cell) for cell in path), last])
        self.sides[edge.id] = (edge, out, into)

    def _leaving(self, edge: Edge, side: str) -> float:
        free = side == "right" or edge.source in self.small
        cost = 0.0 if free else SIDE
        for other, out, into in self.sides.values():
            cost += BUSY_OUT * (other.source == edge.source and out == side)
            cost += BUSY_IN * (other.target == edge.source and into == side)
        return cost

    def _arriving(self, edge: Edge, side: str) -> float:
        cost = 0.0 if side == "left" else SIDE * (0.3 if edge.target in self.small else 1)
        for other, out, into in self.sides.values():
            cost += BUSY_IN * (other.source == edge.target and out == side)
            cost += MERGE * (other.target == edge.target and into == side)
        return cost

    def _search(self, edge: Edge, starts: Mapping[State, str], goals: Mapping[Cell, str]) -> list[State]:
        """From a start to a goal, both included; empty when there is no way."""
        targets = [self.mesh.point(cell) for cell in goals]
        best: dict[State, float] = {}
        came: dict[State, State] = {}
        queue: list[tuple[float, float, State]] = []
        for state, side in starts.items():
            best[state] = self._leaving(edge, side)
            heapq.heappush(queue, (best[state], best[state], state))
        arrived: tuple[float, State] | None = None
        while queue and (arrived is None or queue[0][0] < arrived[0]):
            _, cost, state = heapq.heappop(queue)
            if cost > best[state]:
                continue
            if state[0] in goals:
                side = goals[state[0]]
                towards = (-SIDES[side][0], -SIDES[side][1])
                if state[1] != SIDES[side]:
                    total = cost + self._arriving(edge, side) + (BEND if state[1] != towards else 0)
                    if arrived is None or total < arrived[0]:
                        arrived = (total, state)
            for after, step in self._steps(edge, state):
                total = cost + step
                if total < best.get(after, 1e18):
                    best[after], came[after] = total, state
                    x, y = self.mesh.point(after[0])
                    rest = min(abs(x - gx) + abs(y - gy) for gx, gy in targets)
                    heapq.heappush(queue, (total + rest, total, after))
        return [] if arrived is None else _back(came, arrived[1])

    def _steps(self, edge: Edge, state: State) -> Iterator[tuple[State, float]]:
        (i, j), heading = state
        mesh = self.mesh
        for dx, dy in SIDES.values():
            k, m = i + dx, j + dy
            if (dx, dy) == (-heading[0], -heading[1]) or not (0 <= k < len(mesh.xs) and 0 <= m < len(mesh.ys)):
                continue
            step = ((min(i, k), min(j, m)), dx != 0)
            walls = mesh.walls.get(step)
            if walls and not all(self._is_own(node, edge) and self._is_stub(node, (i, j), (k, m)) for node in walls):
                continue
            cost = abs(mesh.xs[k] - mesh.xs[i]) + abs(mesh.ys[m] - mesh.ys[j])
            cost += BEND if (dx, dy) != heading else 0.0
            for line in mesh.along.get(step, ()):
                other = self.sides[line][0]
                cost += 2.0 if other.target == edge.target or other.source == edge.source else OVERLAP
            cost += CROSSING * len(mesh.through.get(((k, m), dx == 0), ()))
            yield ((k, m), (dx, dy)), cost

    def _is_own(self, node: str, edge: Edge) -> bool:
        """The task under a boundary event may be left through its lower edge."""
        return node == self.hosts.get(edge.source)

    def _is_stub(self, node: str, a: Cell, b: Cell) -> bool:
        bottom = self.boxes[node].bottom
        return self.mesh.ys[a[1]] >= bottom and self.mesh.ys[b[1]] >= bottom


def straightened(points: Sequence[Point]) -> list[Point]:
    """Without repeated points and those in the middle of a straight run."""
    kept: list[Point] = []
    for x, y in points:
        point = (round(x, 1), round(y, 1))
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept


def _back(came: Mapping[State, State], state: State) -> list[State]:
    states = [state]
    while state in came:
        state = came[state]
        states.append(state)
    return states[::-1]
