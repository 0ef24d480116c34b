"""A new edition of the Carta: signed by four in order, each with their own certificate; one that comes second goes back.

What its scenarios do not say: the signatures themselves, who may start, what stays with cases that were running.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa

from engine.carta import (
    apply_draft,
    commitments,
    current_edition,
    current_publication,
    publish_edition,
    read_draft,
)
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.cases.task_data import task_data
from engine.definitions import parse_scenarios
from engine.documents import read_document, store_document
from engine.errors import NotAllowed, OperationFailed, SignatureRefused
from engine.operations import CATALOGUE, Call, perform
from engine.signing import verify_pdf
from engine.storage.tables import case, task
from tests.processes.player import Player
from tests.processes.world import World

PROCESS = "revisar_carta"
SCENARIO = """
[[escenario]]
nombre = "Prueba"
solicitante = "dueno_proceso"
inicio = { motivo_revision = "El sellado tarda más de lo prometido." }
paso = [%s]
espera = { estado = "%s" }
"""
WRITTEN = (
    '{ tarea = "elaborar_edicion", respuestas = { cambios = "si", modificaciones = "El sellado, en 2 días hábiles.", '
    "compromisos = [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, { dias = 2 }] } }"
)
ELABORATED = '{ tarea = "firmar_elaborado", respuestas = { decision_elaborado = "firmar" } }'
REVISED = '{ tarea = "revisar_edicion", respuestas = { decision_revisado = "firmar" } }'
APPROVED = '{ tarea = "aprobar_calidad", respuestas = { decision_calidad = "firmar" } }'
PUBLISHED = '{ tarea = "aprobar_secretario", respuestas = { decision_secretario = "firmar" } }'
OFFICES = [
    "Asistente de Desarrollo Institucional 1",
    "Experto de Desarrollo Institucional",
    "Director/a de Aseguramiento de la Calidad",
    "Secretario General",
]
ROLES = ["asistente_desarrollo", "experto_desarrollo", "director_calidad", "secretario_general"]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: its scenarios are played on both, and so are the editions."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'cartulario.db')}"


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def play(player: Player, *steps: str, status: str = "open") -> None:
    player.play(parse_scenarios(SCENARIO % (", ".join(steps), status))[0])


def open_task(player: Player) -> Any:
    query = sa.select(task.c.id, task.c.element).where(task.c.case_id == player.case_id, task.c.status == "open")
    with player.world.app.database.read() as conn:
        return conn.execute(query).one()


def boxes(pdf: bytes) -> list[tuple[int, list[float]]]:
    """The page and the corners of each signature's field, in the order of their names."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = [page.obj.objgen for page in document.pages]
        fields = sorted(document.Root.AcroForm.Fields, key=lambda field: str(field.T))
        return [(pages.index(field.P.objgen), [float(v) for v in field.Rect]) for field in fields]


def overlap(one: tuple[int, list[float]], other: tuple[int, list[float]]) -> bool:
    (page, a), (its, b) = one, other
    return page == its and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.req("C-1", "C-5", "C-50", "C-55", "C-56", "C-57", "C-58")
def test_an_edition_is_published_with_four_signatures_in_order(player: Player, tmp_path: Path) -> None:
    play(player, WRITTEN, ELABORATED, REVISED, APPROVED, PUBLISHED, status="completed")
    app = player.world.app
    with app.database.read() as conn:
        published = current_publication(conn)
        assert published is not None
        assert published.document_id is not None
        document, pdf = read_document(conn, app.archive, published.document_id)
        assert commitments(conn, "B3") == (2, {"certificado_institucional": 2})
    assert (published.edition.number, published.case_id, document.case_id) == (2, player.case_id, player.case_id)
    assert (document.kind, document.released_at) == ("issued", player.world.clock.now())
    assert published.edition.history[-1].changes == "El sellado, en 2 días hábiles."
    assert [one["role"] for one in document.signatures] == OFFICES
    assert [one["function"] for one in document.signatures] == ROLES
    assert len({one["serial"] for one in document.signatures}) == 4

    verdict = verify_pdf(pdf, app.signing.trust, original=pdf, at=player.world.clock.now())
    assert verdict.accepted, verdict.reasons
    assert [signer.name.removesuffix(" (DEMO)") for signer in verdict.signers] == [
        one.name for one in published.edition.signatures
    ]
    places = boxes(pdf)
    assert len(places) == 4
    assert not [1 for n, one in enumerate(places) for other in places[:n] if overlap(one, other)]

    file = tmp_path / "carta.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 4
    for name in ("hueco_1", "hueco_2", "hueco_3", "hueco_4"):
        assert said.count(f"Signature Field Name: {name}\n") == 1


@pytest.mark.req("C-48")
def test_who_comes_second_goes_back_to_the_form_with_the_changes_on_the_new_edition(player: Player) -> None:
    play(player, WRITTEN, ELABORATED, REVISED, APPROVED)
    _publish_another(player.world)
    last = open_task(player)
    assert last.element == "aprobar_secretario"
    signed = {"decision_secretario": "firmar"}
    player.world.app.sign_task(last.id, player.world.staff["secretario_general"], "246813", signed, uuid.uuid4())
    player._run_jobs()
    again = open_task(player)
    assert again.element == "elaborar_edicion"
    with player.world.app.database.read() as conn:
        data = task_data(conn, again.id, player.world.app.engine)
        edition = current_edition(conn)
    assert edition is not None
    assert edition.mission == "Otra misión."
    assert data["hay_avisos"]
    assert "Mientras tanto se publicó otra edición" in data["avisos"]
    assert (data["base"], data["edicion_nueva"]) == (2, 3)
    assert data["mision"] == "Otra misión."
    assert data["compromisos"][11]["dias"] == 2
    assert data["modificaciones"] == "El sellado, en 2 días hábiles."


