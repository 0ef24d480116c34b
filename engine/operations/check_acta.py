"""Whether a received acta is complete, point by point: the data of SGPyEC's decision table (R-49)."""

from __future__ import annotations

from pydantic import Field

from engine.actas.examen import completeness
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import ExamId, own_acta, refusals_told

MOST_TOLD = 50  # defects in a result: it is case data


class CheckingActa(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    document: DocumentId = Field(description="El PDF firmado, como se recibió.")
    constancia: DocumentId | None = Field(
        default=None, description="La copia archivada del correo o de la carga del docente, de archive_mail."
    )


class ActaChecked(BaseResult):
    datos: bool = Field(description="Cada alumno tiene fecha y nota en número y letras, o «ausente».")
    totales: bool = Field(description="Los totales son los que dan las filas.")
    nombres: bool = Field(description="El archivo conserva su nombre.")
    firma: bool = Field(description="Lleva una firma; si vale lo dice check_returned_signature.")
    correo_archivado: bool = Field(description="La constancia del docente está en el archivo.")
    defectos: list[str] = Field(description="Lo que falta, para el Departamento.")


class CheckActa(Operation[CheckingActa]):
    name = "check_acta"
    summary = "Controla que un acta recibida tenga todo lo que la Resolución pide, punto por punto."
    Parameters = CheckingActa
    Result = ActaChecked

    def run(self, parameters: CheckingActa, call: Call) -> ActaChecked:
        with refusals_told(), call.tools.database.read() as conn:
            own_acta(conn, parameters.acta, call)
            which = (parameters.acta, parameters.document, parameters.constancia)
            found = completeness(conn, *which, call.tools.config.zone)
        return ActaChecked(
            datos=found.data,
            totales=found.totals,
            nombres=found.names,
            firma=found.signed,
            correo_archivado=found.mail_kept,
            defectos=found.defects[:MOST_TOLD],
        )
