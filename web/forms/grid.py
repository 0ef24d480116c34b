"""A dynamic list as a grid: a table on a wide screen, a card for each row on a phone.

Called by ``build``. Rows that are the case's have no buttons; rows that a person adds come with their own, which work
without script. A number may be followed by its letters (custom property ``letras``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.forms.components import Component
from engine.forms.describe import show
from engine.forms.feel_terms import Term
from engine.forms.numbers import read_number
from engine.forms.visibility import is_hidden, scope_of
from engine.forms.words import in_words
from web.forms.view import Page, View, control, html_id

__all__ = ["Cell", "Row", "grid"]


@dataclass(frozen=True, slots=True)
class Cell:
    """``kind``: "head" and "shown" are text; "input" holds a control; "words" the letters of the number before it."""

    kind: str
    column: str
    text: str = ""
    view: View | None = None
    classes: str = ""
    for_id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    name: str
    cells: tuple[Cell, ...]
    errors: tuple[tuple[str, str], ...]


def grid(component: Component, page: Page) -> View:
    values = page.values.get(component.key)
    held = page.context.get(component.key)
    fixed = held if not component.grows and isinstance(held, list) else []
    rows = values if isinstance(values, list) else fixed
    merged = [_merged(component, fixed, n, row) for n, row in enumerate(rows)]
    return View(
        "grid",
        id=html_id(component.key),
        name=component.key,
        label=component.label,
        hint=component.hint,
        error=page.errors.get(component.key, ""),
        columns=_columns(component),
        rows=tuple(_row(component, n, row, page) for n, row in enumerate(merged)),
        grows=component.grows,
        noun=component.settings.get("fila", ""),
    )


def _merged(component: Component, fixed: list[Any], n: int, row: Any) -> Mapping[str, Any]:
    base = fixed[n] if n < len(fixed) and isinstance(fixed[n], dict) else {}
    return {
        **base,
        **(row if isinstance(row, dict) else {}),
        **{c.key: base.get(c.key) for c in component.children if c.fixed},
    }


def _columns(component: Component) -> tuple[str, ...]:
    found: list[str] = []
    for child in component.children:
        found.append(child.label)
        if letters := child.settings.get("letras"):
            found.append(letters)
    return tuple(found)


def _row(component: Component, n: int, row: Mapping[str, Any], page: Page) -> Row:
    first = next((c for c in component.children if c.fixed and row.get(c.key)), None)
    name = show(first, row.get(first.key), page.scope) if first else ""
    cells: list[Cell] = []
    errors: list[tuple[str, str]] = []
    for child in component.children:
        cells += _cells(component, child, n, row, name, page, head=child is _head(component))
        if error := page.errors.get(f"{component.key}.{n}.{child.key}"):
            errors.append((f"{html_id(component.key)}-{n}-{child.key}-e", error))
    return Row(n, name, tuple(cells), tuple(errors))


def _head(component: Component) -> Component | None:
    fixed = [c for c in component.children if c.fixed]
    return next((c for c in fixed if c.settings.get("encabezado")), fixed[0] if fixed else None)


def _cells(
    component: Component, child: Component, n: int, row: Mapping[str, Any], name: str, page: Page, head: bool
) -> list[Cell]:
    value = row.get(child.key)
    if child.fixed:
        text = "" if value is None else show(child, value, page.scope)
        return [Cell("head" if head else "shown", child.label, text)]
    dropped = _dropped_by(component, child)
    if not dropped and is_hidden(child, scope_of(page.scope, row)):
        return [Cell("shown", child.label)] * (2 if "letras" in child.settings else 1)
    who = name or f"fila {n + 1}"
    view = control(child, f"{component.key}.{n}.{child.key}", value, page, label=f"{child.label}, {who}")
    view = replace(view, error=view.error.removeprefix(f"Fila {n + 1}. "))  # the row is in sight
    classes = " ".join(filter(None, ("dropped" if dropped else "", "drops" if _drops(component, child) else "")))
    cells = [Cell("input", child.label, view=view, classes=classes)]
    if letters := child.settings.get("letras"):
        gone = bool(dropped) and row.get(dropped) is True
        text = "" if view.error else _letters(value, gone, component, dropped)
        cells.append(Cell("words", letters, text, for_id=view.id))
    return cells


def _dropped_by(component: Component, child: Component) -> str:
    """The checkbox of the same row that makes this field not apply («ausente»); CSS dims it, the server drops it."""
    boxes = (Term(c.key, frozenset({False})) for c in component.children if c.kind == "checkbox" and c.asks)
    return next((box.name for box in boxes if child.hide and child.hide.seen == (box,)), "")


def _drops(component: Component, child: Component) -> bool:
    return any(_dropped_by(component, other) == child.key for other in component.children)


def _letters(value: Any, gone: bool, component: Component, dropped: str) -> str:
    if gone:
        return next((c.label.lower() for c in component.children if c.key == dropped), "")
    number = read_number(value) if isinstance(value, str) else value
    return in_words(number) if isinstance(number, int | float) and not isinstance(number, bool) else ""
