"""A missing acta is rebuilt as it was, whatever was rectified of it; what was rectified stands (R-7, R-55)."""

import pytest

from engine.actas.examen import (
    ActaQuery,
    Scope,
    acta_data,
    actas_of_mesa,
    export_grades,
    find_actas,
    get_acta,
    grades_of,
    line_of,
    publish_due,
    students_of,
)
from engine.errors import Conflict
from tests.support.examen import bring, read_acta
from tests.unit.actas.examen.test_later_actas import publish_at, rebuild, rectify
from tests.unit.actas.examen.test_publication import DUE, SCHEDULE, account, locked, seen


@pytest.fixture
def backend():
    return "sqlite"


@pytest.mark.req("R-55")
def test_a_reconstruida_has_the_same_students_and_its_own_folio(database):
    (first,) = locked(database)
    made = rebuild(database, first)
    with database.read() as conn:
        assert [row.documento for row in students_of(conn, made)] == [row.documento for row in students_of(conn, first)]
        data = acta_data(conn, made)
        assert [one.kind for one in actas_of_mesa(conn, read_acta(database, first).mesa_id)] == [
            "normal",
            "reconstruida",
        ]
        assert len(actas_of_mesa(conn, read_acta(database, first).mesa_id, every=False)) == 1
    assert (data["reconstruye"], data["rectifica"], data["base"]) == ("2026-L0001-F0001", None, "2026-L0001-F0002")


@pytest.mark.req("R-7", "R-55")
@pytest.mark.parametrize("published_first", ["rectificativa", "reconstruida", "at once"])
def test_a_rectified_acta_that_is_lost_is_rebuilt_as_it_was_and_its_rectificativa_keeps_standing(
    database, published_first
):
    (first,) = locked(database)
    one, two = account(database, "dni", "20000001"), account(database, "dni", "20000002", "otra")
    made = rectify(database, first, filas=[1])
    rebuilt = rebuild(database, first)
    bring(database, made, "bloqueada", mark="7")
    bring(database, rebuilt, "bloqueada")
    with database.read() as conn:
        assert [grade.nota for grade in grades_of(conn, rebuilt)] == ["10", "4"], "as the first one was"
    if published_first != "at once":
        publish_at(database, DUE, made if published_first == "rectificativa" else rebuilt)
    publish_due(database, SCHEDULE, DUE)
    assert seen(database, one) == [("7", "2026-L0001-F0002")]
    assert seen(database, two) == [("4", "2026-L0001-F0003")]
    with database.read() as conn:
        told = {
            row["nombre"]: len(row["alumnos"])
            for row in export_grades(conn, get_acta(conn, first).mesa_id, DUE)["actas"]
        }
    assert told["2026-L0001-F0003"] == (2 if published_first == "reconstruida" else 1), "nothing undone elsewhere"


@pytest.mark.req("R-7", "R-55")
def test_a_lost_rectificativa_and_a_lost_reconstruida_are_rebuilt_each_in_its_own_line(database):
    (first,) = locked(database)
    one, two = account(database, "dni", "20000001"), account(database, "dni", "20000002", "otra")
    made = rectify(database, first, filas=[1], corrected={1: {"nombres": "María"}})
    bring(database, made, "bloqueada", mark="7")
    again = rebuilt_and_locked(database, first)
    of_the_second = rebuilt_and_locked(database, made, mark="7")
    third = rebuilt_and_locked(database, again)
    with database.read() as conn:
        assert [row.nombres for row in students_of(conn, of_the_second)] == ["María"]
        assert [row.nombres for row in students_of(conn, third)] == ["Nombre 1", "Nombre 2"]
        assert acta_data(conn, third)["reconstruye"] == "2026-L0001-F0003"
        assert [one.id for one in line_of(conn, third)] == [first, again, third]
        assert [one.id for one in line_of(conn, made)] == [made, of_the_second]
        assert {one.base: one.students for one in find_actas(conn, ActaQuery(), Scope(first, True, frozenset())).actas} == {
            "2026-L0001-F0001": 2, "2026-L0001-F0002": 1, "2026-L0001-F0003": 2, "2026-L0001-F0004": 1,
            "2026-L0001-F0005": 2,
        }  # fmt: skip
    publish_due(database, SCHEDULE, DUE, batch=2)
    assert seen(database, one) == [("7", "2026-L0001-F0004")], (
        "of the rectified student, the rectificativa's line holds"
    )
    assert seen(database, two) == [("4", "2026-L0001-F0005")]


@pytest.mark.req("R-7", "R-55")
def test_an_acta_that_was_rebuilt_gives_its_place_to_the_one_that_rebuilt_it(database):
    (first,) = locked(database)
    made = rectify(database, first, filas=[1])
    bring(database, made, "bloqueada", mark="7")
    rebuilt = rebuild(database, first)
    with pytest.raises(Conflict, match="ya tiene una reconstruida en trámite: la 2026-L0001-F0003"):
        rebuild(database, first)
    bring(database, rebuilt, "bloqueada")
    with pytest.raises(Conflict, match="la 2026-L0001-F0003 tiene su lugar"):
        rebuild(database, first)
    with pytest.raises(Conflict, match="rectifique la 2026-L0001-F0003"):
        rectify(database, first, filas=[2])
    with pytest.raises(Conflict, match="la 2026-L0001-F0002, para no deshacer"):
        rectify(database, rebuilt, filas=[1])
    rebuilt_and_locked(database, made, mark="7")
    with pytest.raises(Conflict, match="la 2026-L0001-F0004, para no deshacer"):
        rectify(database, rebuilt)
    assert rectify(database, rebuilt, filas=[2])


def rebuilt_and_locked(database, about, **stated):
    made = rebuild(database, about)
    bring(database, made, "bloqueada", **stated)
    return made
