"""The keys, options, validations and custom properties of one component. Called by ``check``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.forms.components import INPUTS
from engine.forms.patterns import pattern_problem

__all__ = ["SETTINGS", "check_rules"]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PATH = re.compile(r"=?\s*[^\W\d]\w*(?:\.[^\W\d]\w*){0,5}")
_RESERVED = {"typename", "tramite", "hecho", "uploads", "hoy", "this", "parent", "csrf_token", "request_id", "pin", "_"}
_VALIDATIONS = {
    "textfield": {"required", "minLength", "maxLength", "pattern", "validationType"},
    "textarea": {"required", "minLength", "maxLength", "pattern"},
    "number": {"required", "min", "max"},
}
SETTINGS = {
    "mensaje": INPUTS,
    "mensaje_formato": {"textfield", "textarea"},
    "valor_inicial": INPUTS - {"filepicker"},
    "autocompletar": {"textfield", "textarea"},
    "teclado": {"textfield", "number"},
    "fila": {"dynamiclist"},
    "filas_min": {"dynamiclist"},
    "filas_max": {"dynamiclist"},
    "encabezado": INPUTS,
    "letras": {"number"},
    "desde": {"datetime"},
    "hasta": {"datetime"},
    "archivos_max": {"filepicker"},
    "peso_max_mb": {"filepicker"},
}
_WHOLE = {"filas_min", "filas_max", "archivos_max", "peso_max_mb"}
_ACCEPT = re.compile(r"(\.[a-z0-9]{1,8}|[a-z]+/[a-z0-9.+*-]+)")


def check_rules(component: Mapping[str, Any]) -> Iterator[str]:
    """Problems without the component's name and without the final stop."""
    kind = component["type"]
    if kind in INPUTS:
        yield from _key(component, kind)
        yield from _label(component)
        yield from _validations(component, kind)
    yield from _settings(component, kind)
    if kind in ("select", "radio", "checklist", "taglist"):
        yield from _options(component)
    if kind == "datetime" and component.get("subtype", "date") not in ("date", "time", "datetime"):
        yield "«subtype» debe ser date, time o datetime"
    if kind == "filepicker" and not all(_ACCEPT.fullmatch(a.strip()) for a in _accepted(component)):
        yield "«accept» lleva extensiones o tipos separados por comas, como .pdf, image/png"
    if kind == "dynamiclist":
        yield from _list(component)
    if kind == "group" and component.get("path"):
        yield "un grupo no lleva ruta; quítela: sus campos quedan al mismo nivel que los demás"
    if kind == "table":
        yield from _table(component)
    if kind == "button" and component.get("action", "submit") not in ("submit", "reset"):
        yield "el botón solo puede enviar (submit)"


def _accepted(component: Mapping[str, Any]) -> list[str]:
    return [part for part in str(component.get("accept") or "").split(",") if part.strip()]


def _key(component: Mapping[str, Any], kind: str) -> Iterator[str]:
    key = component.get("path") if kind == "dynamiclist" else component.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield "la clave se escribe en minúsculas sin acentos, cifras y «_», y empieza por una letra"
    elif key in _RESERVED:
        yield "esa clave la usa el sistema; ponga otra"


def _label(component: Mapping[str, Any]) -> Iterator[str]:
    label = component.get("label") or component.get("dateLabel") or component.get("timeLabel")
    if not label:
        yield "falta la etiqueta (label); quien usa un lector de pantalla no sabría qué se pide"
    for text in (label, component.get("description")):
        if isinstance(text, str) and (text.startswith("=") or "{{" in text):
            yield "la etiqueta y la ayuda no llevan expresiones; use un componente «text» con {{ dato }}"


