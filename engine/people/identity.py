"""Identity documents: cédula (Ecuador), DNI and CUIL (Argentina), passport. Rules by ``python-stdnum``."""

from __future__ import annotations

import re

from stdnum.ar import cuit, dni
from stdnum.ec import ci
from stdnum.exceptions import ValidationError

from engine.errors import InvalidAnswers

KINDS = ("cedula", "dni", "cuil", "pasaporte")

_MEND = {
    "cedula": "Revise la cédula: son 10 dígitos y el último comprueba los demás.",
    "dni": "Revise el DNI: son 7 u 8 dígitos.",
    "cuil": "Revise el CUIL: son 11 dígitos y el último comprueba los demás.",
    "pasaporte": "Revise el pasaporte: son de 5 a 15 letras y dígitos, sin espacios.",
}
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")


def _passport(number: str) -> str:
    compact = re.sub(r"[\s.-]", "", number).upper()
    if not _PASSPORT.fullmatch(compact) or not any(letter.isdigit() for letter in compact):
        raise ValidationError()
    return compact


def _cuil(number: str) -> str:
    compact = str(cuit.validate(number))
    if compact[0] != "2":  # 20, 23, 24, 27: people; 30 and more are companies
        raise ValidationError()
    return compact


def check_identity(kind: str | None, number: str | None) -> str:
    """The number in its one written form. Raises InvalidAnswers under ``identity_kind`` or ``identity_number``."""
    if kind not in KINDS:
        raise InvalidAnswers({"identity_kind": "Elija el documento: cédula, DNI, CUIL o pasaporte."})
    rules = {"cedula": ci.validate, "dni": dni.validate, "cuil": _cuil, "pasaporte": _passport}
    try:
        return str(rules[kind](number or ""))
    except ValidationError as error:
        raise InvalidAnswers({"identity_number": _MEND[kind]}) from error
