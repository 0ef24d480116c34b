"""Two lists that complete one exam, both under review, see nothing of each other: numbering is where the second is refused,
whichever mesa of the exam each names, and however close together they are numbered (R-28, R-29)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from uuid import UUID

import pytest

from engine.actas import examen
from engine.errors import InvalidAnswers
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, ZONE, actas, new_mesa, open_mesa, prepare, student

LATE = student(90)


def enrolled(database: Database, *mesas: UUID) -> list[str]:
    """Documents, of every acta of these mesas."""
    with database.read() as conn:
        made = [acta for mesa in mesas for acta in examen.actas_of_mesa(conn, mesa)]
        return [one.documento for acta in made for one in examen.students_of(conn, acta.id)]


@pytest.mark.req("R-28", "R-29")
@pytest.mark.parametrize("by_another", [False, True], ids=["both of the first mesa", "one of a mesa that completes it"])
def test_of_two_lists_with_one_student_numbered_at_once_the_second_is_refused_by_name(
    database: Database, by_another: bool
) -> None:
    first = open_mesa(database, 2)
    other = open_mesa(database, [student(80)], completes=first)
    with ThreadPoolExecutor(1) as second:
        with database.write() as conn:  # numbered, and not yet committed, when the other begins
            new = new_mesa(prepare(conn), [LATE, student(91)], completes=first)
            made = examen.open_mesa(conn, new, capacity=500, job_key="una", by=None, at=AT, zone=ZONE)
            begun = second.submit(open_mesa, database, [student(92), LATE], completes=other if by_another else first)
            assert wait([begun], timeout=0.5).not_done, "it waits for the one that numbers this exam"
        with pytest.raises(InvalidAnswers) as refusal:
            begun.result(timeout=20)
    (base,) = [one.base for one in actas(database, made)]
    assert LATE.name in refusal.value.errors["alumnos"]
    assert base in refusal.value.errors["alumnos"]
    assert student(92).name not in refusal.value.errors["alumnos"]
    assert enrolled(database, first, other, made).count(LATE.documento) == 1
    (following,) = actas(database, open_mesa(database, [student(92)], completes=first))
    assert following.folio == 4, "what was refused took no folio"


@pytest.mark.req("R-29", "R-30")
def test_of_many_lists_with_one_student_at_once_one_is_numbered(database: Database) -> None:
    first = open_mesa(database, 1)

    def number(n: int) -> UUID | None:
        try:
            return open_mesa(database, [LATE, student(100 + n)], completes=first)
        except InvalidAnswers:
            return None

    with ThreadPoolExecutor(6) as clerks:
        made = [one for one in clerks.map(number, range(6)) if one is not None]
    assert len(made) == 1
    assert enrolled(database, first, *made).count(LATE.documento) == 1
