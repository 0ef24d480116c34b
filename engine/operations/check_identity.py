"""Check the identity document that a person shows: its digits, and whether it is whose it should be."""

from __future__ import annotations

from pydantic import Field

from engine import people
from engine.errors import InvalidAnswers
from engine.operations.base import BaseParameters, BaseResult, Call, Operation


class IdentityShown(BaseParameters):
    kind: str = Field(description="cedula, pasaporte, dni o cuil.", max_length=30)
    number: str = Field(description="El número, como se lee en el documento.", max_length=60)
    expected: str | None = Field(
        default=None, description="El que debería ser, si se conoce: el de quien pidió el trámite.", max_length=60
    )


class IdentityChecked(BaseResult):
    valida: bool = Field(description="Si el número es correcto y, cuando se espera uno, es ese.")
    numero: str = Field(description="El número en su forma canónica.")
    razon: str = Field(description="Qué está mal y qué revisar; vacía cuando es válida.")


class CheckIdentity(Operation[IdentityShown]):
    name = "check_identity"
    summary = "Comprueba el número de un documento de identidad y, si se dice cuál debe ser, que sea ese."
    Parameters = IdentityShown
    Result = IdentityChecked

    def run(self, parameters: IdentityShown, call: Call) -> IdentityChecked:
        try:
            number = people.check_identity(parameters.kind, parameters.number)
        except InvalidAnswers as error:
            return IdentityChecked(valida=False, numero=parameters.number, razon=" ".join(error.errors.values()))
        if parameters.expected and _letters(parameters.expected) != _letters(number):
            reason = f"El documento {number} no es el que consta en el trámite ({parameters.expected})."
            return IdentityChecked(valida=False, numero=number, razon=reason)
        return IdentityChecked(valida=True, numero=number, razon="")


def _letters(number: str) -> str:
    return "".join(letter for letter in number if letter.isalnum()).upper()