@pytest.mark.req("C-55", "C-56", "C-57", "C-58")
@pytest.mark.parametrize(
    ("functions", "told"),
    [
        (["secretaria", "jefe_secretaria", "archivo", "rectorado"], r"La firma 1 .* Asistente .* la puso secretaria"),
        ([*ROLES[:2], ROLES[3], ROLES[2]], r"La firma 3 .* Director/a .*aprobado por.* la puso secretario_general"),
        ([*ROLES[:3], ""], "La firma 4 .* es de Secretario General"),
    ],
)
def test_four_signatures_of_others_or_in_another_order_publish_nothing(
    player: Player, functions: list[str], told: str
) -> None:
    play(player, WRITTEN)
    world, mine = player.world, open_task(player)
    signatures = [{"role": f, "function": f, "serial": str(n)} for n, f in enumerate(functions)]
    with world.app.database.write() as conn:
        data = task_data(conn, mine.id, world.app.engine)
        version = conn.scalar(sa.select(case.c.version_id).where(case.c.id == player.case_id))
        forged = store_document(
            conn, world.app.archive, case_id=player.case_id, kind="issued", name="carta.pdf", title="Carta",
            media_type="application/pdf", data=b"%PDF-", at=world.clock.now(), signatures=signatures,
        )  # fmt: skip
    call = Call("job", player.case_id, "CS-2026-000001", PROCESS, version, "publicar_edicion", None, 0,
                world.clock.now(), world.app.tools)  # fmt: skip
    given = {"edition": data["nueva"]["edicion"], "document": str(forged.id)}
    with pytest.raises(OperationFailed, match=told) as refusal:
        perform(CATALOGUE["publish_edition"], given, call)
    assert refusal.value.permanent
    with world.app.database.read() as conn:
        edition = current_edition(conn)
    assert edition is not None
    assert edition.number == 1


def test_nobody_approves_without_signing_nor_publishes_with_fewer_signatures(player: Player) -> None:
    play(player, WRITTEN)
    world, mine = player.world, open_task(player)
    approved = {"decision_elaborado": "firmar"}
    unsigned = CompleteTask(mine.id, world.staff["asistente_desarrollo"], approved, uuid.uuid4())
    with pytest.raises(SignatureRefused):
        complete_task(unsigned, world.app.engine)
    with world.app.database.read() as conn:
        data = task_data(conn, mine.id, world.app.engine)
        version = conn.scalar(sa.select(case.c.version_id).where(case.c.id == player.case_id))
    call = Call("job", player.case_id, "CS-2026-000001", PROCESS, version, "publicar_edicion", None, 0,
                world.clock.now(), world.app.tools)  # fmt: skip
    given = {"edition": data["nueva"]["edicion"], "document": data["carta"]["id"]}
    with pytest.raises(OperationFailed, match=r"necesita 4 firmas.*y tiene 0") as refusal:
        perform(CATALOGUE["publish_edition"], given, call)
    assert refusal.value.permanent
    with world.app.database.read() as conn:
        edition = current_edition(conn)
    assert edition is not None
    assert edition.number == 1
    returned = {"decision_elaborado": "devolver", "motivo_elaborado": "Falta un plazo."}
    back = CompleteTask(mine.id, world.staff["asistente_desarrollo"], returned, uuid.uuid4())
    complete_task(back, world.app.engine)
    assert open_task(player).element == "elaborar_edicion"


@pytest.mark.req("C-11")
def test_only_those_whom_the_process_names_start_a_revision(world: World) -> None:
    world.publish(PROCESS)
    answers = {"motivo_revision": "Porque me parece."}
    for who in ("estudiante", "secretaria", "rectorado"):
        with pytest.raises(NotAllowed):
            start_case(StartCase(PROCESS, world.person(who), answers, uuid.uuid4()), world.app.engine)


def test_once_a_year_a_revision_starts_by_itself(player: Player) -> None:
    world = player.world
    (start,) = player.definition.spec.timer_starts
    begun = StartCase(PROCESS, None, {}, uuid.uuid4(), channel="sistema", start_event=start.id)
    player.case_id = start_case(begun, world.app.engine).case_id
    player._run_jobs()
    waiting = open_task(player)
    with world.app.database.read() as conn:
        data = task_data(conn, waiting.id, world.app.engine)
    assert (start.id, waiting.element) == ("revision_anual", "elaborar_edicion")
    assert data["motivo_revision"] == "Revisión anual de la Carta de Servicios."
    answers = {"cambios": "no", "motivo_cierre": "Los doce compromisos se cumplieron."}
    elaborated = CompleteTask(waiting.id, world.staff["asistente_desarrollo"], answers, uuid.uuid4())
    assert complete_task(elaborated, world.app.engine).opened == ()
    player._run_jobs()
    with world.app.database.read() as conn:
        outcome = conn.scalar(sa.select(case.c.outcome).where(case.c.id == player.case_id))
    assert outcome == "sin_cambios"


def _publish_another(world: World) -> None:
    today = world.clock.now().date()
    with world.app.database.write() as conn:
        base = current_edition(conn)
        assert base is not None
        written = read_draft({"mision": "Otra misión.", "modificaciones": "La misión."}, base, today)
        publish_edition(conn, apply_draft(base, written, today), world.clock.now())
