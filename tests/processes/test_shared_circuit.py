"""The circuit that the actas share, beside the cases that act on it: annulment, another docente, a load by hand, and a
rectificativa that cannot be opened."""

from __future__ import annotations

import subprocess
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actas.examen import Acta, acta_by_base, acta_data, actas_about, get_mesa, loads_of, steps_of
from engine.cases import CompleteTask, DeliverMessage, FireTimers, complete_task, deliver_message, fire_timers
from engine.cases.task_data import task_data
from engine.documents import list_documents, read_document
from engine.errors import TaskNotOpen
from engine.inbound.grade_task import StateGrades, state_grades
from engine.storage.tables import case, docente_cambio, task
from tests.processes import exam
from tests.processes.player import Player
from tests.processes.test_acta_examen import CHECKED, LOADED, SIGNED, actas, begin, open_tasks, run_jobs, scenario
from tests.processes.world import World

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # the scenarios run on both
BY_HAND = (
    '{ reloj = "vence" }',
    '{ reloj = "vence" }',
    '{ tarea = "decidir_sin_carga", acta = 1, respuestas = { decision_sin_carga = "a_mano", motivo_sin_carga = "Dejó la lista firmada.", informe_docente = ["lista-firmada.pdf"] } }',
)
VALID = '{ tarea = "validar_acta", acta = 1, respuestas = { decision_validacion = "validar" } }'


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish("acta_examen")))


def the_task(world: World, element: str, case_id: UUID) -> UUID:
    query = sa.select(task.c.id).where(task.c.element == element, task.c.case_id == case_id, task.c.status == "open")
    with world.app.database.read() as conn:
        return UUID(str(conn.scalars(query).one()))


def do(world: World, element: str, case_id: UUID, who: str, answers: dict[str, Any]) -> None:
    command = CompleteTask(the_task(world, element, case_id), world.person(who), answers, uuid.uuid4())
    complete_task(command, world.app.engine)
    run_jobs(world)


def a_minute_later(world: World, case_id: UUID) -> None:
    world.clock.instant += timedelta(minutes=1)
    fire_timers(FireTimers(case_id, world.clock.now()), world.app.engine)
    run_jobs(world)


def ended(world: World, case_id: UUID) -> tuple[str, str | None]:
    with world.app.database.read() as conn:
        row = conn.execute(sa.select(case.c.status, case.c.outcome).where(case.c.id == case_id)).one()
    return row.status, row.outcome


def load_by_web(world: World, player: Player, element: str, who: str) -> None:
    """As the grid does it."""
    (acta,) = actas(player)
    with world.app.database.read() as conn:
        told = exam.stated(conn, acta.id, {"nota": "9"})
    task_id = the_task(world, element, player.case_id)
    days = (told["fecha"], told["inscriptos"], told["examinados"])
    stated = StateGrades(task_id, acta.id, world.person(who), told["rows"], *days, request_id=uuid.uuid4())
    state_grades(stated, world.app)
    run_jobs(world)


@pytest.mark.req("R-48", "R-56")
def test_what_was_locked_meanwhile_is_not_said_to_be_annulled_and_the_authority_is_told(player: Player) -> None:
    world = player.world
    player.play(scenario(LOADED, CHECKED, SIGNED))
    (acta,) = actas(player)
    asked = begin(world, "anular_acta", "departamento:quimica", {"acta_base": acta.base, "motivo": "Sin convocatoria."})
    do(world, "validar_acta", player.case_id, "sgpyec", {"decision_validacion": "validar"})
    decided = {"decision_anulacion": "anular", "fundamento": "Procede: no hubo convocatoria."}
    do(world, "resolver_anulacion", asked, "autoridad_gestion", decided)
    a_minute_later(world, asked)
    told = data_of(world, "resolver_anulacion", asked)
    assert told["observado"] == "El acta ya está bloqueada: no se anula, se rectifica con otra."
    assert not [mail for mail in world.smtp.messages if "se anula" in mail["Subject"]]
    denied = {"decision_anulacion": "denegar", "fundamento": "Ya está bloqueada: se rectifica."}
    do(world, "resolver_anulacion", asked, "autoridad_gestion", denied)
    assert ended(world, asked) == ("completed", "denegada")


