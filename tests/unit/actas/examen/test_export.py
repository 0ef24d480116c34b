"""What leaves for SIU-Guaraní: published grades, by the published schema, and nothing before its day (R-8, R-50)."""

import csv
import io
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from engine.actas.examen import export_csv, export_grades, published_mesas, schema
from engine.errors import NotFound
from tests.support.examen import AT, actas, bring, open_mesa, student
from tests.unit.actas.examen.test_later_actas import LATER, publish_at, rectify
from tests.unit.actas.examen.test_publication import DUE

COURSE = "=Métodos; «numéricos» " + "a" * 150


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def mesa(database):
    listed = [student(1, apellidos="Ñáñez", nombres=""), *(student(n) for n in range(2, 23))]
    made = open_mesa(database, listed, curso=COURSE, exchange_ref="MESA-2026-0117", escala="unemi")
    for one in actas(database, made):
        bring(database, one.id, "bloqueada", absent=[1], mark="69,5")
    return made


def exported(database, mesa, at=DUE):
    with database.read() as conn:
        return export_grades(conn, mesa, at)


@pytest.mark.req("R-8", "R-50")
def test_nothing_leaves_before_its_publication(database, mesa):
    with pytest.raises(NotFound, match="no salen"):
        exported(database, mesa)
    first = actas(database, mesa)[0].id
    publish_at(database, DUE, first)
    assert [one["nombre"] for one in exported(database, mesa)["actas"]] == ["2026-L0001-F0001"]
    with pytest.raises(NotFound):
        exported(database, mesa, DUE - timedelta(seconds=1))


@pytest.mark.req("R-8")
def test_what_leaves_follows_the_published_schema_and_says_all_that_the_acta_says(database, mesa):
    publish_at(database, DUE, *(one.id for one in actas(database, mesa)))
    made = exported(database, mesa)
    assert list(Draft202012Validator(schema(), format_checker=FormatChecker()).iter_errors(made)) == []
    assert (made["mesa"]["id"], made["mesa"]["actividad"]["nombre"]) == ("MESA-2026-0117", COURSE)
    full, last = made["actas"]
    assert (full["inscriptos"], full["examinados"], len(full["sha256"])) == (21, 20, 64)
    assert (last["inscriptos"], last["examinados"]) == (1, 0)
    assert full["alumnos"][1] == {
        "renglon": 2, "expediente": "PG-0003/26", "apellidos": "Apellido 00003", "nombres": "Nombre 3", "tipo": "DNI",
        "documento": "20000003", "calificacion": "69.5", "letras": "sesenta y nueve con cincuenta", "ausente": False,
        "fecha": "2026-03-01", "condicion": "desaprobado",
        "reemplazada_por": None,
    }  # fmt: skip
    absent = full["alumnos"][0]
    assert (absent["calificacion"], absent["letras"], absent["condicion"]) == (None, "ausente", "ausente")


@pytest.mark.req("R-8")
def test_the_csv_has_a_row_for_each_student_and_no_formula(database, mesa):
    publish_at(database, DUE, *(one.id for one in actas(database, mesa)))
    text = "".join(export_csv([exported(database, mesa)])).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 22
    assert {row["curso"] for row in rows} == {f"'{COURSE}"}
    assert [(row["acta"], row["renglon"], row["ausente"], row["calificacion"]) for row in rows[-2:]] == [
        ("2026-L0001-F0001", "21", "no", "69.5"), ("2026-L0001-F0002", "1", "si", ""),
    ]  # fmt: skip


@pytest.mark.req("R-8")
def test_a_rectificativa_leaves_as_one_and_names_the_acta_it_is_about(database, mesa):
    first = actas(database, mesa)[0].id
    publish_at(database, DUE, first)
    made = rectify(database, first, filas=[2])
    bring(database, made, "bloqueada", at=AT + timedelta(days=8), mark="70")
    publish_at(database, LATER, made)
    _, last = exported(database, mesa, LATER)["actas"]
    assert (last["tipo"], last["rectifica"], last["inscriptos"]) == ("rectificativa", "2026-L0001-F0001", 1)
    with database.read() as conn:
        assert published_mesas(conn, DUE, LATER) == [mesa]
        assert published_mesas(conn, LATER + timedelta(days=1), LATER + timedelta(days=2)) == []
