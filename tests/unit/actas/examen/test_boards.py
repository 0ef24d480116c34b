"""The boards on both databases (R-26): who has what waits and since when, each mesa with its actas, each Departamento's
median."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from engine import people
from engine.actas.examen import (
    ActaQuery,
    MesaQuery,
    Scope,
    by_department,
    find_actas,
    find_mesas,
    hands,
    move_acta,
    put_departamento,
)
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, actas, bring, open_mesa, prepare

ALL = Scope(uuid4(), True, frozenset())
DAY = timedelta(days=1)


@pytest.fixture
def mesas(database: Database) -> list[UUID]:
    """Three: one with actas at two points, one of another Departamento and docente, one locked whole."""
    with database.write() as conn:
        prepare(conn)
        put_departamento(conn, "economia", "Departamento de Economía")
        other = people.create_person(
            conn, username="oscar", given_names="Óscar", family_names="D'Angelo", email="o@une.example", at=AT
        )
    first = open_mesa(database, 43, curso="Redes")
    for acta, state in zip(actas(database, first), ("en_carga", "a_firma", "bloqueada"), strict=True):
        bring(database, acta.id, state, at=AT + 2 * DAY)
    second = open_mesa(database, 1, curso="Econometría", departamento="economia", docente_id=other, at=AT + DAY)
    bring(database, actas(database, second)[0].id, "en_carga", at=AT + DAY)
    third = open_mesa(database, 22, curso="Bioestadística", at=AT - DAY, fecha=date(2026, 2, 1))
    for n, acta in enumerate(actas(database, third)):
        bring(database, acta.id, "bloqueada", at=AT + n * DAY)
    return [first, second, third]


@pytest.mark.req("R-11", "R-26")
def test_who_has_what_waits_is_told_the_longest_waiting_first(database: Database, mesas: list[UUID]) -> None:
    with database.read() as conn:
        told = [
            (one.holder, one.departamento, one.docente, one.actas, one.late) for one in hands(conn, ALL, AT + 2 * DAY)
        ]
        own = hands(conn, Scope(uuid4(), False, frozenset({"economia"})), AT)
        nobody = hands(conn, Scope(uuid4(), False, frozenset()), AT)
    waiting = [one for one in told if one[0] != "sgpyec"]
    assert waiting == [
        ("docente", None, "Óscar D'Angelo", 1, 1),
        ("autoridad_departamental", "quimica", None, 1, 0),
        ("docente", None, "Irene Bermúdez Ñato", 1, 0),
    ]
    assert [(one.docente, one.oldest) for one in own] == [("Óscar D'Angelo", AT + DAY)]
    assert nobody == []


@pytest.mark.req("R-26")
def test_a_mesa_tells_where_its_actas_are_and_a_finished_one_is_shown_when_asked_for(
    database: Database, mesas: list[UUID]
) -> None:
    with database.read() as conn:
        waiting, more = find_mesas(conn, MesaQuery(), ALL)
        everything, _ = find_mesas(conn, MesaQuery(everything=True), ALL)
        redes, _ = find_mesas(conn, MesaQuery("redes", everything=True), ALL)
        pages = [find_mesas(conn, MesaQuery(everything=True, page=n, size=2), ALL) for n in (1, 2)]
        of_code, _ = find_mesas(conn, MesaQuery(departamento="economia"), ALL)
        other, _ = find_mesas(conn, MesaQuery(), Scope(uuid4(), False, frozenset({"economia"})))
        nothing, _ = find_mesas(conn, MesaQuery("nadie"), ALL)
    assert ([one.curso for one in waiting], more) == (["Econometría", "Redes"], False)
    assert (waiting[1].by_state, waiting[1].actas, waiting[1].holders, waiting[1].first) == (
        {"en_carga": 1, "a_firma": 1, "bloqueada": 1},
        3,
        ["docente", "autoridad_departamental"],
        "2026-L0001-F0001",
    )
    assert waiting[1].oldest == AT + 2 * DAY
    assert {one.curso for one in everything} == {"Redes", "Econometría", "Bioestadística"}
    assert everything[-1].curso == "Bioestadística"  # the latest sitting first
    assert [one.curso for one in redes] == ["Redes"]
    assert [(len(lines), beyond) for lines, beyond in pages] == [(2, True), (1, False)]
    assert [one.curso for one in of_code] == [one.curso for one in other] == ["Econometría"]
    assert nothing == []


@pytest.mark.req("R-26")
def test_the_median_of_an_even_number_is_in_the_middle_and_a_list_can_be_of_one_holder(
    database: Database, mesas: list[UUID]
) -> None:
    with database.read() as conn:
        chemistry = by_department(conn, ALL, date(2026, 2, 1), date(2026, 2, 28))[0]
        year = by_department(conn, ALL, date(2026, 1, 1), date(2026, 12, 31))
        held = find_actas(conn, ActaQuery(holder="docente"), ALL).actas
    assert chemistry.days == pytest.approx(1.5)  # of one and two days
    assert [(one.name, one.days) for one in year] == [
        ("Departamento de Economía", None),
        ("Departamento de Química", pytest.approx(2)),  # of one, two and two
    ]
    assert {(one.state, one.departamento_code) for one in held} == {("en_carga", "quimica"), ("en_carga", "economia")}


def test_a_mesa_of_which_nothing_waits_leaves_the_board(database: Database, mesas: list[UUID]) -> None:
    (acta,) = actas(database, mesas[1])
    with database.write() as conn:
        move_acta(conn, acta.id, "anulada", job_key="x", by=None, at=AT + 9 * DAY, note="La mesa no se hizo.")
        assert [one.curso for one in find_mesas(conn, MesaQuery(), ALL)[0]] == ["Redes"]
