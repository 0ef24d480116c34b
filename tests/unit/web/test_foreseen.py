"""What the first step of a request would refuse is read before it is sent, row by row."""

from __future__ import annotations

import io

import pytest

from engine.actas.examen import put_departamento
from engine.people import grant_role
from tests.support.face import MONDAY, House, Visitor, publish_process
from tests.support.prepared import enrolled

OLD = "digitalizar_actas"
LIST = "acta_examen"
WARNED = "Así no se va a admitir"


def batch(*days: str) -> dict[str, str]:
    rows = {}
    for n, day in enumerate(days):
        row = {
            "acta": f"2015-L0003-F{n + 1:04}",
            "curso": "Química analítica",
            "fecha": day,
            "firmas": "olografa+digital",
        }
        rows |= {f"actas.{n}.{name}": value for name, value in row.items()}
    return {"tanda": "Libro 3", "articulo": "2"} | rows


@pytest.fixture
def archive(house: House) -> Visitor:
    house.person("archivera", "Irene", "Bermúdez Ñato", "archivo")
    publish_process(house, OLD)
    return house.enter("archivera")


@pytest.mark.req("R-16")
def test_a_date_that_article_2_does_not_reach_is_told_before_the_batch_is_sent(archive: Visitor) -> None:
    draft = archive.begin(OLD)
    assert archive.send(draft, batch("2020-08-03", "2019-12-31")).location == f"{draft}/revisar"
    page = archive.open(f"{draft}/revisar").text
    assert WARNED in page
    assert "Fila 2, 2015-L0003-F0002: se emitió el 31/12/2019, y el artículo 2 alcanza" in page
    assert "Fila 1" not in page
    archive.send(draft, batch("2020-08-03", "2020-12-31"))
    assert WARNED not in archive.open(f"{draft}/revisar").text


@pytest.fixture
def department(house: House) -> Visitor:
    house.person("quimica", "Nicolás", "Güemes", "departamento:quimica")
    with house.app.database.write() as conn:
        put_departamento(conn, "quimica", "Departamento de Química")
        grant_role(conn, house.people["tadeo"], "docente", MONDAY.date())
    publish_process(house, LIST)
    return house.enter("quimica")


def mesa(house: House, **more: object) -> dict[str, object]:
    facts = {"curso": "Bioestadística", "codigo": "P-4131", "horas": "45", "fecha": "2026-11-20"}
    return {
        **facts,
        "departamento": "quimica",
        "docente": str(house.people["tadeo"]),
        "forma_listado": "archivo",
        **more,
    }


@pytest.mark.req("R-28")
@pytest.mark.parametrize(("wrong", "warned"), [(True, True), (False, False)])
def test_the_rows_of_a_list_that_are_refused_are_told_before_it_is_sent(
    house: House, department: Visitor, wrong: bool, warned: bool
) -> None:
    draft = department.begin(LIST)
    file = (io.BytesIO(enrolled(3, wrong=wrong)), "inscriptos.csv")
    answer = department.send(draft, mesa(house, listado=file), content_type="multipart/form-data")
    assert answer.location == f"{draft}/revisar", answer.text
    page = department.open(f"{draft}/revisar").text
    assert (WARNED in page, "Línea " in page) == (warned, warned)
    assert department.send(f"{draft}/enviar").location.endswith("/recibido")  # the office may still receive it


def test_a_professors_address_that_is_none_is_told_with_the_rest(house: House, department: Visitor) -> None:
    draft = department.begin(LIST)
    row = {"expediente": "PG-1/26", "apellidos": "Gómez (h)", "nombres": "Juan", "tipo": "DNI", "documento": "28123456"}
    rows = {f"alumnos.0.{name}": value for name, value in row.items()}
    professor = {"tribunal.0.nombre": "Paz, Óscar", "tribunal.0.correo": "oscar@une.example"}
    department.send(draft, mesa(house, forma_listado="filas", **rows, **professor))
    assert WARNED not in department.open(f"{draft}/revisar").text
    twice = {f"alumnos.1.{name}": value for name, value in row.items()}
    department.send(draft, mesa(house, forma_listado="filas", **rows, **twice, **professor))
    page = department.open(f"{draft}/revisar").text
    assert "Línea 2, Gómez (h), Juan 28123456: El mismo documento está en la línea 1" in page
