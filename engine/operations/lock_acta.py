"""Lock an acta with its grades: its signed PDF is the original from then on (R-48, R-51)."""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from pydantic import Field

from engine.actas.examen import Schedule, get_acta, lock_acta
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import ExamId, own_acta, refusals_told


class Locking(BaseParameters):
    acta: ExamId = Field(description="El acta, con sus notas cargadas.")
    document: DocumentId | None = Field(
        default=None, description="El PDF firmado como se archiva; si no, el que se firmó."
    )
    by: UUID | None = Field(default=None, description="Quién lo decidió, como hecho.<tarea>.quien.")


class ActaLocked(BaseResult):
    el: str = Field(description="Desde cuándo, en UTC.")
    sha256: str = Field(description="Resumen SHA-256 del original.")
    publicacion: str = Field(description="Instante en que sus notas se publican, en UTC: para un temporizador.")


class LockActa(Operation[Locking]):
    name = "lock_acta"
    summary = "Bloquea un acta: desde entonces ni ella ni sus notas cambian y su PDF firmado es el original."
    Parameters = Locking
    Result = ActaLocked

    def run(self, parameters: Locking, call: Call) -> ActaLocked:
        tools = call.tools
        with refusals_told(), tools.database.write() as conn:
            own_acta(conn, parameters.acta, call)
            acta_id, now = parameters.acta, tools.clock.now()
            sha256 = lock_acta(
                conn, acta_id, job_key=call.key, by=parameters.by, at=now, document_id=parameters.document
            )
            locked = get_acta(conn, acta_id).locked_at or now
        when = Schedule.of(tools.config).on_or_after(locked)
        return ActaLocked(el=locked.isoformat(), sha256=sha256, publicacion=when.astimezone(UTC).isoformat())
