"""Identity documents: cédula (Ecuador), DNI and CUIL (Argentina), passport. Rules by ``python-stdnum``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stdnum.ar import cuit, dni
from stdnum.ec import ci
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from engine.errors import InvalidAnswers

KINDS = ("cedula", "dni", "cuil", "pasaporte")

_MEND = {
    "cedula": "Revise la cédula: son 10 dígitos y el último comprueba los demás.",
    "dni": "Revise el DNI: son 7 u 8 dígitos, sin letras.",
    "cuil": "Revise el CUIL: son 11 dígitos y el último comprueba los demás.",
    "pasaporte": "Revise el pasaporte: son de 5 a 15 letras y dígitos, sin espacios.",
}
_WRONG: Mapping[tuple[str, type[ValidationError]], str] = {  # what the rule found, and where to look
    ("cedula", InvalidLength): "Revise la cédula: son 10 dígitos y escribió {n}. Los ceros del principio también van.",
    ("cedula", InvalidFormat): "Revise la cédula: lleva solo dígitos. Si es un pasaporte, elija «Pasaporte».",
    (
        "cedula",
        InvalidComponent,
    ): "Revise los tres primeros dígitos de la cédula: los dos primeros son la provincia, "
    "de 01 a 24, o 30 si se obtuvo en el exterior; el tercero va de 0 a 6.",
    ("cedula", InvalidChecksum): "Revise la cédula dígito por dígito con el documento a la vista: el último ({last}) "
    "comprueba los nueve primeros y no les corresponde. Suele ser un dígito cambiado o dos trocados.",
    ("cuil", InvalidLength): "Revise el CUIL: son 11 dígitos y escribió {n}.",
    ("cuil", InvalidFormat): "Revise el CUIL: lleva solo dígitos y guiones.",
    ("cuil", InvalidComponent): "Revise el principio del CUIL: el de una persona empieza con 20, 23, 24 o 27.",
    (
        "cuil",
        InvalidChecksum,
    ): "Revise el CUIL dígito por dígito: el último ({last}) comprueba los diez primeros y no "
    "les corresponde. Suele ser un dígito cambiado o dos trocados.",
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
        raise InvalidComponent()
    return compact


def check_identity(kind: str | None, number: str | None) -> str:
    """The number in its one written form. Raises InvalidAnswers under ``identity_kind`` or ``identity_number``."""
    if kind not in KINDS:
        raise InvalidAnswers({"identity_kind": "Elija el documento: cédula, DNI, CUIL o pasaporte."})
    rules = {"cedula": ci.validate, "dni": dni.validate, "cuil": _cuil, "pasaporte": _passport}
    try:
        return str(rules[kind](number or ""))
    except ValidationError as error:
        raise InvalidAnswers({"identity_number": _told(kind, number or "", error)}) from error


def _told(kind: str, number: str, error: ValidationError) -> str:
    """The rule that the number breaks, and what to do. The digit that fits is not told: it is read."""
    digits = [letter for letter in number if letter.isalnum()]
    if not digits:
        return _MEND[kind]
    return _WRONG.get((kind, type(error)), _MEND[kind]).format(n=len(digits), last=digits[-1])
