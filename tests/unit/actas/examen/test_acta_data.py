"""What every template of Anexo II fills: all of it derived, and the legends word for word (R-32, R-52, R-57 … R-61)."""

import re
from datetime import date
from pathlib import Path

import pytest

from engine.actas.examen import (
    LEGEND,
    PRINTED_LEGEND,
    Professor,
    accept_grades,
    acta_data,
    acta_of,
    actas_of,
    check_load,
    get_acta,
    get_load,
    mesa_of,
    record_load,
)
from engine.actas.examen.printed import printed
from engine.config import Config
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, read_acta, statement

REQUIREMENTS = Path(__file__).resolve().parents[4] / "docs" / "requirements.md"


@pytest.fixture
def backend():
    return "sqlite"


def quoted(number):
    """What a requirement quotes."""
    (line,) = re.findall(rf"^- {number} .*$", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    return re.search("«([^»]+)»", line)[1]


@pytest.mark.req("R-32", "R-52")
def test_the_legends_are_those_of_the_resolution_word_for_word():
    assert quoted("R-32") == LEGEND
    assert quoted("R-52") == PRINTED_LEGEND


@pytest.mark.req("R-57", "R-58", "R-59", "R-60", "R-61")
def test_an_acta_says_its_header_its_students_and_once_accepted_its_grades_and_totals(database):
    tribunal = [Professor(f"Dra. Ángela Güiraldes {n}") for n in range(7)]
    mesa = open_mesa(database, 22, tribunal=tribunal, horas=48, fecha=date(2026, 2, 27))
    first, last = actas(database, mesa)
    config = Config(institution="Universidad Nacional del Sur", actas_unit="Secretaría de Posgrado")
    with database.read() as conn:
        blank = acta_data(conn, last.id, config)
    assert (blank["universidad"], blank["secretaria"]) == ("Universidad Nacional del Sur", "Secretaría de Posgrado")
    assert (blank["anio"], blank["libro"], blank["folio"], blank["horas"]) == (2026, 1, 2, 48)
    assert (blank["fecha"], blank["tipo"], blank["leyenda"]) == ("2026-02-27", "normal", LEGEND)
    assert blank["tribunal"] == [one.name for one in tribunal]
    assert (blank["inscriptos"], blank["examinados"]) == (None, None)
    assert [row["calificacion"] for row in blank["filas"]] == [None]
    bring(database, first.id, "cargada", absent=[1, 21])
    with database.read() as conn:
        said = acta_data(conn, first.id, config)
    assert (said["inscriptos"], said["examinados"], len(said["filas"])) == (21, 19, 21)
    assert said["filas"][1] == {
        "n": 2, "expediente": "PG-0002/26", "apellidos": "Apellido 00002", "nombres": "Nombre 2",
        "nombre": "Apellido 00002, Nombre 2", "tipo": "DNI", "documento": "20000002", "calificacion": "4",
        "letras": "cuatro", "ausente": False, "fecha": None,
    }  # fmt: skip


@pytest.mark.req("R-32", "R-61")
@pytest.mark.parametrize("typed", ["SIETE.-", "siete \u2714", "siete " + "\u2026" * 40, "siete (7)", "siete con cero"])
def test_the_acta_says_a_grade_in_the_letters_of_its_scale_and_the_statement_keeps_what_was_typed(database, typed):
    (one,) = actas(database, open_mesa(database, 3))
    bring(database, one.id, "en_carga")
    with database.write() as conn:
        said = statement(conn, one.id)
        said["rows"][0] |= {"nota": "7", "letras": typed, "ausente": False}
        said["rows"][1] |= {"nota": "", "letras": "AUSENTE.", "ausente": False}
        said["examinados"] = 2
        load = record_load(conn, one.id, source="web", by=None, at=AT, **said)
        assert check_load(conn, load, ZONE) == []
        accept_grades(conn, one.id, load.id, job_key="k", by=None, at=AT, zone=ZONE)
    with database.read() as conn:
        rows = printed(acta_data(conn, one.id))["filas"]
        kept = get_load(conn, read_acta(database, one.id).carga_id)
    assert [row["dicho"] for row in rows[:2]] == ["7 (siete)", "ausente"]
    assert kept.rows[0].letras == typed


def test_the_variables_of_a_diagram_are_small_and_name_what_they_are(database):
    mesa = open_mesa(database, 43)
    with database.read() as conn:
        of_mesa, of_actas = mesa_of(conn, mesa), actas_of(conn, mesa)
        assert acta_of(conn, get_acta(conn, actas(database, mesa)[0].id)) == of_actas[0]
    assert set(of_mesa) == {
        "id", "curso", "codigo", "horas", "fecha", "departamento", "departamento_nombre", "docente", "tribunal", "cc",
        "escala", "inscriptos",
    }  # fmt: skip
    assert [one["alumnos"] for one in of_actas] == [21, 21, 1]
    assert set(of_actas[0]) == {"id", "base", "anio", "libro", "folio", "alumnos", "tipo", "sobre", "motivo"}
