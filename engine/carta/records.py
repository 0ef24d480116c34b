"""Academic records: what one is, what can go wrong with its source, and which one of a person's is meant.

``record_folder`` and ``record_service`` are the sources; the operation ``fetch_academic_record`` asks. What comes from
outside is checked as strictly as what a person types. Raises the errors below; each says what to do, in Spanish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import Any, Protocol, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

MOST_SUBJECTS = 300
T = TypeVar("T")


class RecordsUnavailable(Exception):
    """The source does not answer now, or not in time: trying again may help."""


class MalformedRecords(Exception):
    """What it answers cannot be understood; somebody must mend it there."""


class RecordNotFound(Exception):
    pass


class SeveralRecords(Exception):
    """Several careers, or one twice, under the same number: a person must choose."""

    def __init__(self, message: str, careers: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.careers = tuple(careers)


class SomebodyElsesRecord(Exception):
    """The source answered with the data of another person: never to be certified."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, str_max_length=300)


class Subject(_Row):
    codigo: str = ""
    materia: str = Field(min_length=1)
    periodo: str = ""
    creditos: float | None = Field(default=None, ge=0, le=100)
    nota: float | None = Field(default=None, ge=0, le=100)
    condicion: str = ""

    @field_validator("nota", "creditos", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return _decimal(value)


class AcademicRecord(_Row):
    identidad: str = Field(min_length=3, max_length=30)
    apellidos: str = Field(min_length=1)
    nombres: str = ""
    carrera: str = Field(min_length=1)
    facultad: str = ""
    modalidad: str = ""
    estado: str = ""
    ingreso: str = ""
    egreso: str = ""
    escala: float = Field(default=100, gt=0, le=100)
    promedio: float | None = Field(default=None, ge=0, le=100)
    materias: tuple[Subject, ...] = Field(default=(), max_length=MOST_SUBJECTS)

    @field_validator("promedio", "escala", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return _decimal(value)


class AcademicRecords(Protocol):
    """Where records come from: a folder of files, or a service."""

    def find(self, identity: str) -> Sequence[AcademicRecord]:
        """Every record that the source gives for this identity number; none when it knows of none. Raises
        ``RecordsUnavailable``, ``MalformedRecords``."""
        ...


def pick(found: Sequence[AcademicRecord], identity: str, career: str | None = None) -> AcademicRecord:
    """The one that is meant. Raises ``SomebodyElsesRecord``, ``RecordNotFound``, ``SeveralRecords``."""
    wanted = canonical_identity(identity)
    for record in found:
        if canonical_identity(record.identidad) != wanted:
            raise SomebodyElsesRecord(
                f"Se pidió el registro de la identidad {identity} y el sistema académico respondió con el de otra "
                f"persona ({record.identidad}). Avise a quien lo administra; el certificado no se emite con esos datos."
            )
    if not found:
        raise RecordNotFound(f"El sistema académico no tiene un registro con la identidad {identity}.")
    if career is not None:
        found = [record for record in found if record.carrera == career]
        if not found:
            raise RecordNotFound(f"La identidad {identity} ya no consta en la carrera «{career}».")
    if len(found) == 1:
        return found[0]
    careers = sorted({record.carrera for record in found})
    if len(careers) < len(found):
        raise SeveralRecords(
            f"El sistema académico tiene {len(found)} registros con la identidad {identity} y alguno está repetido: "
            "no se puede saber cuál vale."
        )
    raise SeveralRecords(f"La identidad {identity} consta en {len(found)} carreras: {', '.join(careers)}.", careers)


def canonical_identity(identity: object) -> str:
    """Letters and digits only, upper case."""
    return "".join(c for c in str(identity or "") if c.isalnum()).upper()


def in_time(work: Callable[[], T], seconds: float) -> T:
    """What ``work`` gives, or ``RecordsUnavailable`` once the seconds have passed: a service may trickle for ever, a
    folder on another machine may hang. Nothing waits for the thread that is left behind."""
    answer: Queue[tuple[T | None, BaseException | None]] = Queue(1)

    def run() -> None:
        try:
            answer.put((work(), None))
        except BaseException as error:  # handed to whoever waits
            answer.put((None, error))

    Thread(target=run, name="registros", daemon=True).start()
    try:
        value, error = answer.get(timeout=seconds)
    except Empty as empty:
        raise RecordsUnavailable(late(seconds)) from empty
    if error is not None:
        raise error
    return cast(T, value)


def late(seconds: float) -> str:
    return f"El sistema académico no respondió en {seconds:g} segundos.".replace(".", ",", 1 if seconds % 1 else 0)


def checked(record: Mapping[str, Any], where: str) -> AcademicRecord:
    """Raises ``MalformedRecords`` with the place and the field."""
    try:
        return AcademicRecord.model_validate({name: value for name, value in record.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise MalformedRecords(f"{where}: «{field}» no es correcto ({fault['msg']}).") from error


def _decimal(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().replace(",", ".") or None
    return value
