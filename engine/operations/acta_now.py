"""How an exam acta stands now: for a process that asked another case to do something to it, before it says what became
of that."""

from __future__ import annotations

from pydantic import Field

from engine.actas.examen import ANNULLED, LOCKED, WORDS
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import named_acta, refusals_told


class Looking(BaseParameters):
    acta: str = Field(description="Su nombre, como 2021-L0012-F0034.", max_length=60)


class ActaNow(BaseResult):
    estado: str = Field(description="El estado, como se lee: «A la firma».")
    anulada: bool = Field(description="Está anulada.")
    bloqueada: bool = Field(description="Está bloqueada: ya no se anula, se rectifica con otra.")


class LookAtActa(Operation[Looking]):
    name = "acta_now"
    summary = "Dice en qué estado está ahora un acta de examen."
    Parameters = Looking
    Result = ActaNow

    def run(self, parameters: Looking, call: Call) -> ActaNow:
        with refusals_told(), call.tools.database.read() as conn:
            acta = named_acta(conn, parameters.acta)
        return ActaNow(estado=WORDS[acta.state], anulada=acta.state == ANNULLED, bloqueada=acta.state in LOCKED)
