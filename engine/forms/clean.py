"""Answers from outside, made safe, complete and true to the form; or InvalidAnswers, every error at once.

Called by ``Form.clean``: by ``cases`` for every start and completion, whatever the channel. Guarantees: the result
holds every question of the form (an unanswered or hidden one as empty), nothing else; what is read-only comes from the
case; rows that cannot grow keep what the case holds in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from jsonschema.exceptions import ValidationError

from engine.errors import InvalidAnswers
from engine.forms.components import Component, inputs
from engine.forms.guard import guard
from engine.forms.messages import UNKNOWN, sentence
from engine.forms.normalise import TEXTS, normalise
from engine.forms.rules import FORMATS, Validator, compile_rules
from engine.forms.visibility import settle
from engine.letters import unprintable
from engine.words import listed

__all__ = ["case_data", "clean", "today_of"]

Data = Mapping[str, Any]
Errors = dict[str, str]
MOST_UNKNOWN = 20  # named in one refusal


def clean(components: Sequence[Component], answers: Any, context: Data) -> dict[str, Any]:
    guard(answers)
    fields = {c.key: c for c in inputs(components)}
    errors: Errors = dict.fromkeys([k for k in answers if k not in fields][:MOST_UNKNOWN], UNKNOWN)
    case = case_data(components, context)
    written = {key: _written(c, answers.get(key), context, errors) for key, c in fields.items() if c.asks}
    _refuse_fixed(fields, answers, context, errors)
    kept, hidden = settle(components, case, written)
    data = {**case, **kept}
    schema = compile_rules(components, data, hidden, today_of(context))
    asked = {key: _answered(fields[key], value) for key, value in kept.items()}
    asked = {key: value for key, value in asked.items() if value is not None}
    for failure in Validator(schema, format_checker=FORMATS).iter_errors(asked):
        _explain(failure, fields, errors)
    _check_uploads(fields, kept, context, errors)
    _check_letters(fields, kept, errors)
    if errors:
        raise InvalidAnswers(dict(sorted(errors.items(), key=lambda item: _order(item[0], list(fields)))))
    return {key: _complete(c, kept, context) for key, c in fields.items() if c.asks}


def case_data(components: Sequence[Component], context: Data) -> dict[str, Any]:
    """The case's data without what this form asks: an earlier answer must not decide what is seen now."""
    asked = {c.key for c in inputs(components) if c.asks}
    return {key: value for key, value in context.items() if key not in asked and key != "uploads"}


def today_of(context: Data) -> date:
    """``context["hoy"]`` (ISO, the institution's day) when the caller gives it."""
    given = context.get("hoy")
    return date.fromisoformat(given) if isinstance(given, str) else datetime.now(UTC).date()


def _written(component: Component, value: Any, context: Data, errors: Errors) -> Any:
    if component.kind != "dynamiclist":
        return normalise(component, value, context)
    if value is None:
        held = context.get(component.key)
        value = [{} for _ in held] if isinstance(held, list) and not component.grows else []
    if not isinstance(value, list):
        return value
    return [_row(component, n, row, context, errors) for n, row in enumerate(value)]


def _row(component: Component, n: int, row: Any, context: Data, errors: Errors) -> Any:
    if not isinstance(row, dict):
        return row
    base = base_row(component, n, context)
    children = {c.key: c for c in component.children}
    for key, value in row.items():
        child = children.get(key)
        if child is None and not (key in base and base[key] == value):
            errors[f"{component.key}.{n}.{key}"] = UNKNOWN
        elif child is not None and child.fixed and value not in (None, base.get(key)):
            errors[f"{component.key}.{n}.{key}"] = _FIXED.format(child.label)
    kept = {key: value for key, value in base.items() if key not in children or children[key].fixed}
    return kept | {key: normalise(c, row.get(key), context) for key, c in children.items() if c.asks}


def base_row(component: Component, n: int, context: Data) -> Data:
    """What the case already holds in this row; nothing for rows that a person adds."""
    rows = context.get(component.key)
    if component.grows or not isinstance(rows, list) or n >= len(rows) or not isinstance(rows[n], dict):
        return {}
    held: Data = rows[n]
    return held


