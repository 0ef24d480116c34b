"""The tree of what a form shows with these values.

Called by ``render``. Decides where a conditional field appears: under the answer that reveals it (by CSS alone, when
its condition is one equality with a radio, select or checkbox just above it), or drawn by the server when it applies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.forms.components import INPUTS, Component, walk_path
from engine.forms.describe import show
from engine.forms.visibility import is_hidden
from web.forms.grid import grid
from web.forms.markdown import fill, read_blocks
from web.forms.view import Page, View, control

__all__ = ["build_views"]

Reveals = Mapping[str, tuple[View, ...]]


def build_views(page: Page) -> tuple[View, ...]:
    return _sequence(page.form.components, page)


def _sequence(components: Sequence[Component], page: Page, forced: bool = False) -> tuple[View, ...]:
    """``forced``: they lie under an answer that reveals them, so they are drawn whatever it is now."""
    views: list[View] = []
    at = 0
    while at < len(components):
        component = components[at]
        at += 1
        if not forced and is_hidden(component, page.scope):
            page.waits |= bool(component.hide and component.hide.names & page.asked)
            continue
        revealed: dict[str, list[Component]] = {}
        while at < len(components) and (place := _place(component, components[at], revealed, page)) is not None:
            revealed.setdefault(place, []).append(components[at])
            at += 1
        views += _views(component, page, {place: _sequence(c, page, forced=True) for place, c in revealed.items()})
    return tuple(views)


def _place(owner: Component, component: Component, revealed: Mapping[str, list[Component]], page: Page) -> str | None:
    """The answer of ``owner`` under which this component goes: its own condition, or that of one already there."""
    value = _revealed_by(owner, component, page)
    if value is not None:
        return str(value)
    within = (place for place, there in revealed.items() for c in there if _revealed_by(c, component, page) is not None)
    return next(within, None)


def _revealed_by(owner: Component, component: Component, page: Page) -> Any:
    """The value of ``owner`` that shows this component; None when CSS alone cannot."""
    simple = component.hide.simple if component.hide else None
    if simple is None or simple.name != owner.key or not owner.asks:
        return None
    if owner.kind == "checkbox":
        return True if simple.value is (not simple.equal) else None
    if owner.kind not in ("radio", "select") or simple.equal:
        return None
    known = [option.value for option in owner.choices(page.scope)]
    return simple.value if simple.value in known else None


def _views(component: Component, page: Page, reveals: Reveals) -> list[View]:
    match component.kind:
        case "group":
            outlined = component.raw.get("showOutline") is True
            children = _sequence(component.children, page)
            return [View("group", label=component.label, hint=component.hint, children=children, outlined=outlined)]
        case "text":
            return [View("text", blocks=tuple(read_blocks(str(component.raw.get("text") or ""), page.scope)))]
        case "heading":
            return [View("heading", label=fill(component.label, page.scope))]
        case "separator" | "spacer":
            return [View("separator")]
        case "table":
            return [_table(component, page)]
        case "dynamiclist":
            return [grid(component, page)]
    if component.kind not in INPUTS:
        return []
    if component.fixed:
        shown = show(component, page.context.get(component.key), page.context)
        return [View("fixed", label=component.label, value=shown, hint=component.hint)]
    return [_input(component, page, reveals)]


def _input(component: Component, page: Page, reveals: Reveals) -> View:
    view = control(component, component.key, page.values.get(component.key, component.empty), page)
    if component.kind == "radio":
        choices = tuple(replace(choice, reveals=reveals.get(choice.value, ())) for choice in view.choices)
        return replace(view, choices=choices)
    if not reveals:
        return view
    if component.kind == "checkbox":
        return View("depends", children=(view,), rows=(("when-on", reveals["True"]),))
    places = {choice.value: f"when-{n}" for n, choice in enumerate(view.choices, 2)}  # the first is «Elija…»
    return View("depends", children=(view,), rows=tuple((places[value], views) for value, views in reveals.items()))


def _table(component: Component, page: Page) -> View:
    columns = [c for c in component.raw.get("columns") or () if isinstance(c, Mapping)]
    source = walk_path(page.context, str(component.raw.get("dataSource") or ""))
    rows = [row for row in source if isinstance(row, Mapping)] if isinstance(source, list) else []
    cells = tuple(tuple(fill("{{ v }}", {"v": row.get(c.get("key"))}) for c in columns) for row in rows)
    return View("table", label=component.label, columns=tuple(str(c.get("label") or "") for c in columns), rows=cells)
