"""When a field is seen, told as answers to other fields, where a condition is as simple as that.

Used by the renderer: such a condition is shown and hidden by CSS alone. Everything else the server decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.forms.feel_nodes import Node

__all__ = ["Term", "seen_when"]


@dataclass(frozen=True, slots=True)
class Term:
    """The answer to ``name`` is one of ``values``, or contains one of them."""

    name: str
    values: frozenset[Any]


def seen_when(hide: Node) -> tuple[Term, ...] | None:
    """All must hold for the field to be seen; None when the condition is of another kind."""
    return _when(hide, False)


def _when(node: Node, holds: bool) -> tuple[Term, ...] | None:
    """The terms under which the node is true (``holds``), or is not."""
    match node.kind:
        case "not":
            return _when(node.parts[0], not holds)
        case "and" | "or":
            parts = [_when(part, holds) for part in node.parts]
            return _all(parts) if (node.kind == "and") is holds else _any(parts)
        case "=" | "!=":
            return _equality(node, holds is (node.kind == "="))
        case "path":
            return _term(node, frozenset({holds}))
        case "contains" if holds and node.parts[1].kind == "literal":
            return _term(node.parts[0], frozenset({node.parts[1].value}))
        case "in" if holds:
            items = [x for item in node.parts[1:] for x in (item.parts if item.kind == "list" else (item,))]
            return _term(node.parts[0], frozenset(x.value for x in items)) if _literals(items) else None
    return None


def _literals(nodes: list[Node]) -> bool:
    return all(node.kind == "literal" for node in nodes)


def _equality(node: Node, same: bool) -> tuple[Term, ...] | None:
    left, right = node.parts
    if right.kind != "literal" or right.value is None:
        return None
    if isinstance(right.value, bool):
        return _term(left, frozenset({right.value is same}))
    return _term(left, frozenset({right.value})) if same else None


def _term(node: Node, values: frozenset[Any]) -> tuple[Term, ...] | None:
    name = str(node.value).removeprefix("this.")
    return (Term(name, values),) if node.kind == "path" and "." not in name else None


def _all(parts: list[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    found: dict[Term, None] = {}
    for part in parts:
        if part is None:
            return None
        found |= dict.fromkeys(part)
    return tuple(found)


def _any(parts: list[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    single = [part[0] for part in parts if part is not None and len(part) == 1]
    if len(single) != len(parts) or len({term.name for term in single}) != 1:
        return None
    return (Term(single[0].name, frozenset().union(*(term.values for term in single))),)
