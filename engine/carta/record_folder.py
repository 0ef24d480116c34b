"""Academic records as the academic system exports them: files in a folder, read anew at each request.

Either ``registros.json`` (a list of records) or ``estudiantes.csv`` with ``materias.csv`` (comma or semicolon, UTF-8);
``docs/records.md`` lists the columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.carta.records import (
    AcademicRecord,
    MalformedRecords,
    RecordsUnavailable,
    canonical_identity,
    checked,
)

LARGEST_FILE = 32 * 1024 * 1024  # bytes
JSON_FILE, STUDENTS_FILE, SUBJECTS_FILE = "registros.json", "estudiantes.csv", "materias.csv"


@dataclass(frozen=True)
class RecordFolder:
    folder: Path

    def find(self, identity: str) -> list[AcademicRecord]:
        """Every record of this identity number, written with or without dots, dashes and spaces."""
        if not self.folder.is_dir():
            raise RecordsUnavailable("No se encuentra la carpeta de registros académicos.")
        return list(self._find(canonical_identity(identity)))

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
                yield checked(record, f"{JSON_FILE}, registro {n}")

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
            yield checked({**row, "materias": own}, f"{STUDENTS_FILE}, línea {n}")


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
