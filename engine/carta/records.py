"""Academic records as the academic system exports them: files in a folder, read anew at each request.

Either ``registros.json`` (a list of records) or ``estudiantes.csv`` with ``materias.csv`` (comma or semicolon, UTF-8);
``docs/records.md`` lists the columns. A record is found by its holder's identity number. What is read is checked as
strictly as what a person types: the file is made elsewhere. Raises the errors below; each says what to do, in Spanish.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

LARGEST_FILE = 32 * 1024 * 1024  # bytes
MOST_SUBJECTS = 300
JSON_FILE, STUDENTS_FILE, SUBJECTS_FILE = "registros.json", "estudiantes.csv", "materias.csv"


class RecordsUnavailable(Exception):
    """The folder or a file is not there now: the export may be under way."""


class MalformedRecords(Exception):
    """A file cannot be understood; somebody must export it again."""


class RecordNotFound(Exception):
    pass


class SeveralRecords(Exception):
    """Two people, or two careers of one, under the same number: a person must choose."""


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
    """Where records come from; a folder of files, or another system later."""

    def fetch(self, identity: str) -> AcademicRecord: ...


@dataclass(frozen=True)
class RecordFolder:
    folder: Path

    def fetch(self, identity: str) -> AcademicRecord:
        """The one record of this identity number, written with or without dots, dashes and spaces."""
        if not self.folder.is_dir():
            raise RecordsUnavailable("No se encuentra la carpeta de registros académicos.")
        wanted = canonical_identity(identity)
        found = list(self._find(wanted))
        if not found:
            raise RecordNotFound(f"El sistema académico no tiene un registro con la identidad {identity}.")
        if len(found) > 1:
            raise SeveralRecords(f"El sistema académico tiene {len(found)} registros con la identidad {identity}.")
        return found[0]

    def _find(self, wanted: str) -> Iterator[AcademicRecord]:
        if (self.folder / JSON_FILE).exists():
            yield from self._from_json(wanted)
        else:
            yield from self._from_csv(wanted)

    def _from_json(self, wanted: str) -> Iterator[AcademicRecord]:
        try:
            listed = json.loads(_text(self.folder / JSON_FILE))
        except (ValueError, RecursionError) as error:
            raise MalformedRecords(f"{JSON_FILE} no es un JSON válido: {error}.") from error
        if not isinstance(listed, list) or not all(isinstance(record, dict) for record in listed):
            raise MalformedRecords(f"{JSON_FILE} debe ser una lista de registros.")
        for n, record in enumerate(listed, 1):
            if canonical_identity(record.get("identidad")) == wanted:
                yield _checked(record, f"{JSON_FILE}, registro {n}")

    def _from_csv(self, wanted: str) -> Iterator[AcademicRecord]:
        students = [
            (n, row)
            for n, row in _rows(self.folder / STUDENTS_FILE, {"identidad", "apellidos", "carrera"})
            if canonical_identity(row["identidad"]) == wanted
        ]
        subjects = [
            row
            for _, row in _rows(self.folder / SUBJECTS_FILE, {"identidad", "materia"})
            if canonical_identity(row["identidad"]) == wanted
        ]
        for n, row in students:
            own = [s for s in subjects if s.get("carrera") in (None, "", row["carrera"])]
            yield _checked({**row, "materias": own}, f"{STUDENTS_FILE}, línea {n}")


def canonical_identity(identity: object) -> str:
    """Letters and digits only, upper case."""
    return "".join(c for c in str(identity or "") if c.isalnum()).upper()


def _rows(path: Path, required: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    text = _text(path)
    header = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    try:
        names = {name.strip().lower() for name in reader.fieldnames or []}
        if missing := required - names:
            raise MalformedRecords(f"A {path.name} le falta la columna «{sorted(missing)[0]}».")
        for row in reader:
            if None in row or None in row.values():
                raise MalformedRecords(f"{path.name}, línea {reader.line_num}: no tiene tantos campos como el título.")
            yield (
                reader.line_num,
                {name.strip().lower(): value for name, value in row.items() if value != ""}
                | {name: row[raw] for raw in row for name in [raw.strip().lower()] if name in required},
            )
    except csv.Error as error:
        raise MalformedRecords(f"{path.name}, línea {reader.line_num}: {error}.") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise MalformedRecords(f"{path.name} pasa de 32 MB.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RecordsUnavailable(f"No se puede leer {path.name} de los registros académicos.") from error
    except UnicodeDecodeError as error:
        raise MalformedRecords(f"{path.name} no está en UTF-8.") from error


def _checked(record: Mapping[str, Any], where: str) -> AcademicRecord:
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
