"""What each construct of the FEEL subset means: a node evaluates itself over data and never raises.

Built by ``feel``; read by ``feel_terms``. Null is what cannot be told; comparing different types gives null; and, or
and not are three-valued (DMN 1.3, 10.3.2.2).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Node", "both", "calculated", "compared", "contained", "counted", "either", "equal", "listed", "literal",
           "negated", "one_of", "path", "within"]  # fmt: skip

Scope = Mapping[str, Any]
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SUMS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` names the construct; ``value`` is a literal's value or a path's text."""

    kind: str
    evaluate: Callable[[Scope], Any]
    parts: tuple[Node, ...] = ()
    value: Any = None

    def __call__(self, scope: Scope) -> Any:
        return self.evaluate(scope)


def literal(value: Any) -> Node:
    return Node("literal", lambda scope: value, value=value)


def path(text: str) -> Node:
    steps = text.split(".")

    def walked(scope: Any) -> Any:
        for step in steps:
            scope = scope.get(step) if isinstance(scope, Mapping) else None
        return scope

    return Node("path", walked, value=text)


def listed(items: Sequence[Node]) -> Node:
    return Node("list", lambda scope: [item(scope) for item in items], tuple(items))


def equal(left: Node, right: Node, same: bool) -> Node:
    return Node("=" if same else "!=", lambda scope: _is(left(scope), right(scope)) is same, (left, right))


def compared(sign: str, left: Node, right: Node) -> Node:
    def ordered(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        return _ORDER[sign](a, b) if _comparable(a, b) else None

    return Node(sign, ordered, (left, right))


def within(value: Node, low: Node, high: Node, open_low: bool = False, open_high: bool = False) -> Node:
    above = compared("<" if open_low else "<=", low, value)
    below = compared("<" if open_high else "<=", value, high)
    return both([above, below])


def one_of(value: Node, items: Sequence[Node]) -> Node:
    """An item that is a list stands for its members."""

    def found(scope: Scope) -> Any:
        sought = value(scope)
        members = (item(scope) for item in items)
        return any(any(_is(sought, x) for x in m) if isinstance(m, list) else _is(sought, m) for m in members)

    return Node("in", found, (value, *items))


def contained(items: Node, value: Node) -> Node:
    def found(scope: Scope) -> Any:
        members = items(scope)
        return any(_is(x, value(scope)) for x in members) if isinstance(members, list) else None

    return Node("contains", found, (items, value))


def counted(items: Node) -> Node:
    return Node("count", lambda scope: len(x) if isinstance(x := items(scope), list) else None, (items,))


def negated(part: Node) -> Node:
    def contrary(scope: Scope) -> Any:
        value = part(scope)
        return not value if isinstance(value, bool) else None

    return Node("not", contrary, (part,))


def both(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Node("and", lambda scope: _decide(parts, scope, False), tuple(parts))


def either(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Node("or", lambda scope: _decide(parts, scope, True), tuple(parts))


def calculated(sign: str, left: Node, right: Node) -> Node:
    def result(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        if sign == "+" and isinstance(a, str) and isinstance(b, str):
            return a + b
        if not (_is_number(a) and _is_number(b)):
            return None
        try:
            return _SUMS[sign](a, b)
        except ArithmeticError:
            return None

    return Node(sign, result, (left, right))


def _decide(parts: Sequence[Node], scope: Scope, decisive: bool) -> Any:
    """``or`` is decided by true, ``and`` by false; anything that is not a boolean is null."""
    values = [part(scope) for part in parts]
    if any(value is decisive for value in values):
        return decisive
    return (not decisive) if all(value is (not decisive) for value in values) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is(a: Any, b: Any) -> bool:
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


def _comparable(a: Any, b: Any) -> bool:
    return (_is_number(a) and _is_number(b)) or (isinstance(a, str) and isinstance(b, str))
