"""Note what was done with an acta's printed copy, and where it is (R-52, R-53)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from engine.actas.examen import record_copy
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_acta, refusals_told


class RecordingCopy(BaseParameters):
    acta: ExamId = Field(description="El acta bloqueada.")
    what: Literal["printed", "shelved", "transferred", "inventoried"] = Field(
        description="printed (impresa), shelved (archivada), transferred (trasladada) o inventoried (inventariada)."
    )
    place: str | None = Field(default=None, description="Dónde está: estante, caja, legajo.", max_length=200)
    by: UUID | None = Field(default=None, description="Quién lo hizo, como hecho.<tarea>.quien.")


class CopyRecorded(BaseResult):
    el: str = Field(description="Cuándo, en UTC.")


class RecordCopy(Operation[RecordingCopy]):
    name = "record_copy"
    summary = "Anota que la copia impresa de un acta se imprimió, archivó, trasladó o inventarió, y dónde está."
    Parameters = RecordingCopy
    Result = CopyRecorded

    def run(self, parameters: RecordingCopy, call: Call) -> CopyRecorded:
        with refusals_told(), call.tools.database.write() as conn:
            own_acta(conn, parameters.acta, call)
            made = record_copy(
                conn,
                parameters.acta,
                parameters.what,
                job_key=call.key,
                by=parameters.by,
                at=call.tools.clock.now(),
                place=parameters.place,
            )
        return CopyRecorded(el=made.at.isoformat())
