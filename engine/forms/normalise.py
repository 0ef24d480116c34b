"""One written answer into one value: trimmed, in NFC and plain letters, a number where a number is asked.

Called by ``clean``. What cannot be read is left as it was written, for the rules to refuse and the page to show again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from engine.forms.components import Component
from engine.forms.numbers import read_number
from engine.letters import spelt_plainly

__all__ = ["TEXTS", "normalise"]

TEXTS = ("textfield", "textarea")  # what a document may print as it was written

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00(?:\.0+)?)?")


def normalise(component: Component, value: Any, data: Mapping[str, Any]) -> Any:
    """The value, or ``component.empty`` for nothing."""
    if isinstance(value, str):
        spelt = spelt_plainly(value) if component.kind in TEXTS else unicodedata.normalize("NFC", value)
        value = spelt.replace("\r\n", "\n").replace("\r", "\n").strip()
    if value is None or value == "":
        return component.empty
    match component.kind:
        case "number":
            return _number(value)
        case "checkbox":
            return (
                {"1": True, "on": True, "true": True, "0": False, "false": False}.get(value, value)
                if isinstance(value, str)
                else value
            )
        case "select" | "radio":
            return _choice(component, value, data)
        case "checklist" | "taglist":
            listed = value if isinstance(value, list) else [value]
            return [_choice(component, item, data) for item in listed if item not in (None, "")]
        case "filepicker":
            listed = value if isinstance(value, list) else [value]
            return [item.strip().lower() if isinstance(item, str) else item for item in listed if item]
        case "datetime" if isinstance(value, str):
            return _moment(component, value)
        case "textfield" if isinstance(value, str):
            return re.sub(r"[\n\t]+", " ", value)
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str):
        read = read_number(value)
        return value if read is None else read
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _choice(component: Component, value: Any, data: Mapping[str, Any]) -> Any:
    if isinstance(value, dict | list):
        return value
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value).strip()
    return next((option.value for option in component.choices(data) if str(option.value) == str(value)), value)


def _moment(component: Component, text: str) -> str:
    """ISO; a day written as 31/3/2026 is understood too."""
    if found := _DAY.fullmatch(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{found[4]}"
    if component.subtype == "time":
        return re.sub(r"^(\d\d:\d\d):00(?:\.0+)?$", r"\1", text.zfill(5))
    if component.subtype == "datetime" and (found := _MOMENT.fullmatch(text)):
        return f"{found[1]}T{found[2]}"
    return text
