"""Reconstruction as others ask for it: the fixity check, for each original that was lost, and the service A1."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.actas.examen import acta_by_base, get_acta, move_acta, open_reconstruction, rebuildings_of
from engine.archive import check_each
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.cases.task_data import task_data
from engine.definitions import Bundle, Step, parse_scenarios, publish
from engine.documents import store_document
from engine.history.case_file import get_case
from engine.history.related import related_to
from engine.history.timeline import milestones
from engine.inbound.lost_actas import rebuild_lost
from engine.storage.tables import case, event, job, task
from tests.processes.player import Player
from tests.processes.test_later_actas import play
from tests.processes.world import ROOT, World
from web.demo.old_actas import BASE

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # enough, where two do not meet
NOTICED = '{ tarea = "formar_expediente", respuestas = { expediente = "88/26" } }'
GATHERED = """{ tarea = "reunir_copias", respuestas = { copias_partes = ["copia.pdf"], partes_dijeron = "Un miembro la tiene.",
  tramites_registrados = "Consta la convocatoria.", informes_dicen = "Ninguno." } }"""
NOWHERE = '{ tarea = "buscar_acta", respuestas = { lugares = "Todos los tomos de 2019.", aparecio = "no" } }'
REMADE = """{ tarea = "rehacer_acta", respuestas = { comparacion = "La copia está completa.", alcanza = "si",
  acta_digital = ["acta-jd-2019-4.pdf"], rehecha_organo = "JD", rehecha_numero = 4, rehecha_fecha = "2019-05-14",
  rehecha_aprobada = "2019-06-11", rehecha_titulo = "Rendición de cuentas de 2018" } }"""
ASKED = """
[[escenario]]
nombre = "Prueba"
inicio = { productos = ["documentos_sesiones"], organo = "JD", acta_numero = 4, destino = "Uso", declaracion = true }
espera = { estado = "open", correos = ["falta_acta"], tareas = [] }
[[escenario.paso]]
tarea = "revisar_admisibilidad"
respuestas = { admision = "admitir" }
[[escenario.paso]]
tarea = "localizar_acta"
respuestas = { localizacion = "falta", motivo_falta = "No está en el registro." }
"""


def steps(*written: str) -> tuple[Step, ...]:
    whole = f"[[escenario]]\nnombre = 'x'\ninicio = {{}}\npaso = [{' '.join(', '.join(written).split())}]\nespera = {{ estado = 'open' }}"
    return parse_scenarios(whole)[0].steps


def go_on(world: World, process: str, number: str, *written: str) -> Player:
    """What people do next in a case that nobody filed."""
    with world.app.database.read() as conn:
        row = conn.execute(sa.select(case).where(case.c.number == number)).one()
    player = Player(world, world.app.definitions.get(row.version_id))
    player.case_id, player.requester = row.id, None
    player._run_jobs()
    for step in steps(*written):
        player._do(step)
        player._run_jobs()
    return player


def lose(world: World, *bases: str) -> None:
    """Their originals are lost, and the check of the night finds it."""
    with world.app.database.read() as conn:
        lost = [str(acta_by_base(conn, base).original_sha256) for base in bases]
    for sha256 in lost:
        world.app.archive.path(sha256).unlink()
    world.clock.instant += timedelta(minutes=1)
    check_each(world.app.database, world.app.archive, world.clock.now(), batch=1)


def shown(world: World, player: Player) -> dict[str, object]:
    """What the page of its open task has to show."""
    with world.app.database.read() as conn:
        query = sa.select(task.c.id).where(task.c.case_id == player.case_id, task.c.status == "open")
        return dict(task_data(conn, conn.scalars(query).one(), world.app.engine))


def told_in(world: World, words: str) -> bool:
    """Whether some letter says so."""
    bodies = (one.get_body(("plain",)) for one in world.smtp.messages)
    return any(words in " ".join(body.get_content().split()) for body in bodies if body is not None)


def cases_of(world: World, base: str) -> list[str]:
    with world.app.database.read() as conn:
        return [one.number for one in rebuildings_of(conn, base)]


@pytest.mark.req("R-51", "R-55")
def test_each_lost_original_is_rebuilt_once_whoever_looks(world: World) -> None:
    world.publish("reconstruir_acta")
    others = ("2025-L0001-F0002", "2025-L0001-F0003")
    lose(world, BASE, *others)
    assert [one.state for one in rebuild_lost(world.app, dry_run=True)] == ["to_start"] * 3
    assert cases_of(world, BASE) == []
    with ThreadPoolExecutor(4) as looking:
        told = list(looking.map(lambda _: rebuild_lost(world.app), range(4)))
    assert {one.state for each in told for one in each} <= {"started", "in_course"}
    for base in (BASE, *others):
        assert len(cases_of(world, base)) == 1, base
    check_each(world.app.database, world.app.archive, world.clock.now() + timedelta(hours=1))
    assert {one.state for one in rebuild_lost(world.app)} == {"in_course"}


@pytest.mark.req("R-55")
@sqlite
def test_what_the_check_began_says_so_and_waits_for_its_expediente(world: World) -> None:
    world.publish("reconstruir_acta")
    lose(world, BASE)
    (begun,) = rebuild_lost(world.app)
    player = go_on(world, "reconstruir_acta", begun.told)
    assert (begun.state, player._open_tasks()) == ("started", ["formar_expediente"])
    with world.app.database.read() as conn:
        row = conn.execute(sa.select(case).where(case.c.id == player.case_id)).one()
        mails = conn.scalars(
            sa.select(job.c.result).where(job.c.case_id == player.case_id, job.c.operation == "send_mail")
        ).all()
        began = conn.execute(sa.select(event.c.actor).where(event.c.case_id == player.case_id)).first()
    said = shown(world, player)
    assert "Control de integridad: el original digital del acta falta" in str(said["como_se_noto"])
    assert "El archivo no conserva el original digital" in str(said["original"])
    assert (row.channel, row.requester_id, row.title, began.actor) == ("sistema", None, BASE, None)
    assert [one["asunto"] for one in mails] == [f"Falta el acta de examen {BASE}"]
    assert told_in(world, "La notó: Control de integridad")


@pytest.mark.req("R-55")
@sqlite
def test_an_acta_is_found_only_when_its_original_is_back_in_the_archive(world: World) -> None:
    world.publish("reconstruir_acta")
    with world.app.database.read() as conn:
        sha256 = str(acta_by_base(conn, BASE).original_sha256)
    kept = world.app.archive.get(sha256)
    lose(world, BASE)
    (begun,) = rebuild_lost(world.app)
    said = '{ tarea = "buscar_acta", respuestas = { lugares = "Respaldo del mes.", aparecio = "si", donde_aparecio = "Respaldo"%s } }'
    player = go_on(
        world, "reconstruir_acta", begun.told, '{ tarea = "formar_expediente", respuestas = { expediente = "1/26" } }',
        said % "", said % ', original_hallado = ["otro.pdf"]',
    )  # fmt: skip
    assert player._open_tasks() == ["buscar_acta"]
    assert "Lo que se subió no es ese original" in str(shown(world, player)["aviso_busqueda"])
    with world.app.database.write() as conn:
        found = store_document(
            conn, world.app.archive, case_id=None, kind="upload", name=f"{BASE}.pdf", title="Hallado",
            media_type="application/pdf", data=kept, created_by=world.staff["sgpyec"], at=world.clock.now(),
        )  # fmt: skip
        opened = conn.scalar(sa.select(task.c.id).where(task.c.case_id == player.case_id, task.c.status == "open"))
    answers = {"lugares": "Respaldo del mes.", "aparecio": "si", "donde_aparecio": "Respaldo"}
    command = CompleteTask(opened, world.staff["sgpyec"], answers | {"original_hallado": [str(found.id)]}, uuid4())
    complete_task(command, world.app.engine)
    player._run_jobs()
    assert (player._row().outcome, world.app.archive.get(sha256)) == ("hallada", kept)
    assert rebuild_lost(world.app) == [], "also before the next check"
    world.clock.instant += timedelta(days=1)
    assert check_each(world.app.database, world.app.archive, world.clock.now()).intact
    lose(world, BASE)
    assert [one.state for one in rebuild_lost(world.app)] == ["started"], "lost again, it is rebuilt again"


@pytest.mark.req("R-55", "R-56")
@sqlite
def test_what_was_rebuilt_or_given_up_is_left_alone_and_a_new_loss_is_noticed_again(world: World) -> None:
    world.publish("reconstruir_acta")
    play(world, "reconstruir_acta", "Todos aportan su copia")
    lose(world, BASE)
    (rebuilt,) = rebuild_lost(world.app)
    assert (rebuilt.base, rebuilt.state) == (BASE, "rebuilt")
    play(world, "reconstruir_acta", "Lo hallado difiere")
    lose(world, "2025-L0001-F0003")
    told = rebuild_lost(world.app)
    assert [one.state for one in told if one.base == "2025-L0001-F0003"] == ["given_up"]


@pytest.mark.req("C-27", "R-55")
@sqlite
def test_a1_waits_for_the_acta_that_another_case_rebuilds_and_goes_on_with_it(world: World) -> None:
    player = Player(world, world.app.definitions.get(world.publish("solicitar_copia_acta")))
    player.play(parse_scenarios(ASKED)[0])
    with world.app.database.read() as conn:
        asked = get_case(conn, player.case_id)
        (opened,) = related_to(conn, asked).others
        assert related_to(conn, opened).about.number == asked.number  # type: ignore[union-attr]
        now = milestones(conn, player.case_id, player.definition.spec.elements)[-1]
    assert (now.state, now.text) == ("now", "El acta falta y se la está reconstruyendo")
    signed = '{ tarea = "firmar_resolucion", respuestas = { decision_firma = "firmar" } }'
    other = go_on(world, "reconstruir_acta_sesion", opened.number, NOTICED, NOWHERE, GATHERED, REMADE, signed)
    player._run_jobs()
    assert other._open_tasks() == ["establecer_responsable"]
    assert player._open_tasks() == ["cotejar_copia"]
    assert shown(world, player)["acta_copia"] == "JD-2019-4"


@pytest.mark.req("C-27", "R-55", "R-56")
@sqlite
def test_a1_is_refused_with_the_reasons_for_which_the_acta_cannot_be_rebuilt(world: World) -> None:
    player = Player(world, world.app.definitions.get(world.publish("solicitar_copia_acta")))
    player.play(parse_scenarios(ASKED)[0])
    with world.app.database.read() as conn:
        (opened,) = related_to(conn, get_case(conn, player.case_id)).others
    other = go_on(
        world, "reconstruir_acta_sesion", opened.number, NOTICED, NOWHERE, GATHERED,
        '{ tarea = "rehacer_acta", respuestas = { comparacion = "No hay nada que comparar.", alcanza = "no" } }',
        '{ tarea = "resolver_caso", respuestas = { decision_caso = "no", fundamento_caso = "Nadie conserva copia de ella." } }',
    )  # fmt: skip
    player._run_jobs()
    assert (other._row().outcome, player._row().outcome) == ("no_procede", "rechazada")
    assert told_in(world, "Nadie conserva copia de ella.")


def begin(world: World, base: str, by: str | None = "sgpyec") -> Player:
    """A case of it, by somebody or by the system."""
    player = Player(world, world.app.definitions.current("reconstruir_acta"))
    noticed = "No está en su caja al hacer el inventario."
    answers = {"acta_nombre": base, "notada_el": "2026-03-02", "como_se_noto": noticed}
    player.requester = world.staff[by] if by else None
    command = StartCase("reconstruir_acta", player.requester, answers, uuid4(), channel="portal" if by else "sistema")
    player.case_id = start_case(command, world.app.engine).case_id
    player._run_jobs()
    return player


@pytest.mark.req("R-55")
@sqlite
def test_there_is_one_reconstruction_of_an_acta_at_a_time(world: World) -> None:
    world.publish("reconstruir_acta")
    first, second = begin(world, BASE), begin(world, BASE, "tic")
    assert first._open_tasks() == ["formar_expediente"]
    assert (second._row().outcome, second._open_tasks()) == ("anulada_repetida", [])
    unknown = begin(world, "2025-L0009-F0009", None)
    assert (unknown._row().outcome, unknown._open_tasks()) == ("anulada_no_consta", []), "nobody could correct it"


@pytest.mark.req("R-55")
@sqlite
def test_a_reconstruction_is_known_by_the_acta_that_it_was_asked_for_whatever_its_title_says(world: World) -> None:
    """The title and what lists show are the owner's to change; the name may be corrected."""
    files = dict(Bundle.read(ROOT / "bpmn", ROOT / "forms", "reconstruir_acta").files)
    manifest = files["proceso.toml"].decode()
    shown = ('titulo = "acta_nombre"', 'buscar = ["acta_nombre", ')
    assert all(one in manifest for one in shown)
    manifest = manifest.replace(shown[0], 'titulo = "como_se_noto"').replace(shown[1], "buscar = [")
    files["proceso.toml"] = manifest.encode()
    world.publish("reconstruir_acta")
    with world.app.database.write() as conn:
        publish(conn, Bundle("reconstruir_acta", files), None, world.clock.now(), world.app.operations)
    unknown = "2025-L0009-F0009"
    first = begin(world, unknown)
    assert first._row().title == "No está en su caja al hacer el inventario."
    corrected = {"acta_nombre": BASE, "notada_el": "2026-03-02", "como_se_noto": "No está en su caja."}
    with world.app.database.read() as conn:
        opened = conn.scalar(sa.select(task.c.id).where(task.c.case_id == first.case_id, task.c.status == "open"))
    complete_task(CompleteTask(opened, world.staff["sgpyec"], corrected, uuid4()), world.app.engine)
    first._run_jobs()
    assert (cases_of(world, BASE), cases_of(world, unknown)) == ([first._row().number], [])
    assert begin(world, BASE, "tic")._row().outcome == "anulada_repetida"
    lose(world, BASE)
    assert [one.state for one in rebuild_lost(world.app)] == ["in_course"]


