"""Ranges of pages as people write them, «2-4, 7», and as the register keeps them, [[2, 4], [7, 7]]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_RANGE = re.compile(r"(\d{1,5})(?:\s*(?:-|–|a)\s*(\d{1,5}))?\Z")


def parse_ranges(text: str, pages: int) -> list[list[int]]:
    """In order, joined where they touch. Raises ValueError with a sentence for the person who wrote them."""
    ranges: list[list[int]] = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]| y ", text))):
        found = _RANGE.match(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= pages:
            raise ValueError(f"«{part[:20]}» no son páginas de esta acta, que tiene {pages}: por ejemplo, 2-4, 7.")
        ranges.append([first, last])
    if not ranges:
        raise ValueError("Diga qué páginas se reservan: por ejemplo, 2-4, 7.")
    joined: list[list[int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    if joined == [[1, pages]]:
        raise ValueError("Son todas las páginas: reserve el acta entera.")
    return joined


def written_ranges(ranges: Sequence[Sequence[int]]) -> str:
    """«2 a 4 y 7»"""
    parts = [str(first) if first == last else f"{first} a {last}" for first, last in ranges]
    return " y ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def ranges_of(pages: Iterable[int]) -> list[list[int]]:
    """[1, 2, 4] → [[1, 2], [4, 4]]"""
    ranges: list[list[int]] = []
    for page in sorted(pages):
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ranges


def page_numbers(ranges: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(page for first, last in ranges for page in range(first, last + 1))
