"""Put another docente in charge of a mesa, mid-way, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from engine.actas.examen import mesa_of, replace_docente
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_mesa, refusals_told


class Replacing(BaseParameters):
    mesa: ExamId = Field(description="La mesa.")
    docente: UUID = Field(description="El docente responsable desde ahora.")
    motivo: str = Field(description="Por qué cambia.", max_length=2_000)
    por: UUID | None = Field(default=None, description="Quién lo decidió, como hecho.<tarea>.quien.")


class DocenteReplaced(BaseResult):
    mesa: dict[str, Any] = Field(description="La mesa como quedó.")


class ReplaceDocente(Operation[Replacing]):
    name = "replace_docente"
    summary = "Cambia el docente responsable de una mesa y deja registrado quién era y por qué."
    Parameters = Replacing
    Result = DocenteReplaced

    def run(self, parameters: Replacing, call: Call) -> DocenteReplaced:
        with refusals_told(), call.tools.database.write() as conn:
            own_mesa(conn, parameters.mesa, call)
            replace_docente(
                conn,
                parameters.mesa,
                parameters.docente,
                reason=parameters.motivo,
                job_key=call.key,
                by=parameters.por,
                at=call.tools.clock.now(),
            )
            mesa = mesa_of(conn, parameters.mesa)
        return DocenteReplaced(mesa=mesa)
