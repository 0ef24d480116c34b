"""What is wrong with an answer and what to do, in plain Spanish.

Called by ``clean`` with each failure of the JSON Schema. The owner of a process may write the sentence for a missing
answer (custom property ``mensaje``) and for a malformed one (``mensaje_formato``).
"""

from __future__ import annotations

from typing import Any

from engine.forms.components import Component
from engine.forms.numbers import show_number
from engine.words import MONTHS, counted

__all__ = ["UNKNOWN", "missing", "sentence", "show_day"]

UNKNOWN = "Este formulario no tiene ese campo. Quítelo y envíe de nuevo."
_MISSING = {
    "textfield": "Complete «{}»",
    "textarea": "Complete «{}»",
    "number": "Escriba un número en «{}»",
    "checkbox": "Marque la casilla «{}»",
    "select": "Elija una opción en «{}»",
    "radio": "Elija una opción en «{}»",
    "checklist": "Elija al menos una opción en «{}»",
    "taglist": "Elija al menos una opción en «{}»",
    "datetime": "Indique {} en «{}»",
    "filepicker": "Suba al menos un archivo en «{}»",
    "dynamiclist": "Añada al menos una fila en «{}»",
}
_MOMENT = {"date": "la fecha", "time": "la hora"}


def missing(component: Component) -> str:
    if custom := component.settings.get("mensaje"):
        return custom
    if component.kind == "datetime":
        return _MISSING["datetime"].format(_MOMENT.get(component.subtype, "la fecha y la hora"), component.label)
    return _MISSING[component.kind].format(component.label)


def sentence(component: Component, rule: str, limit: Any, value: Any) -> str:
    """``rule`` and ``limit`` are the keyword of the schema that failed and its value."""
    if rule == "required" or value in (None, "", []) or (rule == "const" and value is False):
        return missing(component)
    if rule in ("pattern", "format") and (custom := component.settings.get("mensaje_formato")):
        return custom
    return f"{component.label}: {_what(component, rule, limit, value)}"


def _what(component: Component, rule: str, limit: Any, value: Any) -> str:
    match rule:
        case "minLength":
            return f"escriba al menos {counted(limit, 'carácter', 'caracteres')}"
        case "maxLength":
            over = f" (lleva {len(value)})" if isinstance(value, str) else ""
            return f"no más de {counted(limit, 'carácter', 'caracteres')}{over}"
        case "minimum" | "maximum" | "multipleOf":
            return _number(component, rule, limit)
        case "formatMinimum":
            return f"elija una fecha desde el {show_day(limit)}"
        case "formatMaximum":
            return f"elija una fecha hasta el {show_day(limit)}"
        case "minItems":
            return f"añada al menos {counted(limit, *_unit(component))}"
        case "maxItems":
            return f"no más de {counted(limit, *_unit(component))}"
        case "uniqueItems":
            return "hay una opción repetida; quítela"
        case "enum":
            return "esa opción no está en la lista; elija una de las que se muestran"
    return _shape(component)


def _number(component: Component, rule: str, limit: Any) -> str:
    low, high = component.rules.get("min"), component.rules.get("max")
    if rule == "multipleOf":
        return f"escriba {counted(component.digits or 0, 'decimal', 'decimales')} como máximo"
    if low is not None and high is not None:
        return f"va de {show_number(low)} a {show_number(high)}"
    return f"debe ser {show_number(limit)} o {'más' if rule == 'minimum' else 'menos'}"


def _shape(component: Component) -> str:
    if component.kind == "number":
        return "escriba un número sin decimales" if component.digits == 0 else "escriba un número, por ejemplo 7,5"
    if component.kind == "datetime":
        return {
            "date": "escriba una fecha que exista, como 2026-03-31",
            "time": "escriba una hora entre 00:00 y 23:59",
        }.get(component.subtype, "escriba una fecha y una hora que existan")
    return {
        "email": "escriba un correo como nombre@ejemplo.com",
        "phone": "escriba un teléfono con cifras, como +593 99 123 4567",
    }.get(str(component.rules.get("validationType") or ""), "no tiene la forma pedida; revíselo")


def _unit(component: Component) -> tuple[str, str]:
    return {"filepicker": ("archivo", "archivos"), "dynamiclist": ("fila", "filas")}.get(
        component.kind, ("opción", "opciones")
    )


def show_day(iso: str) -> str:
    """«2026-03-31» → «31 de marzo de 2026»."""
    year, month, day = (int(part) for part in iso[:10].split("-"))
    return f"{day} de {MONTHS[month - 1]} de {year}"