_FIXED = "«{}» no se cambia aquí. Quítelo del envío."


def _refuse_fixed(fields: Mapping[str, Component], answers: Data, context: Data, errors: Errors) -> None:
    for key, component in fields.items():
        given, held = answers.get(key), context.get(key)
        if not component.asks:
            if given not in (None, "", held):
                errors[key] = _FIXED.format(component.label)
        elif component.kind == "dynamiclist" and not component.grows and isinstance(given, list):
            expected = len(held) if isinstance(held, list) else 0
            if len(given) != expected:
                errors[key] = f"{component.label}: deben venir las {expected} filas. Vuelva a abrir la página."


def _answered(component: Component, value: Any) -> Any:
    """For the schema: without what was left empty, and in rows only what is asked."""
    if component.kind != "dynamiclist" or not isinstance(value, list):
        return value
    asks = {c.key for c in component.children if c.asks}
    return [
        {k: v for k, v in row.items() if k in asks and v is not None} if isinstance(row, dict) else row for row in value
    ]


def _explain(failure: ValidationError, fields: Mapping[str, Component], errors: Errors) -> None:
    path = [str(part) for part in failure.absolute_path]
    rule, value = str(failure.validator), failure.instance
    if rule == "additionalProperties" or not isinstance(rule, str):
        return
    if rule == "required":
        absent = next(iter(re.findall(r"'([^']*)' is a required", failure.message)), "")
        path, value = [*path, absent], None
    component = fields.get(path[0]) if path else None
    if component is None:
        return
    prefix, place = "", path[0]
    if component.kind == "dynamiclist" and len(path) > 2:
        child = next((c for c in component.children if c.key == path[2]), component)
        prefix, place, component = f"Fila {int(path[1]) + 1}. ", ".".join(path[:3]), child
    errors.setdefault(place, prefix + sentence(component, rule, failure.validator_value, value))


def _check_uploads(fields: Mapping[str, Component], kept: Data, context: Data, errors: Errors) -> None:
    allowed = context.get("uploads") or {}
    for key, component in fields.items():
        ids = kept.get(key)
        if component.kind == "filepicker" and isinstance(ids, list) and any(str(i) not in allowed for i in ids):
            errors.setdefault(key, f"{component.label}: uno de los archivos ya no está. Vuelva a subirlo.")


def _check_letters(fields: Mapping[str, Component], kept: Data, errors: Errors) -> None:
    """A document that could not be written would stop the case, and nobody could mend the answer any more."""
    for key, component in fields.items():
        value = kept.get(key)
        if component.kind in TEXTS:
            _refuse_letters(key, component.label, value, errors)
        elif component.kind == "dynamiclist" and isinstance(value, list):
            texts = [child for child in component.children if child.asks and child.kind in TEXTS]
            for n, row in enumerate(value):
                for child in texts:
                    told = row.get(child.key) if isinstance(row, dict) else None
                    _refuse_letters(f"{key}.{n}.{child.key}", f"Fila {n + 1}. {child.label}", told, errors)


def _refuse_letters(path: str, label: str, value: Any, errors: Errors) -> None:
    strange = unprintable(value)[:3] if isinstance(value, str) else []
    if strange:
        named = listed([f"«{sign}» (U+{ord(sign):04X})" for sign in strange])
        told = "que nuestros documentos no pueden escribir. Quítelo o escríbalo con letras."
        errors.setdefault(path, f"{label}: lleva {named}, {told}")


def _complete(component: Component, kept: Data, context: Data) -> Any:
    value = kept.get(component.key)
    if component.kind == "dynamiclist" and not component.grows and value is None:
        return context.get(component.key) or []
    if component.kind == "dynamiclist" and isinstance(value, list):
        blank = {c.key: c.empty for c in component.children if c.asks}
        return [{**blank, **row} for row in value]
    return component.empty if value is None else value


def _order(path: str, keys: list[str]) -> tuple[int, int, str]:
    parts = path.split(".")
    row = int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else -1
    return (keys.index(parts[0]) if parts[0] in keys else len(keys), row, path)
