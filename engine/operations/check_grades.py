"""Say what is wrong with what a docente stated, row by row, and with its totals (R-37, R-38)."""

from __future__ import annotations

from pydantic import Field

from engine.actas.examen import check_load, get_load, students_of
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_acta, refusals_told

MOST_TOLD = 50  # defects in a result: it is case data


class Checking(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    carga: ExamId = Field(description="La carga del docente.")


class GradesChecked(BaseResult):
    correcta: bool = Field(description="Está completa y no se contradice.")
    defectos: list[str] = Field(description="Qué corregir, fila por fila.")
    inscriptos: int = Field(description="Alumnos del acta.")
    examinados: int = Field(description="Filas de la carga que no dicen «ausente».")


class CheckGrades(Operation[Checking]):
    name = "check_grades"
    summary = "Controla la carga de un docente: cada fila, las letras contra el número y los totales."
    Parameters = Checking
    Result = GradesChecked

    def run(self, parameters: Checking, call: Call) -> GradesChecked:
        with refusals_told(), call.tools.database.read() as conn:
            acta = own_acta(conn, parameters.acta, call)
            load = get_load(conn, parameters.carga)
            if load.acta_id != acta.id:
                raise OperationFailed("La carga es de otra acta.", permanent=True)
            faults = check_load(conn, load, call.tools.config.zone)
            enrolled = len(students_of(conn, acta.id))
        return GradesChecked(
            correcta=not faults,
            defectos=[str(one) for one in faults[:MOST_TOLD]],
            inscriptos=enrolled,
            examinados=sum(1 for row in load.rows if not row.ausente and row.nota is not None),
        )
