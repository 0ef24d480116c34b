"""Where the marks of a chart go. Templates draw them as SVG; every chart has its table beside it. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.indicators import Board, Line, Point

WIDTH = 560.0


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    point: Point
    value: float
    below: bool


@dataclass(frozen=True, slots=True)
class TimeChart:
    """The share on time, month by month; months without a figure leave a gap."""

    ticks: tuple[Tick, ...]
    goal_at: float
    months: tuple[tuple[float, int], ...]  # x, month
    dots: tuple[Dot, ...]
    path: str


TOP, BOTTOM, LEFT, RIGHT = 20.0, 236.0, 44.0, 462.0


def time_chart(board: Board, few: int = 0) -> TimeChart | None:
    """None when no month has a figure. Months with fewer than ``few`` commitments have none."""
    shares = [(one, one.total.on_time if one.total.due >= few else None) for one in board.series]
    known = [value for _, value in shares if value is not None]
    if not known:
        return None
    lowest = math.floor((min(*known, board.goal) - 0.1) / 10) * 10 if min(known) < 90 else 85
    floor = max(0, lowest)
    step = 5 if floor >= 80 else 10 if floor >= 50 else 25 if floor < 25 else 20
    floor -= floor % step

    def y(value: float) -> float:
        return round(BOTTOM - (value - floor) * (BOTTOM - TOP) / (100 - floor), 1)

    gap = (RIGHT - LEFT) / max(1, len(shares) - 1)
    xs = [round(LEFT + gap * n, 1) if len(shares) > 1 else (LEFT + RIGHT) / 2 for n in range(len(shares))]
    dots, path, pen = [], [], "M"
    for x, (point, value) in zip(xs, shares, strict=True):
        if value is None:
            pen = "M"
            continue
        dots.append(Dot(x, y(value), point, value, value < board.goal))
        path.append(f"{pen}{x} {y(value)}")
        pen = "L"
    every = math.ceil(len(xs) / 12)
    months = tuple((x, one.month) for n, (x, (one, _)) in enumerate(zip(xs, shares, strict=True)) if n % every == 0)
    ticks = tuple(Tick(y(value), value) for value in range(floor, 101, step))
    return TimeChart(ticks, y(board.goal), months, tuple(dots), "".join(path))


@dataclass(frozen=True, slots=True)
class Bar:
    y: float
    line: Line
    width: float  # 9 of 10, within the commitment
    late: float  # what goes beyond it
    median: float
    goal: float | None


@dataclass(frozen=True, slots=True)
class DaysChart:
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    height: float


START, END, ROW = 176.0, 516.0, 60.0


def days_chart(lines: tuple[Line, ...]) -> DaysChart | None:
    """Median, ninth decile and commitment of each line that has a duration."""
    known = [one for one in lines if one.figures.median is not None]
    if not known:
        return None
    most = max([1, *(math.ceil(one.figures.p90 or 0) for one in known), *(one.days or 0 for one in known)])
    step = max(1, math.ceil(most / 6))
    top = math.ceil(most / step) * step

    def x(days: float) -> float:
        return round(START + (END - START) * days / top, 1)

    bars = []
    for n, one in enumerate(known):
        p90, days = one.figures.p90 or 0, one.days
        inside = p90 if days is None else min(p90, days)
        bars.append(
            Bar(
                y=ROW * n + 36,
                line=one,
                width=max(2.0, x(inside) - START),
                late=round(x(p90) - x(inside), 1),
                median=x(one.figures.median or 0),
                goal=None if days is None else x(days),
            )
        )
    ticks = tuple(Tick(x(value), value) for value in range(0, top + 1, step))
    return DaysChart(ticks, tuple(bars), ROW * len(known) + 56)


@dataclass(frozen=True, slots=True)
class Part:
    y: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    point: Point
    total: int
    top: float
    parts: tuple[Part, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class CountChart:
    """What was delivered each month, a colour and a pattern for each count."""

    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    wide: float


SERIES = ("B1", "B2", "B3", "actas")
_BASE, _HEIGHT, _LEFT = 216.0, 190.0, 40.0


def count_chart(board: Board) -> CountChart | None:
    rows = [[one.delivered.get(code, 0) for code in SERIES[:3]] + [one.actas] for one in board.series]
    most = max((sum(row) for row in rows), default=0)
    if not most:
        return None
    step = _round_step(most)
    top = math.ceil(most / step) * step
    scale = _HEIGHT / top
    gap = (WIDTH - _LEFT) / len(rows)
    wide = round(min(34.0, gap * 0.66), 1)
    every = math.ceil(len(rows) / 12)
    columns = []
    for n, (point, row) in enumerate(zip(board.series, rows, strict=True)):
        at, parts = _BASE, []
        for series, count in enumerate(row):
            if count:
                at = round(at - count * scale, 1)
                parts.append(Part(at, round(count * scale, 1), series))
        x = round(_LEFT + gap * n + (gap - wide) / 2, 1)
        columns.append(Column(x, point, sum(row), at, tuple(parts), n % every == 0))
    ticks = tuple(Tick(round(_BASE - value * scale, 1), value) for value in range(0, top + 1, step))
    return CountChart(ticks, tuple(columns), wide)


def _round_step(most: int) -> int:
    """1, 2, 5, 10, 20, 50 …: four or five lines in all."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= 5 * step:
                return step
        power *= 10
