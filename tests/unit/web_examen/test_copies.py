"""The printed copies: who notes where one is, and the inventory of all of them (R-52, R-53)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from engine.actas import examen as exam
from tests.support import examen
from tests.support.face import House, Visitor

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def note(visitor: Visitor, base: str, what: str, place: str, request_id: str | None = None):  # type: ignore[no-untyped-def]
    fields = {"que": what, "lugar": place, "request_id": request_id or str(uuid4())}
    return visitor.send(f"/examenes/{base}/ejemplar", fields)


def locked(house: House, count: int = 1) -> list[str]:
    database = house.app.database
    found = [
        one for n in range(count) for one in examen.actas(database, examen.open_mesa(database, 1, curso=f"Curso {n}"))
    ]
    for one in found:
        examen.bring(database, one.id, "bloqueada")
    return [one.base for one in found]


@pytest.mark.req("R-53")
@pytest.mark.parametrize("username", ["jefa", "archivera"])
def test_a_copy_is_shelved_moved_and_counted_and_its_way_is_kept(exams: House, username: str) -> None:
    (base,) = locked(exams)
    visitor, key = exams.enter(username), str(uuid4())
    assert "Nadie anotó todavía dónde está" in visitor.open(f"/examenes/{base}").text
    for _ in range(2):  # the same page, sent twice
        assert note(visitor, base, "shelved", "Estante 4, caja 12", key).status_code == 303
    exams.clock.advance(timedelta(minutes=1))
    note(visitor, base, "transferred", "Depósito, caja 3")
    exams.clock.advance(timedelta(minutes=1))
    note(visitor, base, "inventoried", "Depósito, caja 3")
    with exams.app.database.read() as conn:
        steps = exam.copies_of(conn, exam.acta_by_base(conn, base).id)
        (copy,) = exam.inventory(conn)
    assert [(one.what, one.place) for one in steps] == [
        ("shelved", "Estante 4, caja 12"),
        ("transferred", "Depósito, caja 3"),
        ("inventoried", "Depósito, caja 3"),
    ]
    assert {one.by for one in steps} == {exams.people[username]}
    assert copy.place == "Depósito, caja 3"
    page = visitor.open(f"/examenes/{base}").text
    assert "Estante 4, caja 12" in page
    assert 'value="Depósito, caja 3"' in page


def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_noted(exams: House) -> None:
    (base,) = locked(exams)
    open_acta = examen.actas(exams.app.database, examen.open_mesa(exams.app.database, 1))[0].base
    visitor = exams.enter("jefa")
    blank = note(visitor, base, "shelved", "   ")
    assert (blank.status_code, "Diga dónde está la copia" in blank.text) == (422, True)
    assert note(visitor, base, "burned", "Patio").status_code == 422
    early = note(visitor, open_acta, "shelved", "Estante 1")
    assert early.status_code == 409
    assert 'name="que"' not in visitor.open(f"/examenes/{open_acta}").text
    with exams.app.database.read() as conn:
        assert exam.copies_of(conn, exam.acta_by_base(conn, base).id) == []


@pytest.mark.req("R-11", "R-53")
def test_only_those_who_keep_the_copies_note_where_they_are(exams: House) -> None:
    (base,) = locked(exams)
    for username in ("quimica", "docente", "gestion", "maria"):
        visitor = exams.enter(username)
        assert note(visitor, base, "shelved", "Mi cajón").status_code == 403, username
        assert 'name="que"' not in visitor.open(f"/examenes/{base}").text, username
    for username in ("quimica", "docente", "maria"):
        assert exams.enter(username).open("/examenes/ejemplares").status_code == 404, username
        assert exams.enter(username).open("/examenes/ejemplares.csv").status_code == 404, username


@pytest.mark.req("R-53")
def test_the_inventory_tells_where_each_is_and_what_has_no_shelf(exams: House) -> None:
    first, second, third = locked(exams, 3)
    visitor = exams.enter("archivera")
    assert "3 actas bloqueadas no tienen lugar" in visitor.open("/examenes/ejemplares").text
    note(visitor, first, "shelved", "=Estante 4")
    note(visitor, second, "inventoried", "Estante 5")
    exams.clock.advance(timedelta(days=100))
    visitor = exams.enter("archivera")
    note(visitor, third, "inventoried", "Estante 5")
    page = visitor.open("/examenes/ejemplares?q=estante 5").text
    assert (first in page, second in page, third in page) == (False, True, True)
    stale = visitor.open("/examenes/ejemplares?sin_contar=90").text
    assert (first in stale, second in stale, third in stale) == (True, True, False)
    assert "Ningún ejemplar coincide" in visitor.open("/examenes/ejemplares?faltan=1").text
    assert "Ningún ejemplar coincide" in visitor.open("/examenes/ejemplares?anio=1999").text
    assert visitor.open("/examenes/ejemplares?endpoint=x&_scheme=javascript&q=estante").status_code == 200
    table = visitor.open("/examenes/ejemplares.csv")
    assert table.mimetype == "text/csv"
    lines = table.text.splitlines()
    assert lines[0].removeprefix("\ufeff").startswith("acta,curso,departamento")
    assert [line.split(",")[0] for line in lines[1:]] == [first, second, third]
    assert "'=Estante 4" in lines[1]
    assert visitor.open("/examenes/ejemplares.csv?q=estante 5").text.count("\n") == 3
