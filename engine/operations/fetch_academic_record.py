"""Fetch a person's academic record from the academic system: the files that it exports (R-8), or its service.

A source that is down or slow is asked again; one that answers with somebody else's data is an incident for a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from engine.carta.record_folder import RecordFolder
from engine.carta.record_service import RecordService
from engine.carta.records import (
    AcademicRecord,
    AcademicRecords,
    MalformedRecords,
    RecordNotFound,
    RecordsUnavailable,
    SeveralRecords,
    SomebodyElsesRecord,
    canonical_identity,
    in_time,
    pick,
)
from engine.config import Config
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.people import Person, get_person
from engine.storage.search import fold, words

SOURCE = "Sistema académico"
SHORTEST = 3  # letters and digits of an identity
NO_IDENTITY = (
    "La persona no tiene un número de identidad registrado y sin él no se puede buscar su registro: regístrelo en sus "
    "datos y reintente, o cargue el registro a mano."
)
_PARTICLES = frozenset({"del", "las", "los", "von", "van", "der", "dos"})


class IdentityOfHolder(BaseParameters):
    identity: str | None = Field(description="Cédula, pasaporte o documento de la persona.", max_length=30)
    career: str | None = Field(
        default=None, description="La carrera que se quiere, si consta en varias.", max_length=300
    )
    offer_careers: bool = Field(
        default=False,
        description="Si consta en varias: sí, da la lista en «carreras» para que elija; no, deja un incidente.",
    )


class SubjectResult(BaseResult):
    codigo: str = ""
    materia: str
    periodo: str = ""
    creditos: float | None = None
    nota: float | None = None
    condicion: str = ""


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
    promedio: float | None = Field(None, description="Promedio general, si consta.")
    materias: list[SubjectResult] = Field(
        description="Una por materia: codigo, materia, periodo, creditos, nota, condicion."
    )
    fuente: str = Field(description="De dónde se tomó.")
    carreras: list[str] = Field(
        default_factory=list, description="Entre cuáles hay que elegir; vacía cuando el registro ya es uno."
    )


class FetchAcademicRecord(Operation[IdentityOfHolder]):
    name = "fetch_academic_record"
    summary = "Obtiene el registro académico de una persona del sistema académico: de sus archivos o de su servicio."
    Parameters = IdentityOfHolder
    Result = RecordFound
    by_hand = True

    def run(self, parameters: IdentityOfHolder, call: Call) -> RecordFound:
        source, limit = _source(call.tools.config), call.tools.config.academic_records_seconds
        identity = parameters.identity or ""
        if len(canonical_identity(identity)) < SHORTEST:
            raise OperationFailed(NO_IDENTITY, permanent=True)
        try:
            found = in_time(lambda: source.find(identity), limit)
            record = pick(found, identity, parameters.career)
        except RecordsUnavailable as error:
            raise OperationFailed(str(error), permanent=False) from error
        except SeveralRecords as error:
            for one in found:
                _check_holder(one, call)
            if not (parameters.offer_careers and error.careers):
                raise OperationFailed(f"{error} Cargue a mano el que corresponda.", permanent=True) from error
            return _to_choose(found[0], error.careers)
        except (RecordNotFound, MalformedRecords, SomebodyElsesRecord) as error:
            raise OperationFailed(str(error), permanent=True) from error
        _check_holder(record, call)
        return RecordFound(**record.model_dump(), fuente=SOURCE, carreras=[])


def _source(config: Config) -> AcademicRecords:
    if config.academic_records_url:
        token = config.academic_records_token.get_secret_value() if config.academic_records_token else None
        return RecordService(config.academic_records_url, token, config.academic_records_seconds)
    if config.academic_records is None:
        raise OperationFailed("No está configurado de dónde se toman los registros académicos.", permanent=True)
    return RecordFolder(config.academic_records)


def _to_choose(record: AcademicRecord, careers: Sequence[str]) -> RecordFound:
    """Who it is, and nothing of any career until one is chosen."""
    return RecordFound(
        identidad=record.identidad,
        apellidos=record.apellidos,
        nombres=record.nombres,
        carrera="",
        facultad="",
        modalidad="",
        estado="",
        ingreso="",
        egreso="",
        escala=record.escala,
        promedio=None,
        materias=[],
        fuente=SOURCE,
        carreras=list(careers),
    )


def _check_holder(record: AcademicRecord, call: Call) -> None:
    """The record found under the requester's number must bear the requester's name: a wrong number in either system
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
    """The first surname, and a given name when both write them apart. Married names and lost accents pass; somebody who
    only shares a surname does not."""
    surnames, given = _names(requester.family_names), _names(requester.given_names)
    theirs, their_given = _names(record.apellidos), _names(record.nombres)
    first = (surnames or given)[:1]
    if not first or first[0] not in theirs:
        return False
    return not (surnames and given and their_given) or bool(set(given) & set(their_given))


def _names(text: str) -> list[str]:
    return [fold(word) for word in words(text) if len(word) > 2 and fold(word) not in _PARTICLES]
