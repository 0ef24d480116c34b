"""Filters that templates may use: balanced lines, dates and numbers as Castilian writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from engine.words import long_day


def balanced(text: str, widest: int) -> Markup:
    """Lines of like length, at most ``widest`` letters: none ends in an article or inside brackets, rather at a comma.

    The renderer has no ``text-wrap: balance``.
    """
    words = str(text).split()
    target = len(text) / max(1, -(-len(text) // widest))
    best: list[tuple[float, list[str]]] = [(0.0, []), *((float("inf"), []) for _ in words)]
    for end in range(1, len(words) + 1):
        for start in range(end):
            line = " ".join(words[start:end])
            cost = best[start][0] + _cost(line, words[end - 1], end == len(words), target, widest)
            if cost < best[end][0]:
                best[end] = (cost, [*best[start][1], line])
    return Markup("<br>").join(escape(line) for line in best[-1][1])


def _cost(line: str, last: str, at_end: bool, target: float, widest: int) -> float:
    cost = (len(line) - target) ** 2 + 9999 * (len(line) > widest) + 400 * (line.count("(") != line.count(")"))
    if not at_end:
        cost += 120 * (len(last) < 4) - 400 * line.endswith((",", ";", ":"))
    return cost


def zone_label(at: datetime, zone: ZoneInfo) -> str:
    """GMT−5"""
    offset = at.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{sign}{hours}{f':{rest:02}' if rest else ''}"


@pass_context
def fecha(context: Context, value: Any) -> str:
    """An ISO date or instant → 15 de abril de 2021, in the institution's timezone."""
    return long_day(_local(context, value))


@pass_context
def fecha_hora(context: Context, value: Any) -> str:
    """An ISO instant → 15 de abril de 2021, 10:32"""
    local = _local(context, value)
    return f"{long_day(local)}, {local:%H:%M}"


def decimal(value: Any, places: int = 2) -> str:
    """91.5 → 91,50"""
    return f"{float(value):.{places}f}".replace(".", ",")


def _local(context: Context, value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo is None else at.astimezone(ZoneInfo(context["casa"]["zona"]))
