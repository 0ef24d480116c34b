"""The help that a process owner writes above a form: plain text, with {{ data }} of the case filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from web.cases.values import datum, is_empty

LONGEST = 4_000  # characters of a datum: who decides reads it whole
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def fill_in(text: str, data: Mapping[str, Any]) -> list[str]:
    """Paragraphs. A name that the case does not have is shown as «vacío»; nothing is computed. A paragraph that is one
    name and nothing else is left out when there is nothing to say."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    alone = [(part, _PLACE.fullmatch(part)) for part in parts]
    told = [part for part, place in alone if place is None or not is_empty(_walk(data, place[1]))]
    return [" ".join(_PLACE.sub(lambda place: datum(_walk(data, place[1]), LONGEST), part).split()) for part in told]


def _walk(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