def _validations(component: Mapping[str, Any], kind: str) -> Iterator[str]:
    rules = component.get("validate") or {}
    for extra in sorted(set(rules) - _VALIDATIONS.get(kind, {"required"})):
        yield f"la validación «{extra}» no se admite en este tipo; quítela"
    if not isinstance(rules.get("required", False), bool):
        yield "«required» debe ser verdadero o falso"
    for low, high, kinds, said in (
        ("min", "max", (int, float), "un número"),
        ("minLength", "maxLength", (int,), "un número entero"),
    ):
        bad = [n for n in (low, high) if n in rules and (not isinstance(rules[n], kinds) or isinstance(rules[n], bool))]
        yield from (f"«{n}» debe ser {said}; una expresión no se admite" for n in bad)
        if not bad and low in rules and high in rules and rules[low] > rules[high]:
            yield f"«{low}» es mayor que «{high}»; cámbielos"
    if rules.get("validationType") not in (None, "", "custom", "email", "phone"):
        yield "«validationType» debe ser email o phone"
    if rules.get("pattern"):
        if rules.get("validationType") in ("email", "phone"):
            yield "lleva «pattern» y «validationType» a la vez; deje uno"
        length = rules.get("maxLength") if isinstance(rules.get("maxLength"), int) else None
        if problem := pattern_problem(rules["pattern"], length):
            yield f"el patrón {problem}"
    digits = component.get("decimalDigits")
    if digits is not None and not (isinstance(digits, int) and 0 <= digits <= 10):
        yield "«decimalDigits» debe ser un entero de 0 a 10"


def _settings(component: Mapping[str, Any], kind: str) -> Iterator[str]:
    for key, value in (component.get("properties") or {}).items():
        if kind not in SETTINGS.get(key, ()):
            known = ", ".join(sorted(k for k, kinds in SETTINGS.items() if kind in kinds))
            yield f"la propiedad «{key}» no se conoce en este tipo; las que hay son: {known or 'ninguna'}"
        elif not isinstance(value, str | int):
            yield f"la propiedad «{key}» debe ser un texto"
        elif key in _WHOLE and not str(value).isdecimal():
            yield f"la propiedad «{key}» debe ser un número entero"
        elif key in ("desde", "hasta") and not _is_day(str(value)):
            yield f"la propiedad «{key}» debe ser una fecha como 2026-03-31, o «hoy»"
        elif key == "valor_inicial" and not _PATH.fullmatch(str(value)):
            yield "«valor_inicial» es el camino de un dato del trámite, como =tramite.solicitante.correo"


def _is_day(text: str) -> bool:
    try:
        return text == "hoy" or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _options(component: Mapping[str, Any]) -> Iterator[str]:
    sources = [s for s in ("values", "valuesKey", "valuesExpression") if component.get(s)]
    if len(sources) != 1:
        yield "ponga una sola fuente de opciones: una lista escrita, o el camino de una lista del trámite"
        return
    path = component.get("valuesKey") or component.get("valuesExpression")
    if path and not (isinstance(path, str) and _PATH.fullmatch(path)):
        yield "las opciones vienen de un camino, como =catalogo.programas; otras expresiones no se admiten"
    values = component.get("values")
    if values is None:
        return
    good = isinstance(values, list) and all(
        isinstance(v, Mapping)
        and isinstance(v.get("value"), str | int | float)
        and isinstance(v.get("label", ""), str)
        and not set(v) - {"value", "label", "description", "note"}
        for v in values
    )
    if not good:
        yield "cada opción lleva «label» y «value», y si quiere «description» y «note»; nada más"
    elif len({str(v["value"]) for v in values}) != len(values) or any(str(v["value"]) == "" for v in values):
        yield "hay dos opciones con el mismo valor, o una sin valor; corríjalas"


def _list(component: Mapping[str, Any]) -> Iterator[str]:
    inner = component.get("components") or []
    if not inner:
        yield "la lista no tiene campos; añada al menos uno"
    grows = component.get("allowAddRemove") is not False
    if grows and any(c.get("readonly") is True or c.get("disabled") is True for c in inner):
        yield "si se pueden añadir filas, sus campos no pueden ser de solo lectura; quite una de las dos cosas"
    repetitions = component.get("defaultRepetitions", 1)
    if not isinstance(repetitions, int) or not 0 <= repetitions <= 50:
        yield "«defaultRepetitions» debe ser un entero de 0 a 50"


def _table(component: Mapping[str, Any]) -> Iterator[str]:
    source = component.get("dataSource")
    if not isinstance(source, str) or not _PATH.fullmatch(source):
        yield "«dataSource» es el camino de una lista del trámite, como =registro.materias"
    columns = component.get("columns")
    if not (
        isinstance(columns, list)
        and columns
        and all(isinstance(c, Mapping) and isinstance(c.get("key"), str) and c.get("label") for c in columns)
    ):
        yield "escriba las columnas una por una, cada una con su clave y su etiqueta"
