"""The help that a process owner writes above a form: plain text, with {{ data }} of the case filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from web.cases.values import datum

_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def fill_in(text: str, data: Mapping[str, Any]) -> list[str]:
    """Paragraphs. A name that the case does not have is shown as «vacío»; nothing is computed."""
    filled = _PLACE.sub(lambda place: datum(_walk(data, place[1])), text)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", filled) if part.strip()]


def _walk(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