@pytest.mark.req("R-36", "R-41")
def test_a_docente_replaced_while_the_letter_waits_is_asked_for_nothing(player: Player) -> None:
    world = player.world
    player.play(scenario(LOADED))
    (acta,) = actas(player)
    returned = {"decision_control": "devolver", "defectos_docente": "Fila 1: no es."}
    command = CompleteTask(
        the_task(world, "controlar_acta", player.case_id), world.person("departamento"), returned, uuid.uuid4()
    )
    complete_task(command, world.app.engine)
    run_jobs(world, until="send_mail")  # the mail server is away
    new = world.person("docente_suplente")
    given = {"docente": str(new), "motivo": "Licencia", "por": str(world.person("sgpyec"))}
    message = DeliverMessage("docente_reemplazado", str(acta.mesa_id), given, uuid.uuid4())
    deliver_message(message, world.app.engine)
    run_jobs(world)
    assert [(element, role) for element, role, _of in open_tasks(player)] == [
        ("cargar_calificaciones", f"docente:{new}")
    ]
    asked = [mail["To"] for mail in world.smtp.messages if " para c" in mail["Subject"]]  # cargar, corregir
    assert asked == ["docente@une.example", "docente_suplente@une.example"], "before and after, once each"


@pytest.mark.req("R-36")
@pytest.mark.parametrize("element", ["cargar_calificaciones", "cargar_a_mano"])
def test_on_day_eleven_whoever_loads_first_ends_the_others_task(player: Player, element: str) -> None:
    world = player.world
    player.play(scenario(*BY_HAND))
    assert [one for one, _role, _of in open_tasks(player)] == ["cargar_a_mano", "cargar_calificaciones"]
    who, other = ("docente", "departamento") if element == "cargar_calificaciones" else ("departamento", "docente")
    late = the_task(world, {"docente": "cargar_calificaciones"}.get(other, "cargar_a_mano"), player.case_id)
    load_by_web(world, player, element, who)
    assert [one for one, _role, _of in open_tasks(player)] == ["controlar_acta"]
    with pytest.raises(TaskNotOpen):
        complete_task(CompleteTask(late, world.person(other), {}, uuid.uuid4()), world.app.engine)


@pytest.mark.req("R-32", "R-37", "R-46")
def test_what_the_departamento_loads_says_so_beside_the_legend_and_keeps_the_docentes_paper(player: Player) -> None:
    world = player.world
    player.play(scenario(*BY_HAND))
    load_by_web(world, player, "cargar_a_mano", "departamento")
    do(world, "controlar_acta", player.case_id, "departamento", {"decision_control": "correcta"})
    (acta,) = actas(player)
    with world.app.database.read() as conn:
        (load,) = loads_of(conn, acta.id)
        data = acta_data(conn, acta.id, world.app.config)
        paper = next(one for one in list_documents(conn, player.case_id) if one.name == "lista-firmada.pdf")
    drawn = UUID(data_of(world, "firmar_acta", player.case_id)["pdf"]["id"])
    with world.app.database.read() as conn:
        text = _text(read_document(conn, world.app.archive, drawn)[1])
    assert (load.source, load.document_id) == ("mano", paper.id)
    day = world.clock.now().astimezone(world.app.config.zone)
    said = f"Cargada por el Departamento Académico el {day:%d/%m/%y}, con lo informado por escrito por el docente."
    assert data["observacion"] == said
    assert said in text
    assert data["leyenda"] in text, "the model's legend stays as it is"
    letter = next(mail for mail in world.smtp.messages if "Acta cargada" in mail["Subject"])
    assert "El Departamento cargó, con lo informado por escrito por" in letter.get_body(("plain",)).get_content()


