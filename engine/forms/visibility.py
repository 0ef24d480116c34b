"""Which fields a person sees, given the case's data and what has been answered so far.

Called by ``clean``, ``rules``, ``describe`` and the renderer. A hidden field counts as unanswered for the conditions of
the others, and so on until nothing changes; ``check`` refuses conditions that go round in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms.components import INPUTS, Component, walk

__all__ = ["is_hidden", "scope_of", "settle"]

Data = Mapping[str, Any]


def scope_of(data: Data, row: Data | None = None) -> dict[str, Any]:
    """What a condition can name: the data, over it the row's own fields, ``this`` and ``parent``."""
    return {**data, **(row or {}), "this": data if row is None else row, "parent": data}


def is_hidden(component: Component, scope: Data) -> bool:
    return component.hide is not None and component.hide(scope) is True


def settle(components: Sequence[Component], case: Data, answers: Data) -> tuple[dict[str, Any], frozenset[str]]:
    """The answers without those of hidden fields, and the keys of the hidden fields."""
    kept = dict(answers)
    for _ in range(len(list(walk(components))) + 1):
        hidden = frozenset(_hidden_keys(components, scope_of({**case, **kept}), False))
        if not hidden & kept.keys():
            break
        kept = {key: value for key, value in kept.items() if key not in hidden}
    data = {**case, **kept}
    for component in walk(components):
        rows = kept.get(component.key)
        if component.kind == "dynamiclist" and isinstance(rows, list):
            kept[component.key] = [settle_row(component, data, row) if isinstance(row, dict) else row for row in rows]
    return kept, hidden


def settle_row(component: Component, data: Data, row: Data) -> dict[str, Any]:
    kept = dict(row)
    for _ in component.children:
        scope = scope_of(data, kept)
        hidden = {c.key for c in component.children if is_hidden(c, scope)}
        if not hidden & kept.keys():
            break
        kept = {key: value for key, value in kept.items() if key not in hidden}
    return kept


def _hidden_keys(components: Sequence[Component], scope: Data, above: bool) -> list[str]:
    keys: list[str] = []
    for component in components:
        hidden = above or is_hidden(component, scope)
        if component.kind == "group":
            keys += _hidden_keys(component.children, scope, hidden)
        elif hidden and component.kind in INPUTS:
            keys.append(component.key)
    return keys
