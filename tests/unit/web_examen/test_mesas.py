"""The operative board: whoever sees actas sees whose they are, and only those (R-11, R-26)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import examen
from tests.support.face import House

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.req("R-11", "R-26")
def test_the_board_names_who_has_each_acta_and_since_when(exams: House) -> None:
    database, now = exams.app.database, exams.clock.now()
    long = "Métodos numéricos " * 10
    late, signing = examen.actas(database, examen.open_mesa(database, 22, curso=long.strip()))
    examen.bring(database, late.id, "en_carga", at=now - timedelta(days=12))
    examen.bring(database, signing.id, "a_firma", at=now - timedelta(days=2))
    page = exams.enter("jefa").open("/examenes/mesas").text
    for text in ("Irene Bermúdez Ñato", "Autoridad Departamental (Química)", "12 días", "Demorada", "2 días"):
        assert text in page, text
    assert f"/examenes/{late.base}" in page
    register = exams.enter("jefa").open("/examenes?pendientes=1&tiene=docente").text
    assert (late.base in register, signing.base in register) == (True, False)
    assert "Irene Bermúdez Ñato" in register
    for username, sees in (("quimica", True), ("docente", True), ("economia", False)):
        assert (late.base in exams.enter(username).open("/examenes/mesas").text) is sees, username
    assert exams.enter("maria").open("/examenes/mesas").status_code == 404


def test_an_empty_board_and_one_that_finds_nothing_say_what_to_do(exams: House) -> None:
    visitor = exams.enter("jefa")
    assert "Ninguna mesa espera nada" in visitor.open("/examenes/mesas").text
    assert "Ninguna mesa coincide" in visitor.open("/examenes/mesas?q=nadie&pagina=x").text
    assert "Buscar entre las actas antiguas" in visitor.open("/examenes?q=2015-L0003-F0012").text
    assert "Buscar entre las actas antiguas" not in exams.enter("quimica").open("/examenes?q=nadie").text


@pytest.mark.req("R-26")
def test_finished_mesas_are_found_page_by_page(exams: House) -> None:
    database = exams.app.database
    for n in range(32):
        (acta,) = examen.actas(database, examen.open_mesa(database, 1, curso=f"Curso {n:02d}"))
        if n == 0:
            examen.bring(database, acta.id, "bloqueada")
    visitor = exams.enter("jefa")
    first, second = (visitor.open(f"/examenes/mesas?todas=1&pagina={n}").text for n in (1, 2))
    assert ("Más mesas" in first, "Anterior" in first) == (True, False)
    assert ("Más mesas" in second, "Anterior" in second) == (False, True)
    found = [n for n in range(32) if f"Curso {n:02d}" in first or f"Curso {n:02d}" in second]
    assert len(found) == 32
    assert "Bloqueada" in visitor.open("/examenes/mesas?todas=1&q=curso 00").text.title()
