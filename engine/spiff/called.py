"""The diagrams of a bundle in the order in which they are called: the process itself, then each that it calls, where it
first does. Called by the parser, so that steps are told in that order, and by the drawing, which shows them one below
the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_NS = {"b": BPMN}


def in_order_of_call(roots: Mapping[str, Any], process_id: str) -> dict[str, Any]:
    """File → root, as given, in that order; what nothing calls comes last."""
    holder = {one.get("id"): name for name, root in roots.items() for one in root.iterfind("b:process", _NS)}
    found: dict[str, Any] = {}

    def visit(name: str | None) -> None:
        if name is None or name in found:
            return
        found[name] = roots[name]
        for called in _calls(roots[name]):
            visit(holder.get(called))

    visit(holder.get(process_id))
    return {**found, **roots}


def _calls(root: Any) -> Iterable[str]:
    return (node.get("calledElement") for node in root.iterfind(".//b:callActivity", _NS))
