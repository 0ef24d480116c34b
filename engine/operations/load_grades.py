"""Load the grades of a signed and validated acta into the system (R-7, R-47)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from engine.actas.examen import load_grades
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_acta, refusals_told


class Loading(BaseParameters):
    acta: ExamId = Field(description="El acta, validada.")
    by: UUID | None = Field(default=None, description="Quién lo decidió, como hecho.<tarea>.quien.")


class GradesLoaded(BaseResult):
    filas: int = Field(description="Cuántas calificaciones se cargaron.")


class LoadGrades(Operation[Loading]):
    name = "load_grades"
    summary = "Carga en el sistema las notas de un acta firmada y validada."
    Parameters = Loading
    Result = GradesLoaded

    def run(self, parameters: Loading, call: Call) -> GradesLoaded:
        with refusals_told(), call.tools.database.write() as conn:
            own_acta(conn, parameters.acta, call)
            how: dict[str, Any] = {"job_key": call.key, "at": call.tools.clock.now()}
            rows = load_grades(conn, parameters.acta, by=parameters.by, **how)
        return GradesLoaded(filas=rows)
