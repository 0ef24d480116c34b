"""A form-js schema read into components, once, when a definition is loaded.

Called by ``Form``. Reads only what ``check`` admits and ignores the rest, so that a form published by an older release
still opens. Keys are flat: a group only gathers, a dynamic list holds rows of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms.feel import Feel, compile_feel

__all__ = ["INPUTS", "SHOWN", "Component", "Option", "inputs", "read_components", "walk", "walk_path"]

INPUTS = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "select",
        "radio",
        "checklist",
        "taglist",
        "datetime",
        "filepicker",
        "dynamiclist",
    }
)
SHOWN = frozenset({"group", "table", "text", "heading", "separator", "spacer", "button"})
SEVERAL = frozenset({"checklist", "taglist", "filepicker", "dynamiclist"})


@dataclass(frozen=True, slots=True)
class Option:
    value: str | int | float | bool
    label: str
    description: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """``key`` is the name of the answer (of the list, for a dynamic list); empty for what asks nothing."""

    kind: str
    key: str
    label: str
    hint: str
    required: bool
    fixed: bool  # read-only or disabled: its value is the case's
    hide: Feel | None
    rules: Mapping[str, Any]
    options: tuple[Option, ...]
    options_path: str
    children: tuple[Component, ...]
    settings: Mapping[str, str]  # the "custom properties" of the form-js editor
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def asks(self) -> bool:
        """A person answers it here."""
        return self.kind in INPUTS and not self.fixed

    @property
    def several(self) -> bool:
        return self.kind in SEVERAL

    @property
    def subtype(self) -> str:
        return str(self.raw.get("subtype") or "date") if self.kind == "datetime" else ""

    @property
    def digits(self) -> int | None:
        digits = self.raw.get("decimalDigits")
        return digits if isinstance(digits, int) else None

    @property
    def grows(self) -> bool:
        """Rows of a dynamic list may be added and removed; otherwise they are the case's."""
        return self.raw.get("allowAddRemove") is not False

    @property
    def empty(self) -> Any:
        if self.kind == "checkbox":
            return False
        return [] if self.several else None

    def choices(self, data: Mapping[str, Any]) -> tuple[Option, ...]:
        """Its options: those written, or those of the case's data (texts, or objects with value and label)."""
        if not self.options_path:
            return self.options
        found = walk_path(data, self.options_path)
        return tuple(_option(item) for item in found if _is_option(item)) if isinstance(found, list) else ()

    def setting(self, name: str, default: int) -> int:
        text = str(self.settings.get(name, ""))
        return int(text) if text.isdecimal() else default


def read_components(raw: Any) -> tuple[Component, ...]:
    """Raises FeelError when a condition is malformed."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return ()
    return tuple(_component(c) for c in raw if isinstance(c, Mapping) and c.get("type") in INPUTS | SHOWN)


def walk(components: Sequence[Component]) -> Iterator[Component]:
    """Every component but those inside rows, groups opened."""
    for component in components:
        yield component
        if component.kind == "group":
            yield from walk(component.children)


def inputs(components: Sequence[Component]) -> Iterator[Component]:
    return (c for c in walk(components) if c.kind in INPUTS)


def walk_path(data: Any, path: str) -> Any:
    for step in path.strip().removeprefix("=").strip().split("."):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _component(raw: Mapping[str, Any]) -> Component:
    kind = str(raw["type"])
    hide = (raw.get("conditional") or {}).get("hide")
    key = raw.get("path") if kind == "dynamiclist" else raw.get("key")
    rules = raw.get("validate") or {}
    label = raw.get("label") or raw.get("dateLabel") or raw.get("timeLabel") or raw.get("text")
    return Component(
        kind=kind,
        key=str(key or "") if kind in INPUTS else "",
        label=str(label or key or ""),
        hint=str(raw.get("description") or ""),
        required=rules.get("required") is True,
        fixed=raw.get("readonly") is True or raw.get("disabled") is True,
        hide=compile_feel(hide) if isinstance(hide, str) and hide.strip() else None,
        rules=rules,
        options=tuple(_option(o) for o in raw.get("values") or () if _is_option(o)),
        options_path=str(raw.get("valuesKey") or raw.get("valuesExpression") or ""),
        children=read_components(raw.get("components") or ()),
        settings={str(k): str(v) for k, v in (raw.get("properties") or {}).items()},
        raw=raw,
    )


def _is_option(item: Any) -> bool:
    value = item.get("value") if isinstance(item, Mapping) else item
    return isinstance(value, str | int | float | bool)


def _option(item: Any) -> Option:
    if not isinstance(item, Mapping):
        return Option(item, str(item))
    label = str(item.get("label") or item["value"])
    return Option(item["value"], label, str(item.get("description") or ""), str(item.get("note") or ""))