@pytest.mark.req("R-56")
def test_a_case_raised_in_the_control_is_told_to_the_authority_and_its_decision_is_on_record(player: Player) -> None:
    world = player.world
    raised = '{ tarea = "controlar_acta", acta = 1, respuestas = { decision_control = "elevar", caso_no_previsto = "Rindió con otro documento." } }'
    decided = '{ tarea = "resolver_caso_control", acta = 1, respuestas = { decision_caso_control = "seguir", fundamento_caso = "Se acredita la identidad." } }'
    player.play(scenario(LOADED, raised, decided))
    (acta,) = actas(player)
    with world.app.database.read() as conn:
        last = steps_of(conn, acta.id)[-1]
    assert (last.to, last.by) == ("a_firma", world.person("autoridad_gestion"))
    assert last.note == "Caso no previsto: Rindió con otro documento. Resuelto: Se acredita la identidad."
    asked, told = (next(m for m in world.smtp.messages if s in m["Subject"]) for s in ("Caso no previsto", "resuelto"))
    assert asked["To"] == "autoridad_gestion@une.example"
    assert "Rosa Elvira Peñafiel Güemes eleva" in asked.get_body(("plain",)).get_content()
    assert "quimica@une.example" in told["To"]
    assert "actas.posgrado@une.example" in told["Cc"]
    assert "el acta sigue su curso" in told.get_body(("plain",)).get_content()


@pytest.mark.req("R-48", "R-56")
def test_a_rectificativa_is_annulled_and_its_docente_replaced_as_those_of_any_acta(world: World) -> None:
    first = rectify(world, "2025-L0001-F0001")
    made = opened(world, "2025-L0001-F0001")
    mesa, new = str(made.mesa_id), world.person("docente_suplente")
    told = {"mesa_elegida": mesa, "docente": str(new), "motivo": "Licencia por enfermedad."}
    case_id = begin(world, "reemplazar_docente", "departamento:quimica", told)
    a_minute_later(world, case_id)
    assert ended(world, case_id) == ("completed", "entregada")
    with world.app.database.read() as conn:
        assert get_mesa(conn, made.mesa_id).docente_id == new
        assert conn.scalar(sa.select(sa.func.count()).select_from(docente_cambio)) == 1
        query = sa.select(task.c.role).where(task.c.case_id == first, task.c.status == "open")
        assert conn.scalars(query).all() == [f"docente:{new}"]
    asked = begin(world, "anular_acta", "sgpyec", {"acta_base": made.base, "motivo": "La nota estaba bien."})
    decided = {"decision_anulacion": "anular", "fundamento": "El docente lo confirma."}
    do(world, "resolver_anulacion", asked, "autoridad_gestion", decided)
    a_minute_later(world, asked)
    assert ended(world, asked) == ("completed", "entregada")
    assert ended(world, first) == ("completed", "anulada")
    assert opened(world, "2025-L0001-F0001").state == "anulada"


@pytest.mark.req("R-48")
def test_a_second_rectificativa_while_one_is_in_course_goes_back_to_who_asked_with_the_reason(world: World) -> None:
    rectify(world, "2025-L0001-F0001")
    second = rectify(world, "2025-L0001-F0001")
    told = data_of(world, "corregir_pedido", second)
    assert told["observado"].startswith("El acta 2025-L0001-F0001 ya tiene una rectificativa en trámite")
    assert any("No se pudo abrir la rectificativa" in mail["Subject"] for mail in world.smtp.messages)


def rectify(world: World, base: str) -> UUID:
    """A case, up to where the acta is opened or is not."""
    told = {"acta_nombre": base, "motivo_pedido": "La nota de la fila 2 se pasó mal."}
    case_id = begin(world, "acta_rectificativa", "sgpyec", told)
    do(world, "senalar_filas", case_id, "sgpyec", {"filas": ["2"]})
    do(world, "revisar_pedido", case_id, "sgpyec", {"decision_pedido": "rectificar"})
    return case_id


def opened(world: World, base: str) -> Acta:
    with world.app.database.read() as conn:
        (made,) = actas_about(conn, acta_by_base(conn, base).id)
        return made


def data_of(world: World, element: str, case_id: UUID) -> dict[str, Any]:
    with world.app.database.read() as conn:
        return dict(task_data(conn, the_task(world, element, case_id), world.app.engine))


def _text(pdf: bytes) -> str:
    """As another program reads it."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(told.decode().split())
