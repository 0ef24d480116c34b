"""Open a mesa de examen from the enrolled list that a Departamento sends: its actas, numbered (R-28 … R-30)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.actas.examen import (
    Enrolled,
    ListRefused,
    NewMesa,
    Professor,
    TooManyFolios,
    actas_of,
    judge_rows,
    mesa_of,
    open_mesa,
    read_enrolled,
)
from engine.documents import read_document
from engine.errors import InvalidAnswers, NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import refusals_told, sentences

MOST_TOLD = 50  # refusals in a result: it is case data


def _listed(value: Any) -> Any:
    return [value] if value and not isinstance(value, list) else value or []


class InTribunal(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    nombre: str | None = Field(default=None, max_length=200)  # a row left blank names nobody
    correo: str | None = Field(default=None, max_length=254)


class Opening(BaseParameters):
    curso: str = Field(description="Nombre completo del curso o seminario.", max_length=300)
    codigo: str = Field(description="Código del curso.", max_length=40)
    horas: int = Field(description="Horas del curso.", ge=1, le=9_999)
    fecha: date = Field(description="Fecha de la mesa, AAAA-MM-DD.")
    departamento: str = Field(description="Código del Departamento, como quimica.", max_length=40)
    docente: UUID = Field(description="El docente responsable: el identificador de una persona registrada.")
    tribunal: list[InTribunal] = Field(
        default_factory=list,
        description="Profesores como se imprimen: nombre y, si lo hay, correo registrado. Ninguno: solo el docente.",
        max_length=20,
    )
    listado: Annotated[list[DocumentId], BeforeValidator(_listed)] = Field(
        default_factory=list, description="La lista de inscriptos: CSV, XLSX o el archivo de SIU-Guaraní.", max_length=1
    )
    alumnos: list[dict[str, Any]] | None = Field(
        default=None, description="O sus filas: expediente, apellidos, nombres, tipo, documento.", max_length=3_000
    )
    escala: str | None = Field(default=None, description="Escala de calificación; si no, la de la institución.")


class MesaOpened(BaseResult):
    aceptada: bool = Field(description="No, si algo de la lista se rechazó: entonces nada se cargó.")
    rechazos: list[str] = Field(description=f"Qué hay que corregir, fila por fila; {MOST_TOLD} a lo sumo.")
    rechazadas: int = Field(description="Cuántos rechazos hay en total.")
    mesa: dict[str, Any] | None = Field(description="La mesa, para las tareas que siguen.")
    actas: list[dict[str, Any]] = Field(description="Sus actas, de 21 alumnos a lo sumo, en orden de folio.")


class OpenMesa(Operation[Opening]):
    name = "open_mesa"
    summary = "Abre una mesa de examen desde la lista de inscriptos y numera sus actas en un libro."
    Parameters = Opening
    Result = MesaOpened

    def run(self, parameters: Opening, call: Call) -> MesaOpened:
        tools = call.tools
        try:
            enrolled = _enrolled(parameters, call)
        except ListRefused as error:
            return _refused([error.message])
        if said := _of_another(parameters, enrolled):
            return _refused([said])
        if enrolled.refused:
            return _refused([f"Línea {one.line}, {one.who}: {' '.join(one.faults)}" for one in enrolled.refused])
        new = NewMesa(
            curso=parameters.curso,
            codigo=parameters.codigo,
            horas=parameters.horas,
            fecha=parameters.fecha,
            departamento=parameters.departamento,
            docente_id=parameters.docente,
            escala=parameters.escala or tools.config.grade_scale,
            students=enrolled.students,
            tribunal=[Professor(one.nombre or "", email=one.correo) for one in parameters.tribunal],
            exchange_ref=enrolled.mesa.reference if enrolled.mesa else None,
            case_id=call.case_id,
        )
        try:
            with refusals_told(keep=(InvalidAnswers, TooManyFolios)), tools.database.write() as conn:
                mesa_id = open_mesa(
                    conn,
                    new,
                    capacity=tools.config.libro_capacity,
                    job_key=call.key,
                    by=call.requester_id,
                    at=tools.clock.now(),
                    zone=tools.config.zone,
                )
                mesa, actas = mesa_of(conn, mesa_id), actas_of(conn, mesa_id)
        except InvalidAnswers as error:
            return _refused(sentences(error))
        except TooManyFolios as error:
            return _refused([error.message])
        return MesaOpened(aceptada=True, rechazos=[], rechazadas=0, mesa=mesa, actas=actas)


def _enrolled(parameters: Opening, call: Call) -> Enrolled:
    """Raises ListRefused, OperationFailed."""
    country = call.tools.config.country
    if not parameters.listado:
        rows = [{name: str(one or "") for name, one in row.items()} for row in parameters.alumnos or []]
        return judge_rows(rows, country=country)
    with call.tools.database.read() as conn:
        try:
            document, data = read_document(conn, call.tools.archive, parameters.listado[0])
        except NotFound as error:
            raise OperationFailed("La lista de inscriptos no existe.", permanent=True) from error
    if document.case_id != call.case_id:
        raise OperationFailed("La lista de inscriptos es de otro trámite.", permanent=True)
    return read_enrolled(document.name, data, country=country)


def _of_another(parameters: Opening, enrolled: Enrolled) -> str | None:
    """An exchange file names its mesa: it must be the one that is asked for."""
    mesa = enrolled.mesa
    if mesa is not None and mesa.codigo.strip().casefold() != parameters.codigo.strip().casefold():
        return f"El archivo es de otro curso: dice código {mesa.codigo} y usted pidió {parameters.codigo}."
    return None


def _refused(told: list[str]) -> MesaOpened:
    return MesaOpened(aceptada=False, rechazos=told[:MOST_TOLD], rechazadas=len(told), mesa=None, actas=[])
