"""What a form may hold; everything else is refused before it is published.

Called by ``definitions.check``. Each problem is one sentence that names the component, by its key or its id, and says
how to mend it. What ``check_form`` admits is what ``Form`` and ``web.forms`` do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.check_conditions import check_conditions
from engine.forms.check_rules import check_rules
from engine.forms.components import INPUTS, SHOWN

__all__ = ["check_form"]

MAX_COMPONENTS = 200
MAX_GROUPS = 3
_EVERYWHERE = {"type", "id", "key", "label", "description", "layout", "conditional", "properties", "validate"}
_ASKS = {"readonly", "disabled", "defaultValue", "appearance"}
_OPTIONS = {"values", "valuesKey", "valuesExpression", "searchable"}
_OWN: dict[str, set[str]] = {
    "textfield": _ASKS,
    "textarea": _ASKS,
    "number": _ASKS | {"decimalDigits", "increment", "serializeToString"},
    "checkbox": _ASKS,
    "select": _ASKS | _OPTIONS,
    "radio": _ASKS | _OPTIONS,
    "checklist": _ASKS | _OPTIONS,
    "taglist": _ASKS | _OPTIONS,
    "datetime": _ASKS
    | {"subtype", "dateLabel", "timeLabel", "disallowPassedDates", "use24h", "timeInterval", "timeSerializingFormat"},
    "filepicker": {"readonly", "disabled", "accept", "multiple"},
    "dynamiclist": {
        "path",
        "components",
        "allowAddRemove",
        "defaultRepetitions",
        "isRepeating",
        "disableCollapse",
        "nonCollapsedItems",
        "showOutline",
        "verticalAlignment",
        "readonly",
        "disabled",
    },
    "group": {"components", "showOutline", "path", "verticalAlignment"},
    "table": {"dataSource", "columns", "rowCount"},
    "text": {"text"},
    "heading": {"text"},
    "separator": set(),
    "spacer": {"height"},
    "button": {"action"},
}
_REPLACED = {
    "html": "use el componente «text», que admite títulos, listas y negritas",
    "iframe": "ponga un enlace https en un «text»",
    "image": "quítela o póngala en la plantilla del documento",
    "documentPreview": "quítelo: la tarea ya muestra sus documentos",
    "expression": "calcule el dato en una tarea de script del diagrama",
}


def check_form(schema: Any) -> list[str]:
    """Sentences in Spanish; empty when the form can be published."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("components"), list):
        return [
            "El formulario no es un esquema de form-js: falta la lista «components». Ábralo y guárdelo en el editor."
        ]
    found = list(_tree(schema["components"], groups=0, rows=False))
    if found:
        return found
    components = list(_flat(schema["components"]))
    if len(components) > MAX_COMPONENTS:
        found.append(f"El formulario tiene más de {MAX_COMPONENTS} componentes: divídalo en varias tareas.")
    found += _repeated(schema["components"])
    for component in components:
        found += [f"{name(component)}: {problem}." for problem in check_rules(component)]
    return found + check_conditions(schema["components"])


def name(component: Mapping[str, Any]) -> str:
    key = component.get("key") or component.get("path") or component.get("id") or "sin clave"
    return f"{component.get('type')} «{key}»"


def _flat(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _flat(component.get("components") or [])


def _tree(components: list[Any], groups: int, rows: bool) -> Iterator[str]:
    """First what makes a component unreadable: its kind, its place, its properties."""
    for component in components:
        if not isinstance(component, Mapping) or not isinstance(component.get("type"), str):
            yield "Hay un componente sin tipo: bórrelo y añádalo de nuevo en el editor."
            continue
        kind, own = component["type"], name(component)
        if kind not in INPUTS | SHOWN:
            yield f"{own}: el tipo no se admite; {_REPLACED.get(kind, 'use otro componente de la paleta')}."
            continue
        if rows and kind not in INPUTS - {"filepicker", "dynamiclist", "checklist", "taglist"}:
            yield f"{own}: no se admite dentro de una lista de filas; sáquelo de la lista."
        for extra in sorted(set(component) - _EVERYWHERE - _OWN[kind]):
            yield f"{own}: la propiedad «{extra}» no se admite; quítela."
        yield from _wrongly_typed(component, own)
        inner = component.get("components")
        if inner is not None and not isinstance(inner, list):
            yield f"{own}: «components» debe ser una lista; ábralo y guárdelo en el editor."
        elif kind == "group" and groups >= MAX_GROUPS:
            yield f"{own}: hay más de {MAX_GROUPS} grupos uno dentro de otro; quite alguno."
        elif inner and not rows:
            yield from _tree(inner, groups + (kind == "group"), rows or kind == "dynamiclist")


def _wrongly_typed(component: Mapping[str, Any], own: str) -> Iterator[str]:
    for key in ("validate", "conditional", "properties"):
        if component.get(key) is not None and not isinstance(component[key], Mapping):
            yield f"{own}: «{key}» debe ser un objeto; ábralo y guárdelo en el editor."
    for key in ("label", "description", "text", "dateLabel", "timeLabel", "key", "path", "valuesKey"):
        if component.get(key) is not None and not isinstance(component[key], str):
            yield f"{own}: «{key}» debe ser un texto."
    for key in ("readonly", "disabled", "multiple", "allowAddRemove", "disallowPassedDates"):
        if component.get(key) is not None and not isinstance(component[key], bool):
            yield f"{own}: «{key}» debe ser verdadero o falso; en lugar de una expresión use dos campos con condición."


def _repeated(components: list[Any]) -> Iterator[str]:
    """Keys are flat: groups share them; each list has its own."""
    seen: set[str] = set()
    for component in _outside_rows(components):
        key = component.get("path") if component["type"] == "dynamiclist" else component.get("key")
        if component["type"] not in INPUTS:
            continue
        if key in seen:
            yield f"{name(component)}: la clave está repetida; ponga otra."
        seen.add(str(key))
        if component["type"] == "dynamiclist":
            yield from _repeated(component.get("components") or [])


def _outside_rows(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        if component["type"] == "group":
            yield from _outside_rows(component.get("components") or [])
