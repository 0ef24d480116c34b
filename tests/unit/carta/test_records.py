"""Academic records as another system exports them: found by identity, and never trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.carta.record_folder import RecordFolder
from engine.carta.records import (
    AcademicRecord,
    MalformedRecords,
    RecordNotFound,
    RecordsUnavailable,
    SeveralRecords,
    pick,
)

RECORD = {
    "identidad": "0912345675",
    "apellidos": "Ñáñez de la Cruz",
    "nombres": "María José",
    "carrera": "Ingeniería en Biotecnología",
    "promedio": "91,47",
    "materias": [{"codigo": "BIO-101", "materia": "Biología", "periodo": "2024-1", "nota": 95, "creditos": 4}],
}
STUDENTS = (
    "identidad;apellidos;nombres;carrera;promedio\n"
    "091234567-5;Ñáñez de la Cruz;María José;Biotecnología;91,47\n"
    "1700000019;D'Angelo;;Derecho;\n"
)
SUBJECTS = "identidad;materia;nota;condicion\n0912345675;Biología;95,5;aprobada\n1700000019;Civil I;;ausente\n"


def _json(folder: Path, *records: object) -> RecordFolder:
    (folder / "registros.json").write_text(json.dumps(records), encoding="utf-8")
    return RecordFolder(folder)


def _csv(folder: Path, students: str = STUDENTS, subjects: str = SUBJECTS) -> RecordFolder:
    (folder / "estudiantes.csv").write_text(students, encoding="utf-8-sig")
    (folder / "materias.csv").write_text(subjects, encoding="utf-8")
    return RecordFolder(folder)


def fetch(folder: RecordFolder, identity: str, career: str | None = None) -> AcademicRecord:
    return pick(folder.find(identity), identity, career)


def test_a_record_is_found_by_identity_however_it_is_written(tmp_path: Path) -> None:
    record = fetch(_json(tmp_path, RECORD), "091234567-5")
    assert (record.apellidos, record.promedio) == ("Ñáñez de la Cruz", 91.47)
    assert record.materias[0].nota == 95


def test_a_record_comes_from_two_csv_files_too(tmp_path: Path) -> None:
    record = fetch(_csv(tmp_path), "0912345675")
    assert (record.nombres, record.promedio) == ("María José", 91.47)
    assert [(s.materia, s.nota, s.condicion) for s in record.materias] == [("Biología", 95.5, "aprobada")]


def test_a_single_surname_and_an_absence_are_no_faults(tmp_path: Path) -> None:
    record = fetch(_csv(tmp_path), "1700000019")
    assert (record.apellidos, record.nombres, record.materias[0].nota) == ("D'Angelo", "", None)


@pytest.mark.parametrize("files", ["none", "folder gone", "no subjects"])
def test_what_is_not_there_may_come_back(tmp_path: Path, files: str) -> None:
    folder = RecordFolder(tmp_path / "gone") if files == "folder gone" else RecordFolder(tmp_path)
    if files == "no subjects":
        _csv(tmp_path)
        (tmp_path / "materias.csv").unlink()
    with pytest.raises(RecordsUnavailable):
        fetch(folder, "0912345675")


def test_somebody_who_is_not_listed_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(RecordNotFound, match="3000000012"):
        fetch(_json(tmp_path, RECORD), "3000000012")


def test_two_records_under_one_number_are_for_a_person_to_choose(tmp_path: Path) -> None:
    with pytest.raises(SeveralRecords, match="2 registros"):
        fetch(_json(tmp_path, RECORD, {**RECORD, "apellidos": "Otra"}), "0912345675")


def test_the_subjects_of_two_careers_are_kept_apart(tmp_path: Path) -> None:
    subjects = "identidad;carrera;materia\n0912345675;Biotecnología;Biología\n0912345675;Derecho;Civil I\n"
    record = fetch(_csv(tmp_path, subjects=subjects), "0912345675")
    assert [subject.materia for subject in record.materias] == ["Biología"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "JSON"),
        ('{"identidad": 1}', "lista"),
        ("[1]", "lista"),
        ("[" * 100_000, "JSON"),
        (json.dumps([{**RECORD, "apellidos": ""}]), "apellidos"),
        (json.dumps([{**RECORD, "promedio": "NaN"}]), "promedio"),
        (json.dumps([{**RECORD, "promedio": 101}]), "promedio"),
        (json.dumps([{**RECORD, "materias": [RECORD["materias"][0]] * 301}]), "materias"),  # type: ignore[index]
    ],
)
def test_a_json_file_that_cannot_be_trusted_is_refused_with_the_place(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "registros.json").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedRecords, match=complaint):
        fetch(RecordFolder(tmp_path), "0912345675")


@pytest.mark.parametrize(
    ("students", "complaint"),
    [
        ("identidad;nombres\n0912345675;Ana\n", "apellidos"),
        ("identidad;apellidos;carrera\n0912345675;Ñáñez\n", "línea 2"),
        ("identidad;apellidos;carrera;promedio\n0912345675;Ñáñez;Derecho;nueve\n", "promedio"),
    ],
)
def test_a_csv_file_that_cannot_be_trusted_is_refused_with_the_place(
    tmp_path: Path, students: str, complaint: str
) -> None:
    with pytest.raises(MalformedRecords, match=complaint):
        fetch(_csv(tmp_path, students=students), "0912345675")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "registros.json").write_bytes('[{"apellidos": "Ñáñez"}]'.encode("latin-1"))
    with pytest.raises(MalformedRecords, match="UTF-8"):
        fetch(RecordFolder(tmp_path), "0912345675")


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "registros.json").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    with pytest.raises(MalformedRecords, match="32 MB"):
        fetch(RecordFolder(tmp_path), "0912345675")
