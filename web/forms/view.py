"""What a page shows of a form, before any tag: the pieces that ``templates/forms`` writes.

Used by ``build`` and ``grid``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms.clean import case_data
from engine.forms.components import Component, inputs
from engine.forms.form import Form
from engine.forms.numbers import show_number
from engine.forms.visibility import scope_of, settle
from web.forms.controls import attributes
from web.forms.markdown import Block

__all__ = ["Choice", "File", "Page", "View", "control", "html_id"]

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    value: str
    label: str
    description: str
    note: str
    chosen: bool
    reveals: tuple[View, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class View:
    kind: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    value: Any = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    children: tuple[View, ...] = ()
    blocks: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Any, ...] = ()  # of a table, its cells; of a grid, Row; of depends, (class, views)
    outlined: bool = False
    grows: bool = False
    noun: str = ""


@dataclass
class Page:
    """What the building of one page knows: the case's data, the values and errors to show, the files."""

    form: Form
    values: Data
    errors: Mapping[str, str]
    context: Data
    refused: Mapping[str, Sequence[tuple[str, str]]]
    scope: dict[str, Any] = field(init=False)
    asked: frozenset[str] = field(init=False)
    waits: bool = False  # some field may appear after another answer, and CSS alone cannot show it

    def __post_init__(self) -> None:
        case = case_data(self.form.components, self.context)
        kept, _ = settle(self.form.components, case, self.values)
        self.scope = scope_of({**case, **kept})
        self.asked = frozenset(c.key for c in inputs(self.form.components) if c.asks)


def html_id(name: str) -> str:
    return "f-" + name.replace(".", "-")


def control(component: Component, name: str, value: Any, page: Page, label: str = "") -> View:
    id_ = html_id(name)
    chosen = {str(item) for item in value} if isinstance(value, list) else {str(value)}
    choices = tuple(
        Choice(id_ if n == 0 else f"{id_}-{n}", str(o.value), o.label, o.description, o.note, str(o.value) in chosen)
        for n, o in enumerate(component.choices(page.scope))
    )
    return View(
        kind=component.kind,
        id=id_,
        name=name,
        label=label or component.label,
        hint=component.hint,
        error=page.errors.get(name, ""),
        required=component.required or _always_answered(component),
        value=value is True or value in ("1", "on", "true")
        if component.kind == "checkbox"
        else _typed(component, value),
        attributes=attributes(component, page.context),
        choices=choices,
        files=_files(component, value, page),
        refused=tuple(page.refused.get(name, ())),
    )


def _always_answered(component: Component) -> bool:
    """One of several that begins chosen can be changed, not left out."""
    return component.kind == "radio" and bool(component.raw.get("defaultValue"))


def _typed(component: Component, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return show_number(value)
    return value if isinstance(value, str) else ""


def _files(component: Component, value: Any, page: Page) -> tuple[File, ...]:
    if component.kind != "filepicker" or not isinstance(value, list):
        return ()
    uploads = page.context.get("uploads") or {}
    known = [(str(i), uploads[str(i)]) for i in value if str(i) in uploads]
    return tuple(File(i, str(u.get("name") or ""), int(u.get("size") or 0)) for i, u in known)
