"""A datum of a case as a person reads it. Template filter ``datum``."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint
from flask_babel import get_locale

from web.dates import clock_time, short_date
from web.text import gettext as _

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(\+\d\d:\d\d|Z)")
LONGEST = 240  # characters; the export has it whole


def datum(value: Any, longest: int = LONGEST) -> str:
    """«vacío», «sí», «7,85», «uno, dos» or the text itself, up to so many characters."""
    if value is None or value in ("", [], {}):
        return _("vacío")
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, int | float):
        return format_decimal(value, locale=get_locale() or "es", group_separator=False)
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return _cut(", ".join(datum(item) for item in value), longest)
    return _cut(_text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False), longest)


def _text(value: str) -> str:
    """A day or an instant as people write it; anything else as it is."""
    try:
        if _INSTANT.fullmatch(value):
            instant = datetime.fromisoformat(value)
            return f"{short_date(instant)}, {clock_time(instant)}"
        return short_date(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        return value


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def add_filters(blueprint: Blueprint) -> None:
    blueprint.add_app_template_filter(datum, "datum")
    blueprint.add_app_template_test(is_empty, "empty_datum")
