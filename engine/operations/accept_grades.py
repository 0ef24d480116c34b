"""Take what a docente stated as the acta's. The first complete statement wins; another stays beside it, shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from engine.actas.examen import AlreadyAccepted, accept_grades, get_acta, get_load
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_acta, refusals_told


class Accepting(BaseParameters):
    acta: ExamId = Field(description="El acta, en carga.")
    carga: ExamId = Field(description="La carga completa que se acepta.")
    by: UUID | None = Field(default=None, description="Quién la aceptó, como hecho.<tarea>.quien.")


class GradesAccepted(BaseResult):
    carga: str = Field(description="La carga que vale: la primera completa.")
    primera: bool = Field(description="Es la que se dio; no, si otra llegó antes.")
    fuente: str = Field(description="web, correo o mano.")
    correo: str | None = Field(description="El correo por el que vino, si vino por correo.")


class AcceptGrades(Operation[Accepting]):
    name = "accept_grades"
    summary = "Acepta la carga de un docente como la del acta; si otra se aceptó antes, vale aquella."
    Parameters = Accepting
    Result = GradesAccepted

    def run(self, parameters: Accepting, call: Call) -> GradesAccepted:
        with refusals_told(), call.tools.database.write() as conn:
            own_acta(conn, parameters.acta, call)
            try:
                how: dict[str, Any] = {
                    "job_key": call.key,
                    "at": call.tools.clock.now(),
                    "zone": call.tools.config.zone,
                }
                accept_grades(conn, parameters.acta, parameters.carga, by=parameters.by, **how)
            except AlreadyAccepted:
                pass  # both came at once: what counts is in the acta
            accepted = get_acta(conn, parameters.acta).carga_id
            load = get_load(conn, accepted or parameters.carga)
        return GradesAccepted(
            carga=str(load.id),
            primera=load.id == parameters.carga,
            fuente=load.source,
            correo=str(load.mail_id) if load.mail_id else None,
        )
