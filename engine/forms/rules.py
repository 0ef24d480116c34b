"""The rules of a form as JSON Schema (2020-12), compiled for one submission: which fields exist depends on the answers.

Called by ``clean`` and, to publish them, by the API. One source: what the page asks, what the API accepts and what is
checked are this schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from engine.forms.components import Component, inputs
from engine.forms.patterns import MAX_TEXT
from engine.forms.visibility import is_hidden, scope_of

__all__ = ["FORMATS", "MAX_ROWS", "PHONE", "Validator", "compile_rules"]

MAX_ROWS = 300
MAX_NUMBER = 10**15
LENGTHS = {"textfield": 500, "textarea": 10_000}
PHONE = r"^\+?[0-9][0-9 ()./-]{5,24}$"
_EMAIL = re.compile(r"[^\s@\"<>(),:;\\\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}")
FORMATS = FormatChecker(formats=())
Schema = dict[str, Any]


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or (len(value) <= 254 and _EMAIL.fullmatch(value) is not None)


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))


@FORMATS.checks("time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 5 and time.fromisoformat(value) is not None)


@FORMATS.checks("local-date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 16 and value[10] == "T" and bool(datetime.fromisoformat(value)))


def _exact_multiple(validator: Any, step: Any, value: Any, schema: Any) -> Any:
    """0.3 is a multiple of 0.1, which binary fractions deny."""
    if validator.is_type(value, "number") and Decimal(str(value)) % Decimal(str(step)):
        yield ValidationError(f"{value} is not a multiple of {step}")


def _not_before(validator: Any, limit: str, value: Any, schema: Any) -> Any:
    if isinstance(value, str) and value[: len(limit)] < limit:
        yield ValidationError(f"{value} is before {limit}")


def _not_after(validator: Any, limit: str, value: Any, schema: Any) -> Any:
    if isinstance(value, str) and value[: len(limit)] > limit:
        yield ValidationError(f"{value} is after {limit}")


Validator = extend(  # type: ignore[no-untyped-call]  # jsonschema types its classes, not this
    Draft202012Validator,
    {"multipleOf": _exact_multiple, "formatMinimum": _not_before, "formatMaximum": _not_after},
)


def compile_rules(
    components: Sequence[Component], data: Mapping[str, Any], hidden: frozenset[str], today: date
) -> Schema:
    """``data`` is the case's with the answers over it; ``hidden`` the fields that are not asked now."""
    asked = [c for c in inputs(components) if c.asks and c.key not in hidden]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(asked, data, data, today)}


def _object(asked: Sequence[Component], data: Mapping[str, Any], case: Mapping[str, Any], today: date) -> Schema:
    return {
        "type": "object",
        "properties": {
            c.key: _rows(c, data, today) if c.kind == "dynamiclist" else _leaf(c, data, today) for c in asked
        },
        "required": [c.key for c in asked if c.required],
        "additionalProperties": False,
    }


def _rows(component: Component, data: Mapping[str, Any], today: date) -> Schema:
    rows = data.get(component.key)
    rows = [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []
    low = max(component.setting("filas_min", 0), 1 if component.required else 0)
    high = min(component.setting("filas_max", MAX_ROWS), MAX_ROWS)
    each = []
    for row in rows[:MAX_ROWS]:
        scope = scope_of(data, row)
        seen = [c for c in component.children if c.asks and not is_hidden(c, scope)]
        each.append(_object(seen, scope, scope, today))
    schema: Schema = {"type": "array", "title": component.label, "minItems": low, "maxItems": high}
    if each:
        schema |= {"prefixItems": each, "items": False}
    return schema


def _leaf(component: Component, data: Mapping[str, Any], today: date) -> Schema:
    schema: Schema = {"title": component.label}
    if component.hint:
        schema["description"] = component.hint
    kind = component.kind
    if kind in ("textfield", "textarea"):
        return schema | _text(component)
    if kind == "number":
        return schema | _number(component)
    if kind == "checkbox":
        return schema | ({"const": True} if component.required else {"type": "boolean"})
    if kind == "datetime":
        return schema | _moment(component, today)
    if kind == "filepicker":
        high = component.setting("archivos_max", 10) if component.raw.get("multiple") else 1
        low = {"minItems": 1} if component.required else {}
        return schema | {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": high, **low}
    values = [option.value for option in component.choices(data)]
    if not component.several:
        return schema | {"enum": values}
    return schema | {
        "type": "array",
        "items": {"enum": values},
        "uniqueItems": True,
        **({"minItems": 1} if component.required else {}),
    }


def _text(component: Component) -> Schema:
    rules, schema = component.rules, {"type": "string", "maxLength": LENGTHS[component.kind]}
    if component.required:
        schema["minLength"] = 1
    schema |= {name: int(rules[name]) for name in ("minLength", "maxLength") if rules.get(name) not in (None, "")}
    if rules.get("pattern"):
        schema |= {"pattern": rules["pattern"], "maxLength": min(int(str(schema["maxLength"])), MAX_TEXT)}
    if rules.get("validationType") == "email":
        schema["format"] = "email"
    if rules.get("validationType") == "phone":
        schema["pattern"] = PHONE
    return schema


def _number(component: Component) -> Schema:
    schema: Schema = {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
    for name, keyword in (("min", "minimum"), ("max", "maximum")):
        if component.rules.get(name) not in (None, ""):
            schema[keyword] = component.rules[name]
    if component.digits == 0:
        schema["type"] = "integer"
    elif component.digits:
        schema["multipleOf"] = float(Decimal(1).scaleb(-component.digits))
    return schema


def _moment(component: Component, today: date) -> Schema:
    schema: Schema = {
        "type": "string",
        "format": {"date": "date", "time": "time"}.get(component.subtype, "local-date-time"),
    }
    bounds = {name: component.settings.get(name, "") for name in ("desde", "hasta")}
    if component.raw.get("disallowPassedDates") is True:
        bounds["desde"] = bounds["desde"] or "hoy"
    for name, keyword in (("desde", "formatMinimum"), ("hasta", "formatMaximum")):
        if bounds[name]:
            schema[keyword] = today.isoformat() if bounds[name] == "hoy" else bounds[name]
    return schema
