"""How expensive a pattern can become, so that a form cannot stop the server.

Called by ``check`` when a process is published. A pattern's cost is an upper bound of the ways in which Python's
backtracking matcher can try it on the longest text that the field admits. Guarantee: an accepted pattern is
tried on at most ``MAX_TEXT`` characters and ends within a fraction of a second, whatever the text.
"""

from __future__ import annotations

import re

# The standard library's own parser of patterns, without a public name: what Python would try, and not a guess at it.
from re import _constants as c  # type: ignore[attr-defined]  # typeshed leaves private modules out
from re import _parser  # type: ignore[attr-defined]  # the same
from typing import Any

__all__ = ["MAX_TEXT", "pattern_problem"]

MAX_TEXT = 200
MAX_PATTERN = 300
MAX_COST = 10_000_000
_PLAIN = {c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN, c.CATEGORY, c.AT, c.RANGE}


class _Refused(ValueError):
    pass


def pattern_problem(pattern: Any, max_length: int | None = None) -> str | None:
    """What is wrong with a pattern, as the end of a sentence with its mend; None when it is safe."""
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        return f"debe ser un texto de hasta {MAX_PATTERN} caracteres"
    try:
        tree = _parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "no es una expresión regular válida; corríjala"
    limit = min(max_length or MAX_TEXT, MAX_TEXT)
    try:
        anchored = bool(len(tree)) and tree[0] == (c.AT, c.AT_BEGINNING)
        cost = _sequence(tree, limit) * (1 if anchored else limit)
    except _Refused as refused:
        return str(refused)
    if cost > MAX_COST:
        return (
            "puede tardar demasiado con un texto preparado: no anide repeticiones, como en (a+)+, "
            "limítelas con {1,20} y empiece por ^"
        )
    return None


def _sequence(nodes: Any, limit: int) -> int:
    cost = 1
    for op, argument in nodes:
        cost = min(cost * _node(op, argument, limit), MAX_COST + 1)
    return cost


def _node(op: Any, argument: Any, limit: int) -> int:
    if op in _PLAIN:
        return 1
    if op is c.SUBPATTERN:
        return _sequence(argument[3], limit)
    if op is c.BRANCH:
        return sum(_sequence(branch, limit) for branch in argument[1])
    if op in (c.MAX_REPEAT, c.MIN_REPEAT):
        low, high, body = argument
        high = min(int(high), limit)
        inner = _sequence(body, limit)
        ways = max(high - min(int(low), high) + 1, 1)
        return ways if inner == 1 else min(ways * inner ** min(high, 30), MAX_COST + 1)
    raise _Refused("usa referencias o miradas hacia atrás o adelante, que no se admiten; escríbala sin ellas")
