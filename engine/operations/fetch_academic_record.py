"""Fetch a person's academic record from the files that the academic system exports (R-8: files, no dependency)."""

from __future__ import annotations

from pydantic import Field

from engine.carta.records import (
    AcademicRecord,
    MalformedRecords,
    RecordFolder,
    RecordNotFound,
    RecordsUnavailable,
    SeveralRecords,
    canonical_identity,
)
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.people import Person, get_person
from engine.storage.search import fold, words


class IdentityOfHolder(BaseParameters):
    identity: str = Field(description="Cédula, pasaporte o documento de la persona.", min_length=3, max_length=30)


class SubjectResult(BaseResult):
    codigo: str
    materia: str
    periodo: str
    creditos: float | None
    nota: float | None
    condicion: str


class RecordFound(BaseResult):
    identidad: str = Field(description="Número de identidad, como consta en el registro.")
    apellidos: str = Field(description="Apellidos.")
    nombres: str = Field(description="Nombres.")
    carrera: str = Field(description="Carrera o programa.")
    facultad: str = Field(description="Facultad.")
    modalidad: str = Field(description="Presencial, en línea…")
    estado: str = Field(description="Matriculado, egresado, graduado…")
    ingreso: str = Field(description="Período o fecha de ingreso.")
    egreso: str = Field(description="Período o fecha de egreso.")
    escala: float = Field(description="Nota máxima de la escala.")
    promedio: float | None = Field(description="Promedio general, si consta.")
    materias: list[SubjectResult] = Field(
        description="Una por materia: codigo, materia, periodo, creditos, nota, condicion."
    )
    fuente: str = Field(description="De dónde se tomó.")


class FetchAcademicRecord(Operation[IdentityOfHolder]):
    name = "fetch_academic_record"
    summary = "Obtiene el registro académico de una persona de los archivos que exporta el sistema académico."
    Parameters = IdentityOfHolder
    Result = RecordFound

    def run(self, parameters: IdentityOfHolder, call: Call) -> RecordFound:
        folder = call.tools.config.academic_records
        if folder is None:
            raise OperationFailed("No está configurada la carpeta de registros académicos.", permanent=True)
        try:
            record = RecordFolder(folder).fetch(parameters.identity)
        except RecordsUnavailable as error:
            raise OperationFailed(str(error), permanent=False) from error
        except (RecordNotFound, SeveralRecords, MalformedRecords) as error:
            raise OperationFailed(str(error), permanent=True) from error
        _check_holder(record, call)
        return RecordFound(**record.model_dump(), fuente="Sistema académico, archivo de intercambio")


def _check_holder(record: AcademicRecord, call: Call) -> None:
    """The record found under the requester's number must carry the requester's surname: a wrong number in either system
    would otherwise certify somebody else's studies."""
    if call.requester_id is None:
        return
    with call.tools.database.read() as conn:
        requester = get_person(conn, call.requester_id)
    if canonical_identity(requester.identity_number) != canonical_identity(record.identidad):
        return
    if not _same_name(record, requester):
        raise OperationFailed(
            f"El registro con la identidad {record.identidad} está a nombre de {record.apellidos}, {record.nombres}, "
            f"y no de {requester.sort_name}. Compruebe los datos de la persona antes de seguir.",
            permanent=True,
        )


def _same_name(record: AcademicRecord, requester: Person) -> bool:
    def surnames(text: str) -> set[str]:
        return {fold(word) for word in words(text) if len(word) > 2}

    wanted = surnames(requester.family_names or requester.given_names)
    return bool(wanted & surnames(f"{record.apellidos} {record.nombres}"))
