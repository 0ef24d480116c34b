"""Giving by hand the result that an operation could not: what to write, and reading what was written."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import InvalidAnswers
from engine.forms import read_json
from web.current import cartulario


def may_be_told(operation: str) -> bool:
    """What is no operation, a message or a timer, is set aside."""
    found = cartulario().operations.get(operation)
    return found is None or found.by_hand


def result_skeleton(operation: str) -> str:
    """The operation's result with empty values, to be filled in."""
    found = cartulario().operations.get(operation)
    if found is None:
        return "{}"
    fields = found.Result.model_json_schema().get("properties", {})
    blanks = {"string": "", "array": [], "object": {}, "boolean": False}
    return json.dumps(
        {name: blanks.get(rule.get("type")) for name, rule in fields.items()}, ensure_ascii=False, indent=2
    )


def typed_result(text: str) -> dict[str, Any]:
    """Raises InvalidAnswers under ``result``."""
    try:
        return read_json(text.encode())
    except InvalidAnswers as error:
        raise InvalidAnswers({"result": next(iter(error.errors.values()))}) from error
