"""A list is looked at before its actas are numbered: what is refused, who is in another acta, which mesa it completes."""

from __future__ import annotations

from typing import Any

import pytest

from engine import people
from tests.integration.operations.test_exam_actas import Office, _facts, office, rows
from tests.support.examen import AT

__all__ = ["office"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def compared(office: Office, **given: Any) -> dict[str, Any]:
    return office.run("compare_enrolled", **{**_facts(office), "codigo": "P-4127"} | given)


@pytest.mark.req("R-28", "R-29")
def test_a_list_is_looked_at_before_its_actas_are_numbered(office: Office) -> None:
    (one,) = office.open()["actas"]
    twin = {"expediente": "PG-8/26", "apellidos": "Paz a", "nombres": "Ana", "tipo": "DNI", "documento": 29_000_000}
    found = compared(
        office, alumnos=[*rows(3), twin, {"apellidos": "Sosa"}], tribunal=[{"nombre": "X", "correo": "a..b@c.d"}]
    )
    assert found["resumen"] == "4 inscriptos en 1 acta."
    assert [(row["linea"], row["alumno"]) for row in found["avisos"]] == [
        (1, "Paz a, Ana"),
        (2, "Paz b, Ana"),
        (4, "Paz a, Ana"),
    ]
    assert f"Está en el acta {one['base']}, de otra mesa de este curso y de esta fecha" in found["avisos"][0]["aviso"]
    assert "Se llama igual que el de la línea 1" in found["avisos"][2]["aviso"]
    assert [row["linea"] for row in found["rechazos"]] == [0, 5]
    assert "«a..b@c.d», de X del tribunal, no es una dirección" in found["rechazos"][0]["aviso"]
    later = compared(office, alumnos=rows(1), fecha="2026-04-01")
    assert "del 01/03/2026, que todavía no se bloqueó" in later["avisos"][0]["aviso"]
    assert compared(office, listado=office.upload(b"nada"))["rechazos"][0]["aviso"].startswith(
        "«inscriptos.csv» no tiene"
    )


@pytest.mark.req("R-30")
def test_a_list_that_completes_a_mesa_takes_its_data_and_nobody_twice(office: Office) -> None:
    first = office.open(alumnos=rows(22))
    nothing = dict.fromkeys(("curso", "codigo", "horas", "fecha", "departamento", "docente"))
    asked = {"completa": first["mesa"]["id"], "alumnos": rows(23)[20:]}
    found = compared(office, **nothing, **asked)
    names = ("curso", "codigo", "horas", "fecha", "departamento")
    assert {name: found["datos"][name] for name in names} == {name: first["mesa"][name] for name in names}
    assert found["datos"]["docente"] == str(office.docente)
    assert "actas 2026-L0001-F0001 a 2026-L0001-F0002." in found["completa"]
    assert [row["linea"] for row in found["rechazos"]] == [1, 2]
    assert "Ya está en el acta 2026-L0001-F000" in found["rechazos"][0]["aviso"]
    data = found["datos"] | {"completa": first["mesa"]["id"]}
    assert office.run("open_mesa", **data, alumnos=rows(23)[20:])["rechazadas"] == 2
    made = office.run("open_mesa", **data, alumnos=rows(23)[22:])
    assert [one["base"] for one in made["actas"]] == ["2026-L0001-F0003"]


@pytest.mark.req("R-30", "R-34")
def test_a_list_that_completes_a_mesa_is_opened_once_however_often_its_job_runs(office: Office) -> None:
    """The worker died between the commit and the answer: the repetition finds its own students, and answers the same."""
    first = office.open(alumnos=rows(2))
    data = compared(office, completa=first["mesa"]["id"], alumnos=rows(3)[2:])["datos"]
    asked = data | {"completa": first["mesa"]["id"], "alumnos": rows(3)[2:], "key": "otra vez"}
    made = office.run("open_mesa", **asked)
    assert (made["aceptada"], [one["base"] for one in made["actas"]]) == (True, ["2026-L0001-F0002"])
    assert office.run("open_mesa", **asked) == made


@pytest.mark.req("R-11", "R-29")
def test_who_examines_and_is_enrolled_is_told(office: Office) -> None:
    with office.app.database.write() as conn:
        given = {"given_names": "Juan", "family_names": "Etche", "email": "juan@une.example", "at": AT}
        people.create_person(conn, username="juan", identity_kind="dni", identity_number="20000001", **given)
    tribunal = [{"nombre": "Dr. Juan Etche", "correo": "Juan@une.example"}]
    found = compared(office, alumnos=rows(3), tribunal=tribunal)
    assert [(row["linea"], "se examinaría a sí mismo" in row["aviso"]) for row in found["avisos"]] == [(2, True)]


@pytest.mark.req("R-59")
def test_a_tribunal_that_the_acta_cannot_print_is_told_before_its_actas_are_numbered(office: Office) -> None:
    many = [{"nombre": "DRA. MARÍA GUADALUPE FERNÁNDEZ DE LA CUADRA Y GUTIÉRREZ " + "A" * 20}] * 20
    told = compared(office, alumnos=rows(1), tribunal=many)["rechazos"]
    assert [row["linea"] for row in told] == [0]
    assert "no entran en el acta" in told[0]["aviso"]
    strange = compared(office, alumnos=rows(1), tribunal=[{"nombre": "Ƙofa"}])["rechazos"]
    assert "«Ƙ» (U+0198), que el acta no puede escribir" in strange[0]["aviso"]
    assert compared(office, alumnos=rows(1), tribunal=[{"nombre": "Jose\u0301 Paz"}])["rechazos"] == []
