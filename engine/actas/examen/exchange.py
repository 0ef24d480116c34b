"""SIU-Guaraní's exchange file (R-8): the enrolled of a mesa in JSON, by the published docs/siu_guarani.schema.json.

Called by ``enrolled``; the export of grades writes the same format. The file as a whole either follows the schema or is
refused with the place and the mend; what each student's row says is judged apart, so that all faults are told at once.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

from engine.actas.examen.student import COLUMNS
from engine.config import ROOT

FORMAT, VERSION = "cartulario-siu-guarani", 1
SCHEMA = ROOT / "docs" / "siu_guarani.schema.json"
ENROLLED, GRADES = "inscriptos", "calificaciones"


class NotExchange(Exception):
    """``args[0]``: what of the file does not follow the format, where, and the mend."""


@dataclass(frozen=True, slots=True)
class Mesa:
    """What an exchange file says of the mesa."""

    reference: str
    codigo: str
    curso: str
    horas: int | None
    fecha: date
    departamento: str | None
    docente: str | None  # the registered address of the docente responsable
    tribunal: tuple[tuple[str, str | None], ...]  # name and registered address


@dataclass(frozen=True, slots=True)
class Exchange:
    mesa: Mesa
    students: list[Mapping[str, str]]


def read_exchange(data: bytes) -> Exchange:
    """Raises NotExchange."""
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotExchange("El archivo no es un JSON válido en UTF-8: expórtelo otra vez.") from error
    if isinstance(given, dict) and given.get("contenido") == GRADES:
        raise NotExchange("El archivo trae calificaciones: aquí se espera el de inscriptos.")
    fault = best_match(_validator().iter_errors(given))
    if fault is not None:
        raise NotExchange(f"El archivo no sigue el formato de intercambio: {_said(fault)}.")
    return Exchange(_mesa(given["mesa"]), [_student(one) for one in given["alumnos"]])


def schema() -> Mapping[str, Any]:
    """The published schema."""
    found: Mapping[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema(), format_checker=FormatChecker(["date"]))


def _mesa(given: Mapping[str, Any]) -> Mesa:
    activity, docente = given["actividad"], given.get("docente") or {}
    return Mesa(
        reference=_text(given["id"]),
        codigo=_text(activity["codigo"]),
        curso=_text(activity["nombre"]),
        horas=activity.get("horas"),
        fecha=date.fromisoformat(given["fecha"]),
        departamento=given.get("departamento"),
        docente=docente.get("correo"),
        tribunal=tuple((_text(one["nombre"]), one.get("correo")) for one in given.get("tribunal", ())),
    )


def _student(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given.get(name) or "") for name in COLUMNS}


def _text(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def _said(fault: ValidationError) -> str:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault.absolute_path)
    where = f"en «{place}» " if place else ""
    value: Any = fault.instance
    limit: Any = fault.validator_value
    rules: Any = fault.schema
    match fault.validator:
        case "required":
            missing = [name for name in limit if name not in value]
            return f"{where}falta «{missing[0]}»"
        case "const":
            return f"{where}va «{limit}»"
        case "enum":
            return f"{where}va uno de: {', '.join(map(str, limit))}"
        case "type":
            return f"{where}va {_KINDS.get(str(limit), 'otro tipo de dato')}"
        case "additionalProperties":
            extra = [name for name in value if name not in rules.get("properties", {})]
            return f"{where}sobra «{str(extra[0])[:40]}»"
        case "format" | "pattern":
            return f"{where}«{str(value)[:40]}» no tiene la forma que se pide"
        case "minItems" | "minLength":
            return f"{where}no puede ir vacío"
        case _:
            return f"{where}lo escrito es demasiado largo o está fuera de lo que se admite"


_KINDS = {"string": "un texto", "integer": "un número entero", "object": "un objeto", "array": "una lista"}
