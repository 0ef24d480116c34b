"""What no answer may hold, whatever the form: the first thing done with anything that comes from outside.

Called by ``clean`` and by whoever reads JSON from a request (``read_json``). Guarantee: what passes is plain JSON of at
most ``MAX_BYTES``, at most ``MAX_DEPTH`` levels deep, storable in both databases and shown in the order it was written.
Walks with a list of its own, so that depth never exhausts Python's stack.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from engine.errors import InvalidAnswers

__all__ = ["MAX_BYTES", "MAX_DEPTH", "guard", "read_json"]

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
_NUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def guard(answers: Any) -> None:
    """Raises InvalidAnswers naming the field."""
    if not isinstance(answers, dict):
        raise InvalidAnswers({"": "Las respuestas deben ser un objeto con el nombre de cada campo y su valor."})
    spent: dict[str, int] = {}
    total = 0
    pending: list[tuple[tuple[str, ...], Any]] = [((), answers)]
    while pending:
        path, value = pending.pop()
        if problem := _problem(value, len(path)):
            raise InvalidAnswers({".".join(path): problem})
        top = path[0] if path else ""
        size = _size(value)
        total += size
        spent[top] = spent.get(top, 0) + size
        if total > MAX_BYTES:
            raise InvalidAnswers(
                {max(spent, key=lambda k: spent[k]): "Es demasiado largo: acórtelo, o súbalo como archivo."}
            )
        pending += [((*path, part), item) for part, item in _items(value, path)]


def _items(value: Any, path: tuple[str, ...]) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [(str(n), item) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return []
    for key in value:
        place = ".".join(path)
        if not isinstance(key, str) or len(key) > 100 or _NUL.search(key) or _BIDI.search(key):
            raise InvalidAnswers({place: "Hay un campo con un nombre que no se admite. Quítelo."})
        if key == "typename":
            where = ".".join((*path, key))
            raise InvalidAnswers({where: "El campo «typename» no se admite. Quítelo y envíe de nuevo."})
    return list(value.items())


def _problem(value: Any, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"Tiene más de {MAX_DEPTH} niveles, uno dentro de otro. Envíe los datos tal como los pide el formulario."
    if isinstance(value, str):
        if _NUL.search(value):
            return "Contiene caracteres de control que no se ven. Bórrelos y escriba el texto de nuevo."
        if _BIDI.search(value):
            return "Contiene marcas ocultas que cambian el orden de lectura. Bórrelas y escriba el texto de nuevo."
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return "No es un número que se pueda guardar. Escriba uno con cifras."
    if isinstance(value, int) and value.bit_length() > 64:
        return "El número es demasiado grande. Escriba uno con menos cifras."
    if value is None or isinstance(value, bool | int | float | dict | list):
        return None
    return "No es un dato que se pueda guardar. Envíe texto, números, listas o fechas."


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass")) + 3
    if isinstance(value, dict):
        return 2 + sum(len(str(key)) + 4 for key in value)
    return 8


def read_json(body: bytes) -> dict[str, Any]:
    """A request's JSON object, or InvalidAnswers: malformed, too long, too deep, not an object, repeated keys."""
    if len(body) > 2 * MAX_BYTES:
        raise InvalidAnswers({"": "El envío es demasiado grande: los archivos se suben aparte."})
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_unrepeated)
    except RecursionError:
        raise InvalidAnswers({"": f"El envío tiene más de {MAX_DEPTH} niveles, uno dentro de otro."}) from None
    except ValueError as error:
        raise InvalidAnswers({"": f"El envío no es JSON válido: {_where(error)}"}) from None
    if not isinstance(found, dict):
        raise InvalidAnswers({"": "El envío debe ser un objeto JSON: { … }."})
    return found


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"revise la línea {error.lineno}, columna {error.colno}."
    return "revise la codificación (UTF-8) y que ningún nombre se repita."


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found
