"""Open a case of another process from a case, and link the two: this one goes on, or waits for the other's message."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from pydantic import Field

from engine.errors import CartularioError, InvalidAnswers, OperationFailed, Unavailable
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import sentences


class Opening(BaseParameters):
    process: str = Field(description="El proceso, como reconstruir_acta_sesion.", min_length=1, max_length=80)
    answers: dict[str, Any] = Field(
        default_factory=dict, description="Lo que se responde en su formulario de inicio, por la clave de cada campo."
    )


class CaseOpened(BaseResult):
    numero: str = Field(description="El número del trámite que se abrió; en él, este es tramite.sobre.")


class OpenCase(Operation[Opening]):
    name = "open_case"
    summary = "Abre un trámite de otro proceso, ligado a este: cada uno se ve en la página del otro."
    Parameters = Opening
    Result = CaseOpened

    def run(self, parameters: Opening, call: Call) -> CaseOpened:
        request_id = uuid5(NAMESPACE_OID, f"open_case:{call.key}")
        try:
            number = call.tools.open_case(parameters.process, parameters.answers, call.case_id, request_id)
        except Unavailable:
            raise
        except InvalidAnswers as error:
            raise OperationFailed(" ".join(sentences(error)), permanent=True) from error
        except CartularioError as error:
            raise OperationFailed(
                f"No se pudo abrir «{parameters.process}»: {error.message}", permanent=True
            ) from error
        return CaseOpened(numero=number)
