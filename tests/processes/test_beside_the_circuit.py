"""What happens beside a circuit while it goes on: another acta is named, another docente comes, another batch is first."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from engine.actas.examen import actas_about
from engine.cases import FireTimers, WithdrawCase, fire_timers, withdraw_case
from engine.cases.task_data import task_data
from engine.definitions import parse_scenarios
from engine.errors import NotWithdrawable
from engine.inbound.grade_task import StateGrades, state_grades
from engine.storage.tables import acta_digitalizada, task, wait
from tests.processes import exam
from tests.processes.player import Player
from tests.processes.test_acta_examen import CHECKED, LOADED, SIGNED, actas, begin, player, run_jobs, scenario
from tests.processes.test_shared_circuit import VALID, do, ended, the_task
from tests.processes.world import World
from tests.support.examen import bring

__all__ = ["player"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])
LATER, OLD = "acta_rectificativa", "digitalizar_actas"
WHO = "departamento:quimica"


def test_rows_and_corrections_of_one_acta_are_not_those_of_the_next_that_is_named(player: Player) -> None:
    world = player.world
    player.play(scenario(enrolled=22))
    first, second = actas(player)
    for one in (first, second):
        bring(world.app.database, one.id, "bloqueada", at=world.clock.now())
    case_id = begin(
        world, LATER, WHO, {"acta_nombre": first.base, "motivo_pedido": "La nota de la fila 7 se pasó mal."}
    )
    wrong = {"fila": 7, "dato": "documento", "valor": "12"}
    do(world, "senalar_filas", case_id, WHO, {"filas": ["7"], "datos": [wrong]})
    with world.app.database.read() as conn:
        seen = task_data(conn, the_task(world, "revisar_pedido", case_id), world.app.engine)
    assert seen["corregidos"] == "fila 7, documento: 12", "who decides reads what would be written"
    do(world, "revisar_pedido", case_id, "sgpyec", {"decision_pedido": "rectificar"})
    do(world, "corregir_pedido", case_id, WHO, {"acta_nombre": second.base, "motivo_pedido": "Era la otra acta."})
    with world.app.database.read() as conn:
        seen = task_data(conn, the_task(world, "senalar_filas", case_id), world.app.engine)
    assert (seen["hallazgo"]["acta"]["base"], seen["filas"], seen["datos"]) == (second.base, [], [])


def test_a_docente_replaced_in_the_circuit_is_replaced_in_the_rectificativas_of_the_mesa_too(player: Player) -> None:
    world = player.world
    player.play(scenario(LOADED, CHECKED, SIGNED, VALID, enrolled=22))
    first, _second = actas(player)
    case_id = begin(
        world, LATER, WHO, {"acta_nombre": first.base, "motivo_pedido": "La nota de la fila 1 se pasó mal."}
    )
    do(world, "senalar_filas", case_id, WHO, {"filas": ["1"], "datos": []})
    do(world, "revisar_pedido", case_id, "sgpyec", {"decision_pedido": "rectificar"})
    for clock in ("a_los_tres_dias", "a_los_diez_dias"):
        with world.app.database.read() as conn:
            due = conn.scalar(sa.select(wait.c.due_at).where(wait.c.case_id == player.case_id, wait.c.element == clock))
        world.clock.instant = due
        fire_timers(FireTimers(player.case_id, due), world.app.engine)
        run_jobs(world)
    new = world.person("docente_suplente")
    answers = {
        "decision_sin_carga": "reemplazar",
        "nuevo_docente": str(new),
        "motivo_sin_carga": "Dejó la universidad.",
    }
    do(world, "decidir_sin_carga", player.case_id, WHO, answers)
    with world.app.database.read() as conn:
        (made,) = actas_about(conn, first.id)
        told = exam.stated(conn, made.id, {"nota": "9"})
        loads = sa.select(task.c.case_id, task.c.role).where(
            task.c.element == "cargar_calificaciones", task.c.status == "open"
        )
        assert {tuple(row) for row in conn.execute(loads)} == {
            (player.case_id, f"docente:{new}"),
            (case_id, f"docente:{new}"),
        }
    days = (told["fecha"], told["inscriptos"], told["examinados"])
    load = the_task(world, "cargar_calificaciones", case_id)
    state_grades(StateGrades(load, made.id, new, told["rows"], *days, request_id=uuid.uuid4()), world.app)
    run_jobs(world)
    assert the_task(world, "controlar_acta", case_id)


def test_who_takes_over_an_acta_that_had_come_back_is_not_told_to_correct_it(player: Player) -> None:
    world = player.world
    player.play(scenario(LOADED))
    (acta,) = actas(player)
    back = {"decision_control": "devolver", "defectos_docente": "Fila 1: firma ajena."}
    do(world, "controlar_acta", player.case_id, WHO, back)
    letters = [mail["Subject"] for mail in world.smtp.messages if mail["To"] == "docente@une.example"]
    assert f"Acta de examen {acta.base} vuelve con observaciones, para corregir: Quimiometría" in letters
    asked = {
        "mesa_elegida": str(acta.mesa_id),
        "docente": str(world.person("docente_suplente")),
        "motivo": "Licencia por enfermedad.",
    }
    begin(world, "reemplazar_docente", WHO, asked)
    (letter,) = [
        mail
        for mail in world.smtp.messages
        if mail["To"] == "docente_suplente@une.example" and mail["Subject"].startswith("Acta de examen")
    ]
    assert letter["Subject"] == f"Acta de examen {acta.base} para cargar: Quimiometría"
    assert "firma ajena" not in letter.get_body(("plain",)).get_content()


@pytest.mark.req("R-16", "R-53")
def test_a_batch_goes_on_without_the_acta_that_another_one_registered_first(world: World) -> None:
    definition = world.app.definitions.get(world.publish(OLD))
    text = definition.bundle.files["escenarios.toml"].decode()
    told = next(one for one in parse_scenarios(text) if one.name.startswith("Dos actas de 2015"))
    late = Player(world, definition)
    late.begin(told.model_copy(update={"steps": told.steps[:3]}))
    rows = [dict(row) for row in told.start["actas"]]
    rows[0]["acta"] = "2015-L0003-F0099"
    files = {"escaneos": ["2015-L0003-F0099.pdf", "2015-L0003-F0013.pdf"]}
    steps = (told.steps[0].model_copy(update={"answers": files}), *told.steps[1:])
    Player(world, definition).play(told.model_copy(update={"start": {**told.start, "actas": rows}, "steps": steps}))
    late._do(told.steps[3])
    late._run_jobs()
    with world.app.database.read() as conn:
        seen = task_data(conn, the_task(world, "reubicar_papel", late.case_id), world.app.engine)["archivo"]
    assert seen["archivadas"] == [{"base": "2015-L0003-F0012"}]
    assert len(seen["omitidas"]) == 1
    assert "2015-L0003-F0013: ya está digitalizada" in seen["omitidas"][0]
    late._do(told.steps[4])
    late._run_jobs()
    late._compare(told)
    with world.app.database.read() as conn:
        mine = sa.select(acta_digitalizada.c.base).where(acta_digitalizada.c.case_id == late.case_id)
        assert conn.scalars(mine).all() == ["2015-L0003-F0012"]


def test_a_list_that_was_returned_can_be_taken_back_by_who_filed_it(player: Player) -> None:
    """Nothing was numbered; while the office has it again, or once its actas have folios, it stays."""
    world = player.world
    told = scenario()
    back = told.steps[0].model_copy(
        update={"answers": {"decision_listado": "devolver", "motivo_listado": "El curso no se dictó este año."}}
    )
    player.begin(told.model_copy(update={"steps": (back,)}))
    command = WithdrawCase(player.case_id, world.person(WHO), "No hubo mesa", uuid.uuid4())
    withdraw_case(command, world.app.engine)
    assert ended(world, player.case_id) == ("withdrawn", "retirada")
    again = told.steps[0].model_copy(update={"task": "corregir_listado", "answers": told.start})
    player.begin(told.model_copy(update={"steps": (back, again, told.steps[0])}))
    with pytest.raises(NotWithdrawable):
        withdraw_case(WithdrawCase(player.case_id, world.person(WHO), "Ya no", uuid.uuid4()), world.app.engine)
