"""Move an exam acta along its circuit (R-15), or back with at least one stated reason (R-42, R-49)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from engine.actas.examen import get_acta, move_acta
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import ExamId, own_acta, refusals_told


class Moving(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    to: str = Field(
        description="enviada, en_carga, en_control, a_firma, firmada, recibida, validada o anulada; a los demás "
        "estados se llega con accept_grades, load_grades, lock_acta y publish_grades."
    )
    note: str | None = Field(default=None, description="Los defectos o el motivo: obligatorio para volver o anular.")
    document: DocumentId | None = Field(default=None, description="El PDF firmado, para «firmada»; o lo que se envió.")
    by: UUID | None = Field(default=None, description="Quién lo decidió, como hecho.<tarea>.quien.")


class ActaMoved(BaseResult):
    estado: str = Field(description="El estado en que quedó.")
    el: str = Field(description="Desde cuándo, en UTC.")


class MoveActa(Operation[Moving]):
    name = "move_acta"
    summary = "Pasa un acta de examen a otro estado de su circuito y lo deja registrado."
    Parameters = Moving
    Result = ActaMoved

    def run(self, parameters: Moving, call: Call) -> ActaMoved:
        with refusals_told(), call.tools.database.write() as conn:
            own_acta(conn, parameters.acta, call)
            move_acta(
                conn,
                parameters.acta,
                parameters.to,
                job_key=call.key,
                by=parameters.by,
                at=call.tools.clock.now(),
                note=parameters.note,
                document_id=parameters.document,
            )
            acta = get_acta(conn, parameters.acta)
        return ActaMoved(estado=acta.state, el=acta.state_at.isoformat())
