"""JSON as RFC 8259 has it: no NaN, no depth that exhausts the reader, accents as they are."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError, which Flask answers with 400."""
        try:
            return json.loads(s, parse_constant=_refuse, **kwargs)
        except RecursionError as error:
            raise ValueError("demasiados niveles, uno dentro de otro") from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} no es JSON")
