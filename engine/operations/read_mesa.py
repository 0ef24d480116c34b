"""A mesa as it is now: after its docente was replaced, or a registered address changed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from engine.actas.examen import mesa_of
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_mesa, refusals_told


class Reading(BaseParameters):
    mesa: ExamId = Field(description="La mesa.")


class MesaRead(BaseResult):
    mesa: dict[str, Any] = Field(description="La mesa, con su docente y su tribunal de ahora.")


class ReadMesa(Operation[Reading]):
    name = "read_mesa"
    summary = "Lee una mesa de examen como está ahora."
    Parameters = Reading
    Result = MesaRead

    def run(self, parameters: Reading, call: Call) -> MesaRead:
        with refusals_told(), call.tools.database.read() as conn:
            own_mesa(conn, parameters.mesa, call)
            return MesaRead(mesa=mesa_of(conn, parameters.mesa))
