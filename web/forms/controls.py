"""The attributes of a control that help to fill it in: type, keyboard, autocompletion, what a file may be.

Called by ``view``. The rules themselves are checked by the server; here they only help.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms.clean import today_of
from engine.forms.components import Component

__all__ = ["attributes"]

_MOMENTS = {"date": "date", "time": "time"}
MEGABYTE = 1024 * 1024


def attributes(component: Component, context: Mapping[str, Any]) -> dict[str, str]:
    found = _of_kind(component, context)
    if hint := component.settings.get("autocompletar"):
        found["autocomplete"] = hint
    if keyboard := component.settings.get("teclado"):
        found["inputmode"] = keyboard
    if component.required and component.kind not in ("radio", "checklist", "taglist", "filepicker"):
        found["aria-required"] = "true"
    return found


def _of_kind(component: Component, context: Mapping[str, Any]) -> dict[str, str]:
    match component.kind:
        case "number":
            whole = component.digits == 0
            keyboard = "numeric" if whole else "decimal"
            return {"type": "text", "inputmode": keyboard, "autocomplete": "off", "class": "w-s"}
        case "textfield":
            return _text(component)
        case "datetime":
            return _moment(component, context)
        case "filepicker":
            return _file(component)
    return {}


def _text(component: Component) -> dict[str, str]:
    match component.rules.get("validationType"):
        case "email":
            return {"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"}
        case "phone":
            return {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
    short = int(component.rules.get("maxLength") or 500) <= 40
    return {"type": "text", "autocomplete": "off", **({"class": "w-m"} if short else {})}


def _moment(component: Component, context: Mapping[str, Any]) -> dict[str, str]:
    found = {"type": _MOMENTS.get(component.subtype, "datetime-local"), "class": "w-m"}
    bounds = {"min": component.settings.get("desde"), "max": component.settings.get("hasta")}
    if component.raw.get("disallowPassedDates") is True:
        bounds["min"] = bounds["min"] or "hoy"
    if component.subtype == "date":
        today = today_of(context).isoformat()
        found |= {name: today if bound == "hoy" else bound for name, bound in bounds.items() if bound}
    return found


def _file(component: Component) -> dict[str, str]:
    found = {"accept": str(component.raw.get("accept") or "")}
    if component.raw.get("multiple") is True:
        found["multiple"] = "multiple"
    if limit := component.setting("peso_max_mb", 0):
        found["data-max"] = str(limit * MEGABYTE)
    return {name: value for name, value in found.items() if value}
