"""Answers in the words of the person who gave them: for «check your answers», the case page and the history.

Called through ``Form.summary`` and ``Form.describe``. Never raises: what it does not recognise is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.clean import case_data
from engine.forms.components import Component, inputs
from engine.forms.messages import show_day
from engine.forms.numbers import show_number
from engine.forms.visibility import is_hidden, scope_of, settle

__all__ = ["NOTHING", "Shown", "show", "summary"]

NOTHING = "Sin respuesta"
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    key: str
    label: str
    value: str


def summary(components: Sequence[Component], answers: Data, context: Data) -> list[Shown]:
    """Visible questions in order with what was answered; ``context`` gives option lists and the names of uploads."""
    case = case_data(components, context)
    kept, hidden = settle(components, case, answers)
    data = {**case, **kept}
    asked = [c for c in inputs(components) if c.asks and c.key not in hidden]
    return [Shown(c.key, c.label, show(c, kept.get(c.key), {**data, "uploads": context.get("uploads")})) for c in asked]


def show(component: Component, value: Any, data: Data) -> str:
    match component.kind:
        case "checkbox":
            return "Sí" if value is True else "No"
        case _ if value is None or value == "" or value == []:
            return NOTHING
        case "number" if isinstance(value, int | float) and not isinstance(value, bool):
            return show_number(value, component.digits)
        case "select" | "radio":
            return _label(component, value, data)
        case "checklist" | "taglist" if isinstance(value, list):
            return ", ".join(_label(component, item, data) for item in value)
        case "datetime":
            return _moment(str(value))
        case "filepicker" if isinstance(value, list):
            uploads = data.get("uploads") or {}
            return ", ".join(str((uploads.get(str(i)) or {}).get("name") or "archivo") for i in value)
        case "dynamiclist" if isinstance(value, list):
            return "\n".join(_row(component, n, row, data) for n, row in enumerate(value, 1) if isinstance(row, dict))
    return str(value)


def _row(component: Component, n: int, row: Data, data: Data) -> str:
    scope = scope_of(data, row)
    seen = [c for c in component.children if not is_hidden(c, scope)]
    return f"{n}. " + "; ".join(f"{c.label}: {show(c, row.get(c.key), data)}" for c in seen)


def _label(component: Component, value: Any, data: Data) -> str:
    return next((o.label for o in component.choices(data) if o.value == value), str(value))


def _moment(text: str) -> str:
    try:
        day, _, hour = text.partition("T")
        return f"{show_day(day)}, {hour}" if hour else show_day(day)
    except (ValueError, IndexError):
        return text