@pytest.mark.req("R-55")
@sqlite
def test_a_refusal_to_open_the_new_acta_comes_back_to_who_compared_with_its_reason(world: World) -> None:
    world.publish("reconstruir_acta")
    player = begin(world, BASE)
    copies = '{ tarea = "aportar_%s", respuestas = { %s_tiene = "no" } }'
    compared = """{ tarea = "reunir_y_comparar", respuestas = { informes_dicen = "Ninguno.", alcanza = "si",
      comparacion = "Constan las notas cargadas." } }"""
    with world.app.database.write() as conn:
        how = {"reason": "Por error", "capacity": 500, "by": None, "at": world.clock.now(), "zone": ZoneInfo("UTC")}
        other = open_reconstruction(conn, acta_by_base(conn, BASE).id, job_key="otra", **how)
        name = get_acta(conn, other).base
    for step in steps(
        NOTICED, '{ tarea = "buscar_acta", respuestas = { lugares = "Registro y respaldos.", aparecio = "no" } }',
        copies % ("departamento", "departamento"), copies % ("docente", "docente"),
        '{ tarea = "buscar_ejemplar", respuestas = { ejemplar_hallado = "no" } }', compared,
    ):  # fmt: skip
        player._do(step)
        player._run_jobs()
    assert (player._open_tasks(), player._incidents()) == (["reunir_y_comparar"], [])
    why = f"No se pudo abrir la reconstruida: El acta {BASE} ya tiene una reconstruida en trámite: la {name}."
    assert shown(world, player)["aviso"] == why
    with world.app.database.write() as conn:
        move_acta(conn, other, "anulada", job_key="no", by=None, at=world.clock.now(), note="Se abrió por error.")
    (again,) = steps(compared)
    player._do(again)
    player._run_jobs()
    assert player._open_tasks() == ["transcribir_notas"]
