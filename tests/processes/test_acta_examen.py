"""«Acta de examen» in what its scenarios do not say: who gets which letter, what comes before what, and the cases beside
it that replace a docente or annul an acta.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actas.examen import Acta, get_acta, steps_of
from engine.cases import (
    DELIVER_MESSAGE,
    CompleteTask,
    DeliverMessage,
    StartCase,
    WithdrawCase,
    complete_task,
    deliver_message,
    start_case,
    withdraw_case,
)
from engine.config import ROOT
from engine.definitions import Scenario, parse_scenarios
from engine.errors import InvalidAnswers, NobodyWaits, NotFound, NotWithdrawable
from engine.history.search import CaseFilters, search_cases
from engine.inbound.worker import run_job
from engine.people import end_holding, list_holdings
from engine.storage.tables import docente_cambio, document, job, task
from tests.processes import exam
from tests.processes.player import Player
from tests.processes.world import World

PROCESS = "acta_examen"
PLAYED = parse_scenarios((ROOT / "bpmn" / PROCESS / "escenarios.toml").read_text(encoding="utf-8"))
BEGUN = """
[[escenario]]
nombre = "Prueba"
solicitante = "departamento:quimica"
inicio = { curso = "Quimiometría", codigo = "P-1", horas = 60, fecha = "2026-03-02", departamento = "quimica", docente = "persona:docente", tribunal = [{ nombre = "D'Angelo Paz, Óscar", correo = "docente_suplente@une.example" }, { nombre = "Sagñay, Segundo", correo = "segundo@otra.example" }], forma_listado = "archivo", listado = ["inscriptos-%d.csv"] }
paso = [{ tarea = "revisar_listado", respuestas = { decision_listado = "generar" } }, %s]
espera = { estado = "open" }
"""
LOADED = '{ tarea = "cargar_calificaciones", acta = 1, planilla = {} }'
CHECKED = '{ tarea = "controlar_acta", acta = 1, respuestas = { decision_control = "correcta" } }'
SIGNED = '{ tarea = "firmar_acta", acta = 1, respuestas = { decision_firma = "firmar" } }'

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # the scenarios run on both


def scenario(*steps: str, enrolled: int = 1) -> Scenario:
    return parse_scenarios(BEGUN % (enrolled, ", ".join(steps)))[0]


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def letter(player: Player, subject: str) -> EmailMessage:
    return next(mail for mail in player.world.smtp.messages if subject in mail["Subject"])


def sent_to(mail: EmailMessage) -> tuple[str, str, set[str]]:
    copies = {one.addr_spec for one in mail["Cc"].addresses} if mail["Cc"] else set()
    return mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec, copies


def actas(player: Player) -> list[Acta]:
    with player.world.app.database.read() as conn:
        return exam.actas_of_case(conn, player.case_id)


def begin(world: World, process: str, who: str, answers: Mapping[str, Any]) -> UUID:
    """Another case, and its jobs."""
    world.publish(process)
    command = StartCase(process, world.person(who), exam.named(world.person, answers), uuid.uuid4())
    case_id = start_case(command, world.app.engine).case_id
    run_jobs(world)
    return case_id


def run_jobs(world: World, *, until: str | None = None) -> None:
    """Every job, but for a message that nobody waits for; ``until``: up to the first of that operation."""
    waiting = (
        sa.select(job.c.key, job.c.operation).where(job.c.status == "queued").order_by(job.c.created_at, job.c.key)
    )
    given_up: set[str] = set()
    for _ in range(80):
        with world.app.database.read() as conn:
            row = next((one for one in conn.execute(waiting) if one.key not in given_up), None)
        if row is None or row.operation == until:
            return
        run_job(world.app, row.key)
        with world.app.database.read() as conn:
            after = conn.execute(sa.select(job.c.status, job.c.error).where(job.c.key == row.key)).one()
        if row.operation == DELIVER_MESSAGE:
            given_up.add(row.key)
        else:
            assert after.status == "done", after.error


def open_tasks(player: Player) -> list[tuple[str, str, str | None]]:
    query = sa.select(task.c.element, task.c.role, task.c.instance).where(
        task.c.case_id == player.case_id, task.c.status == "open"
    )
    with player.world.app.database.read() as conn:
        return sorted(tuple(row) for row in conn.execute(query))


@pytest.mark.req("R-28", "R-33", "R-34", "R-35", "R-36", "R-40", "R-41", "R-43", "R-44", "R-46")
def test_each_letter_leaves_from_the_account_and_reaches_whom_its_article_names(player: Player) -> None:
    player.play(scenario(LOADED, CHECKED, SIGNED))
    (acta,) = actas(player)
    office, department = "actas.posgrado@une.example", "quimica@une.example"
    docente, other = "docente@une.example", "docente_suplente@une.example"
    to_department = letter(player, f"Acta de examen {acta.base}:")
    assert sent_to(to_department) == (office, department, set())  # 1.5
    files = [part.get_filename() for part in to_department.iter_attachments()]
    assert files == [f"{acta.base}.docx", f"{acta.base}.pdf"]
    to_docente = letter(player, f"{acta.base} para cargar")
    assert sent_to(to_docente) == (department, docente, set())  # 2.1
    assert [part.get_filename() for part in to_docente.iter_attachments()] == files
    loaded = letter(player, f"Acta cargada: libro {acta.libro}, folio {acta.folio}, Quimiometría")  # 3.2
    assert sent_to(loaded) == (office, department, {docente, other, "segundo@otra.example"})
    assert [part.get_filename() for part in loaded.iter_attachments()] == [f"{acta.base}.pdf"]
    to_sign = letter(player, f"{acta.base} para firmar")
    assert sent_to(to_sign) == (department, "autoridad_departamental.quimica@une.example", set())  # 4.1
    assert [part.get_filename() for part in to_sign.iter_attachments()] == [f"{acta.base}.pdf"]
    signed = letter(player, f"Acta firmada {acta.base}")
    assert sent_to(signed) == (department, office, {docente})  # 4.2
    with player.world.app.database.read() as conn:
        kept = conn.scalars(sa.select(document.c.created_at).where(document.c.name == f"{acta.base}-carga.pdf")).one()
        order = [row.operation for row in conn.execute(sa.select(job.c.operation).order_by(job.c.finished_at))]
        steps = steps_of(conn, acta.id)
    moves = [step.to for step in steps]
    assert steps[0].by == player.world.person("sgpyec")  # 1.1: the SGPyEC generates them
    assert kept
    assert order.index("archive_mail") < len(order) - 1 - order[::-1].index("send_mail")  # 4.3 before 4.2
    assert moves == ["generada", "enviada", "en_carga", "cargada", "en_control", "a_firma", "firmada", "recibida"]


@pytest.mark.req("R-23")
def test_without_a_certificate_that_holds_the_acta_is_not_sent_to_sign_and_tic_is_asked(player: Player) -> None:
    world = player.world
    with world.app.database.write() as conn:
        (held,) = list_holdings(conn, role="autoridad_departamental:quimica")
        end_holding(conn, held.id, world.clock.now().date().replace(year=2025))
    player.play(scenario(LOADED, CHECKED))
    assert [element for element, _role, _of in open_tasks(player)] == ["preparar_firma"]
    assert actas(player)[0].state == "en_control"


def reads(player: Player, who: UUID) -> tuple[bool, int, list[UUID]]:
    """Of their task of the first acta: whether it went over, how many documents it shows; and the cases they find."""
    app = player.world.app
    viewer = app.inbox.viewer(who)
    mine = sa.select(task.c.id).where(task.c.case_id == player.case_id, task.c.role == f"docente:{who}")
    with app.database.read() as conn:
        key = conn.scalars(mine.order_by(task.c.opened_at, task.c.id)).first()
        found = search_cases(conn, CaseFilters(process=PROCESS), [], viewer.parts)
    assert key is not None
    shown = app.inbox.get_task(viewer, key)
    return shown.gone, len(shown.documents), [one.id for one in found.cases]


@pytest.mark.req("R-36", "R-41")
def test_the_case_that_replaces_the_docente_gives_the_acta_to_the_new_one_alone(player: Player) -> None:
    world = player.world
    player.play(scenario(enrolled=22))
    before, after = world.person("docente"), world.person("docente_suplente")
    assert {role for _element, role, _of in open_tasks(player)} == {f"docente:{before}"}
    mesa = str(actas(player)[0].mesa_id)
    told = {"mesa_elegida": mesa, "docente": str(after), "motivo": "Licencia por enfermedad."}
    with pytest.raises(InvalidAnswers):  # it is no mesa of Economía
        begin(world, "reemplazar_docente", "departamento:economia", told)
    begin(world, "reemplazar_docente", "departamento:quimica", told)
    assert [(element, role) for element, role, _of in open_tasks(player)] == 2 * [
        ("cargar_calificaciones", f"docente:{after}")
    ]
    with world.app.database.read() as conn:
        key = conn.scalars(
            sa.select(task.c.id).where(task.c.case_id == player.case_id, task.c.status == "open")
        ).first()
    with pytest.raises(NotFound):
        complete_task(CompleteTask(key or uuid.uuid4(), before, {}, uuid.uuid4()), world.app.engine)
    with world.app.database.read() as conn:
        changes = conn.execute(sa.select(docente_cambio.c.from_id, docente_cambio.c.to_id, docente_cambio.c.by)).all()
    assert changes == [(before, after, world.person("departamento:quimica"))], "who asked for it is on record"
    old, new = reads(player, before), reads(player, after)
    assert old == (True, 0, []), "who was replaced reads no document of it, and finds the case no more"
    assert new == (False, new[1], [player.case_id])
    assert new[1] > 0
    assert "docente_suplente@une.example" in {mail["To"] for mail in world.smtp.messages}


@pytest.mark.req("R-56")
def test_an_acta_is_annulled_by_who_decides_it_and_a_locked_one_cannot_be(player: Player) -> None:
    world = player.world
    player.play(scenario(LOADED, enrolled=22))
    first, second = actas(player)
    asked = {"acta_base": second.base, "motivo": "La mesa se tomó sin convocatoria."}
    other = begin(world, "anular_acta", "departamento:quimica", asked)
    with world.app.database.read() as conn:
        key = conn.scalars(sa.select(task.c.id).where(task.c.case_id == other, task.c.status == "open")).one()
    decided = {"decision_anulacion": "anular", "fundamento": "Procede: no hubo convocatoria."}
    complete_task(CompleteTask(key, world.person("autoridad_gestion"), decided, uuid.uuid4()), world.app.engine)
    run_jobs(world)
    with world.app.database.read() as conn:
        last = steps_of(conn, second.id)[-1]
        assert get_acta(conn, first.id).state == "en_control"
    assert (last.to, last.by) == ("anulada", world.person("autoridad_gestion"))
    assert "sin convocatoria" in (last.note or "")
    assert [of for _element, _role, of in open_tasks(player)] == [first.base]
    with pytest.raises(InvalidAnswers):  # it is offered no more
        begin(world, "anular_acta", "departamento:quimica", asked)


@pytest.mark.req("R-48")
def test_once_locked_no_message_annuls_it(player: Player) -> None:
    valid = '{ tarea = "validar_acta", acta = 1, respuestas = { decision_validacion = "validar" } }'
    player.play(scenario(LOADED, CHECKED, SIGNED, valid))
    (acta,) = actas(player)
    assert acta.state == "bloqueada"
    with pytest.raises(NobodyWaits):
        deliver_message(
            DeliverMessage("acta_anulada", acta.base, {"motivo": "x"}, uuid.uuid4()), player.world.app.engine
        )


@pytest.mark.req("R-29", "R-30")
def test_of_43_enrolled_three_actas_of_one_libro_with_folios_one_after_the_other(player: Player) -> None:
    player.play(scenario(enrolled=43))
    made = actas(player)
    assert len(made) == 3
    assert {acta.libro for acta in made} == {1}
    assert [acta.folio for acta in made] == [1, 2, 3]
    assert [of for _element, _role, of in open_tasks(player)] == [acta.base for acta in made]
    starter = player.world.person("departamento:quimica")
    command = WithdrawCase(player.case_id, starter, "Ya no", uuid.uuid4())
    with pytest.raises(NotWithdrawable):  # once numbered, each acta is annulled with its reason
        withdraw_case(command, player.world.app.engine)


@pytest.mark.req("R-11", "R-22")
def test_each_move_of_an_acta_that_somebody_decided_says_who(player: Player) -> None:
    refused = '{ tarea = "validar_acta", acta = 1, respuestas = { decision_validacion = "rechazar", defectos_acta = "La fecha de la fila 1 no es la de la mesa." } }'
    raised = '{ tarea = "validar_acta", acta = 1, respuestas = { decision_validacion = "elevar", caso_no_previsto = "Rindió con otro documento." } }'
    settled = '{ tarea = "resolver_caso", acta = 1, respuestas = { decision_caso = "validar", defectos_acta = "Se acredita la identidad: procede." } }'
    player.play(scenario(LOADED, CHECKED, SIGNED, refused, CHECKED, SIGNED, raised, settled))
    (acta,) = actas(player)
    with player.world.app.database.read() as conn:
        done = [(step.to, step.by) for step in steps_of(conn, acta.id)]
    office, authority = player.world.person("sgpyec"), player.world.person("autoridad_gestion")
    signer = player.world.person("autoridad_departamental:quimica")
    first, second = (n for n, (to, _by) in enumerate(done) if to == "firmada")
    assert [done[first], done[second]] == 2 * [("firmada", signer)]
    assert done[first + 2] == ("en_control", office), "it is who rejected it"
    assert done[second + 2 :] == [(to, authority) for to in ("validada", "con_notas", "bloqueada")]
