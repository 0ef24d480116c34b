"""Finishing touches of the OpenAPI document: path parameters, and the errors that every operation may give."""

from __future__ import annotations

from typing import Any

from web.api.converters import BASE, CODE, NAME, NUMBER
from web.api.problems import MEDIA_TYPE
from web.api.schemas import Problem

ERRORS = {
    "400": "No se pudo leer lo enviado",
    "401": "Falta un token, o ya no vale",
    "403": "Su función no permite hacer esto",
    "404": "No existe, o no está a su alcance",
    "409": "Cambió mientras tanto, o alguien fue antes",
    "413": "Demasiado grande",
    "422": "Hay datos que corregir; «errors» dice cuáles",
    "429": "Demasiados intentos",
    "503": "Ocupado: vuelva a intentarlo en «Retry-After» segundos",
}
PARAMETERS = {
    "number": {"type": "string", "pattern": f"^{NUMBER}$"},
    "process": {"type": "string", "pattern": f"^{NAME}$"},
    "code": {"type": "string", "pattern": f"^{CODE}$"},
    "base": {"type": "string", "pattern": f"^{BASE}$"},
    "n": {"type": "integer", "minimum": 0},
    "edition": {"type": "integer", "minimum": 1, "maximum": 9999},
}


def finish(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Called by APIFlask with the whole document."""
    if isinstance(spec, str):
        return spec
    spec["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for operations in spec["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                _finish(operation)
    return spec


def _finish(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            given = {"type": "string", "format": "uuid"} if parameter["name"].endswith("_id") else {}
            parameter["schema"] = PARAMETERS.get(parameter["name"], given or parameter["schema"])
            parameter["required"] = True
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status, text in ERRORS.items():
        if status != "401" or operation.get("security"):
            operation["responses"][status] = {"description": text, "content": {MEDIA_TYPE: problem}}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
