"""A student whom the list of a mesa left out: a second list completes it, with actas of its own (R-30)."""

from __future__ import annotations

import uuid
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actas.examen import companions_of, students_of
from engine.cases import CompleteTask, complete_task
from engine.cases.task_data import task_data
from engine.errors import InvalidAnswers
from engine.history.case_file import get_case
from engine.storage.tables import task
from tests.processes import exam
from tests.processes.player import Player
from tests.processes.test_acta_examen import PROCESS, actas, begin, player, run_jobs, scenario
from tests.processes.world import World

__all__ = ["player"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.mark.req("R-28", "R-30")
def test_a_student_left_out_enters_by_a_list_that_completes_the_mesa(player: Player) -> None:
    """Its form asks for the mesa and the students alone; whoever reviews it sees which mesa, and who is there already."""
    world = player.world
    player.play(scenario(enrolled=2))
    (first,) = actas(player)
    with world.app.database.read() as conn:
        enrolled = students_of(conn, first.id)[0]
    row = {name: getattr(enrolled, name) for name in ("expediente", "apellidos", "nombres", "tipo", "documento")}
    new = row | {"expediente": "PG-77/26", "tipo": "CI", "documento": "1700000019", "nombres": "Otro"}
    asked = {
        "complementaria": True,
        "mesa_completada": str(first.mesa_id),
        "forma_listado": "filas",
        "alumnos": [row, new],
    }
    with pytest.raises(InvalidAnswers):  # another Departamento's
        begin(world, PROCESS, "departamento:economia", asked)
    second = begin(world, PROCESS, "departamento:quimica", asked)
    review = one_task(world, second)
    with world.app.database.read() as conn:
        seen = task_data(conn, review, world.app.engine)
    assert (seen["curso"], seen["fecha"], seen["docente"]) == (
        "Quimiometría",
        "2026-03-02",
        str(world.person("docente")),
    )
    assert first.base in seen["comparacion"]["completa"]
    assert first.base in seen["comparacion"]["rechazos"][0]["aviso"]
    complete_task(
        CompleteTask(review, world.person("sgpyec"), {"decision_listado": "generar"}, uuid.uuid4()), world.app.engine
    )
    run_jobs(world)
    mended = CompleteTask(
        one_task(world, second), world.person("departamento:quimica"), asked | {"alumnos": [new]}, uuid.uuid4()
    )
    complete_task(mended, world.app.engine)
    run_jobs(world)
    decided = CompleteTask(
        one_task(world, second), world.person("sgpyec"), {"decision_listado": "generar"}, uuid.uuid4()
    )
    complete_task(decided, world.app.engine)
    run_jobs(world)
    with world.app.database.read() as conn:
        (made,) = exam.actas_of_case(conn, second)
        assert [one.bases for one in companions_of(conn, first.mesa_id)] == [(made.base,)]
        assert get_case(conn, second).title == "Quimiometría"


def one_task(world: World, case_id: UUID) -> UUID:
    with world.app.database.read() as conn:
        found = sa.select(task.c.id).where(task.c.case_id == case_id, task.c.status == "open")
        return UUID(str(conn.scalars(found).one()))
