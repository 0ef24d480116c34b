"""Eight who open mesas, sign, load and publish at once: no folio is missing and none is given twice (R-30)."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import accept_grades, move_acta, open_rectification, publish, publish_due, record_load
from engine.errors import Conflict
from engine.storage.tables import acta, acta_paso, historia_academica, inscripcion, libro
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, prepare, read_acta, statement, students
from tests.unit.actas.examen.test_publication import DUE, SCHEDULE

WRITERS = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The results, or the refusals, of acts that begin together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def folios(database: Database) -> dict[int, list[int]]:
    """By libro, in order."""
    with database.read() as conn:
        rows = conn.execute(sa.select(libro.c.number, acta.c.folio).join_from(acta, libro)).all()
    return {number: sorted(folio for of, folio in rows if of == number) for number, _ in rows}


def assert_no_gap_and_no_double(database: Database, capacity: int) -> None:
    given = folios(database)
    assert sorted(given) == list(range(1, len(given) + 1))
    for of in given.values():
        assert of == list(range(1, len(of) + 1))
        assert len(of) <= capacity
    with database.read() as conn:
        books = conn.execute(sa.select(libro)).all()
        assert len([one for one in books if one.closed_at is None]) == 1
        assert {one.number: one.next_folio - 1 for one in books} == {number: len(of) for number, of in given.items()}


@pytest.mark.req("R-29", "R-30")
def test_two_at_once_open_the_first_libro_of_a_year_together(database: Database) -> None:
    with database.write() as conn:
        prepare(conn)
    at_once(*([functools.partial(open_mesa, database, 22)] * 2))
    assert folios(database) == {1: [1, 2, 3, 4]}


@pytest.mark.req("R-29", "R-30")
def test_eight_at_once_leave_no_gap_and_no_double_over_many_libros(database: Database) -> None:
    """Capacities of 5: half of the mesas find no room and roll over while others write."""
    with database.write() as conn:
        prepare(conn)
    dice = random.Random(7)
    sizes = [[dice.choice((1, 21, 22, 43, 63)) for _ in range(4)] for _ in range(WRITERS)]

    def write(mine: list[int]) -> list[Any]:
        return [open_mesa(database, size, capacity=5) for size in mine]

    made = at_once(*(functools.partial(write, mine) for mine in sizes))
    assert_no_gap_and_no_double(database, 5)
    for mesas, mine in zip(made, sizes, strict=True):
        for mesa_id, size in zip(mesas, mine, strict=True):
            of = actas(database, mesa_id)
            assert len(of) == -(-size // 21)
            assert {one.libro for one in of} == {of[0].libro}
            assert [one.folio for one in of] == list(range(of[0].folio, of[0].folio + len(of)))
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(inscripcion)) == sum(map(sum, sizes))


def test_one_job_at_once_in_eight_workers_is_one_mesa(database: Database) -> None:
    with database.write() as conn:
        prepare(conn)
    made = at_once(*([functools.partial(open_mesa, database, 43, job_key="la misma")] * WRITERS))
    assert len(set(made)) == 1
    assert folios(database) == {1: [1, 2, 3]}


def test_of_two_statements_accepted_at_once_one_counts(database: Database) -> None:
    for one in actas(database, open_mesa(database, 84)):
        bring(database, one.id, "en_carga")
        with database.write() as conn:
            said = statement(conn, one.id)
            loads = [record_load(conn, one.id, source=via, by=None, at=AT, **said) for via in ("web", "correo")]

        def accept(load_id: Any, acta_id: Any = one.id) -> None:
            with database.write() as conn:
                accept_grades(conn, acta_id, load_id, job_key=str(load_id), by=None, at=AT, zone=ZONE)

        results = at_once(*(functools.partial(accept, load.id) for load in loads))
        assert sum(isinstance(one, Conflict) for one in results) == 1
        accepted = loads[results.index(None)].id
        assert read_acta(database, one.id).carga_id == accepted


def test_of_two_moves_at_once_one_is_made(database: Database) -> None:
    for one in actas(database, open_mesa(database, 84)):
        bring(database, one.id, "recibida")

        def move(to: str, acta_id: Any = one.id) -> None:
            with database.write() as conn:
                move_acta(conn, acta_id, to, job_key=str(uuid4()), by=None, at=AT, note="Falta la fecha.")

        results = at_once(functools.partial(move, "validada"), functools.partial(move, "anulada"))
        with database.read() as conn:
            steps = list(conn.execute(sa.select(acta_paso.c.n).where(acta_paso.c.acta_id == one.id)).scalars())
        assert sorted(steps) == list(range(1, len(steps) + 1))
        assert results.count(None) >= 1
        assert read_acta(database, one.id).state in ("validada", "anulada")


def test_one_rectificativa_is_opened_by_two_at_once(database: Database) -> None:
    (first,) = actas(database, open_mesa(database, 2))
    bring(database, first.id, "bloqueada")

    def rectify() -> Any:
        with database.write() as conn:
            how = {"reason": "Nota", "capacity": 500, "by": None, "at": AT, "zone": ZONE}
            return open_rectification(conn, first.id, job_key=str(uuid4()), **how)

    results = at_once(rectify, rectify)
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert folios(database) == {1: [1, 2]}


@pytest.mark.req("R-50")
def test_a_publication_and_its_cases_at_once_publish_each_grade_once(database: Database) -> None:
    made = [one.id for one in actas(database, open_mesa(database, students(63)))]
    for one in made:
        bring(database, one, "bloqueada")

    def of_a_case(acta_id: Any) -> Any:
        with database.write() as conn:
            return publish(conn, [acta_id], SCHEDULE, DUE)

    whole = functools.partial(publish_due, database, SCHEDULE, DUE, batch=1)
    results = at_once(whole, whole, *(functools.partial(of_a_case, one) for one in made))
    assert sum(one.grades for one in results) == 63
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(historia_academica)) == 63
