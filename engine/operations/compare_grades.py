"""Compare what was transcribed for a reconstruida with the grades that the system holds of the first acta (R-55)."""

from __future__ import annotations

from pydantic import Field

from engine.actas.examen import compare_with_loaded, get_load
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, named_acta, own_acta, refusals_told


class Comparing(BaseParameters):
    acta: ExamId = Field(description="El acta que se reconstruye o rectifica: la nueva.")
    carga: ExamId = Field(description="Lo que se transcribió para ella.")
    about: str = Field(description="El acta de la que trata, por su nombre.", max_length=60)


class GradesCompared(BaseResult):
    coincide: bool = Field(description="Ninguna nota difiere de las que constan en el sistema.")
    diferencias: list[str] = Field(description="Una frase por alumno cuya nota difiere.")


class CompareGrades(Operation[Comparing]):
    name = "compare_grades"
    summary = "Compara la carga de un acta nueva con las notas que el sistema tiene del acta de la que trata."
    Parameters = Comparing
    Result = GradesCompared

    def run(self, parameters: Comparing, call: Call) -> GradesCompared:
        with refusals_told(), call.tools.database.read() as conn:
            acta = own_acta(conn, parameters.acta, call)
            load, about = get_load(conn, parameters.carga), named_acta(conn, parameters.about)
            if load.acta_id != acta.id or acta.about_id != about.id:
                raise OperationFailed("La carga no es de esta acta, o el acta no trata de la otra.", permanent=True)
            differences = compare_with_loaded(conn, load, about.id)
        return GradesCompared(coincide=not differences, diferencias=differences)
