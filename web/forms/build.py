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
from engine.forms.feel_terms import Term
from engine.forms.visibility import is_hidden
from web.forms.grid import grid
from web.forms.markdown import fill, read_blocks
from web.forms.view import Page, View, control

__all__ = ["build_views"]

Reveals = Mapping[frozenset[Any], tuple[View, ...]]
Terms = frozenset[Term]
OWNERS = ("radio", "select", "checklist", "taglist", "checkbox")


def build_views(page: Page) -> tuple[View, ...]:
    return _sequence(page.form.components, page, frozenset())


def _sequence(components: Sequence[Component], page: Page, given: Terms) -> tuple[View, ...]:
    """``given``: what holds wherever these are seen, because of the answers under which they lie."""
    views: list[View] = []
    at = 0
    while at < len(components):
        owner = components[at]
        at += 1
        if not _follows(owner, given, page) and is_hidden(owner, page.scope):
            page.waits |= _may_appear(owner, page)
            continue
        within = given | _terms(owner, page)
        revealed: dict[Term, list[Component]] = {}
        while at < len(components) and (term := _place(owner, components[at], revealed, within, page)) is not None:
            revealed.setdefault(term, []).append(components[at])
            at += 1
        drawn = {term.values: _sequence(under, page, within | {term}) for term, under in revealed.items()}
        views += _views(owner, page, given, drawn)
    return tuple(views)


def _seen(component: Component, page: Page) -> Terms | None:
    """The answers under which it is seen, less those that the case has already. None: only the server can tell."""
    if component.hide is None or component.hide.seen is None:
        return None
    return frozenset(t for t in component.hide.seen if t.name in page.asked or not _holds(t, page.scope.get(t.name)))


def _holds(term: Term, value: Any) -> bool:
    found = value if isinstance(value, list) else [value]
    return any(one in term.values for one in found if isinstance(one, (str, int, float, bool)))


def _may_appear(component: Component, page: Page) -> bool:
    """Another answer of this form may show it."""
    settled = all(term.name in page.asked for term in _terms(component, page))
    return settled and bool(component.hide and component.hide.names & page.asked)


def _terms(component: Component, page: Page) -> Terms:
    return _seen(component, page) or frozenset()


def _follows(component: Component, given: Terms, page: Page) -> bool:
    """Its condition is told by terms, and all of them hold here."""
    seen = _seen(component, page)
    return seen is not None and seen <= given


def _place(
    owner: Component, component: Component, revealed: Mapping[Term, list[Component]], given: Terms, page: Page
) -> Term | None:
    """The answer of ``owner`` under which this component goes: its own, or that of one which is already there."""
    term = _revealed_by(owner, component, given, page)
    if term is not None:
        return term
    for there, under in revealed.items():
        for parent in under:
            if _revealed_by(parent, component, given | {there} | _terms(parent, page), page) is not None:
                return there
    return None


def _revealed_by(owner: Component, component: Component, given: Terms, page: Page) -> Term | None:
    """What of ``owner`` shows this component, when CSS alone can tell."""
    seen = _seen(component, page) if owner.asks and owner.kind in OWNERS else None
    if seen is None:
        return None
    left = seen - given
    term = next(iter(left), None)
    if len(left) != 1 or term is None or term.name != owner.key:
        return None
    known = {True, False} if owner.kind == "checkbox" else {option.value for option in owner.choices(page.scope)}
    return term if term.values <= known else None


def _views(component: Component, page: Page, given: Terms, reveals: Reveals) -> list[View]:
    match component.kind:
        case "group":
            outlined = component.raw.get("showOutline") is True
            children = _sequence(component.children, page, given | _terms(component, page))
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
    """Under one option, right after its card; under several, a box or a select, after the whole control."""
    view = control(component, component.key, page.values.get(component.key, component.empty), page)
    if component.kind in ("radio", "checklist", "taglist"):
        single = {str(next(iter(values))): views for values, views in reveals.items() if len(values) == 1}
        view = replace(view, choices=tuple(replace(c, reveals=single.get(c.value, ())) for c in view.choices))
        reveals = {values: views for values, views in reveals.items() if len(values) > 1}
    if not reveals:
        return view
    return View("depends", children=(view,), rows=tuple((_classes(component, view, v), r) for v, r in reveals.items()))


def _classes(component: Component, view: View, values: frozenset[Any]) -> str:
    if component.kind == "checkbox":
        return "when-on" if values == {True} else "when-off"
    first = 2 if component.kind == "select" else 1  # the first of a select is «Elija…»
    texts = {str(value) for value in values}
    return " ".join(f"when-{n}" for n, choice in enumerate(view.choices, first) if choice.value in texts)


def _table(component: Component, page: Page) -> View:
    columns = [c for c in component.raw.get("columns") or () if isinstance(c, Mapping)]
    source = walk_path(page.context, str(component.raw.get("dataSource") or ""))
    rows = [row for row in source if isinstance(row, Mapping)] if isinstance(source, list) else []
    cells = tuple(tuple(fill("{{ v }}", {"v": row.get(c.get("key"))}) for c in columns) for row in rows)
    return View("table", label=component.label, columns=tuple(str(c.get("label") or "") for c in columns), rows=cells)
