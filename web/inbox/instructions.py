"""The help that a process owner writes above a form: plain text, with {{ data }} of the case filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from web.cases.values import datum, is_empty

LONGEST = 4_000  # characters of a datum: who decides reads it whole
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_TOLD = re.compile(rf"(?:[^{{}}]*:\s*)?{_PLACE.pattern}")  # a name alone, or with what it is: «Motivo: {{ motivo }}»


def fill_in(text: str, data: Mapping[str, Any]) -> list[str]:
    """Paragraphs. A name that the case does not have is shown as «vacío»; nothing is computed. A paragraph that is one
    name, or says with a colon what it is, is left out when there is nothing to say. Lines are parted by «·»."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    alone = [(part, _TOLD.fullmatch(part)) for part in parts]
    told = [part for part, place in alone if place is None or not is_empty(_walk(data, place[1]))]
    return [" ".join(_PLACE.sub(lambda place: _datum(_walk(data, place[1])), part).split()) for part in told]


def _datum(value: Any) -> str:
    return " · ".join(line for line in datum(value, LONGEST).splitlines() if line.strip())


def _walk(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
