"""An acta reserved while its copy is on the way: nobody signs it, nobody gets it, and the legal reason is told."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.cases.task_data import task_data
from engine.definitions import Step, parse_scenarios
from engine.documents import find_by_code, list_documents
from engine.errors import OperationFailed, SignatureRefused
from engine.operations import CATALOGUE, Call, perform
from engine.storage.tables import job, task, term
from tests.processes.player import Player
from tests.processes.test_copia_acta import ADMITTED, ASKED, COLLATED, LOCATED, PROCESS, issued, scenario, text_of
from tests.processes.world import PIN, World

REASON = "LOTAIP, art. 17: la investigación está en curso."

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # the scenarios run on both


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def reserve(player: Player, reference: str, pages: str = "") -> None:
    player._do(Step(reserva=reference, motivo=REASON, **({"paginas": pages} if pages else {})))


def sign(player: Player, element: str, **answers: str) -> None:
    """What follows has not run yet."""
    query = sa.select(task.c.id).where(task.c.element == element, task.c.status == "open")
    app = player.world.app
    with app.database.read() as conn:
        opened = conn.execute(query).scalar_one()
    app.sign_task(opened, player.world.staff["secretario_general"], PIN, answers, uuid.uuid4())


def kept(player: Player) -> dict[str, set[str]]:
    """File → the kinds of its documents."""
    found: dict[str, set[str]] = {}
    with player.world.app.database.read() as conn:
        for one in list_documents(conn, player.case_id):
            found.setdefault(one.name, set()).add(one.kind)
    return found


def outcome(player: Player) -> tuple[str | None, str]:
    """Of the case, and the last letter."""
    return player._row().outcome, player.world.smtp.messages[-1].get_body(("plain",)).get_content()


@pytest.mark.req("C-27")
def test_a_copy_of_an_acta_reserved_since_is_not_signed(player: Player) -> None:
    player.play(scenario(ADMITTED, LOCATED, COLLATED))
    reserve(player, "CGA-2025-3")
    with pytest.raises(SignatureRefused, match="CGA-2025-3 se reservó entera"):
        sign(player, "firmar_copia", firma_copia="firmar")
    assert kept(player) == {"copia_certificada.pdf": {"draft"}}
    assert player._open_tasks() == ["firmar_copia"]


@pytest.mark.req("C-27")
def test_a_signed_copy_of_an_acta_reserved_since_is_not_delivered_and_the_legal_reason_is_told(player: Player) -> None:
    player.play(scenario(ADMITTED, LOCATED, COLLATED))
    sign(player, "firmar_copia", firma_copia="firmar")
    reserve(player, "CGA-2025-3")
    player._run_jobs()
    ended, letter = outcome(player)
    assert ended == "rechazada"
    assert REASON in letter
    assert "se reservó mientras preparábamos su copia" in letter
    assert kept(player) == {"copia_certificada.pdf": {"withdrawn"}}
    with player.world.app.database.read() as conn:
        documents = list_documents(conn, player.case_id)
        assert len(documents) == 3, "as composed, signed and sealed"
        assert find_by_code(conn, documents[0].code or "") is None
        assert not any(one.released_at for one in documents)
        assert conn.scalar(sa.select(term.c.result)) == "refused"


@pytest.mark.req("C-27")
def test_a_page_reserved_after_the_signature_sends_the_copy_back_to_be_made_without_it(
    player: Player, tmp_path: Path
) -> None:
    player.play(scenario(ADMITTED, LOCATED, COLLATED))
    sign(player, "firmar_copia", firma_copia="firmar")
    reserve(player, "CGA-2025-3", "2")
    player._run_jobs()
    assert player._open_tasks() == ["cotejar_copia"]
    with player.world.app.database.read() as conn:
        (opened,) = conn.execute(sa.select(task.c.id).where(task.c.status == "open")).scalars()
        data = task_data(conn, opened, player.world.app.engine)
    assert data["aviso_copia"].endswith("ahora se reserva: página 2.")
    assert kept(player) == {"copia_certificada.pdf": {"withdrawn", "draft"}}
    player._do(Step(tarea="cotejar_copia", respuestas={"cotejo": "aprobar"}))
    player._run_jobs()
    sign(player, "firmar_copia", firma_copia="firmar")
    player._run_jobs()
    assert outcome(player)[0] == "entregada"
    assert "No se copia lo reservado (página 2)" in text_of(issued(player, "copia_certificada"), tmp_path)


TRANSCRIBED = {
    "resolucion_consta": "si",
    "resolucion_numero": "N.º 2",
    "resolucion_texto": "Aprobar la propuesta.",
    "resolucion_estado": "vigente",
}


def ask_for_a_resolution(player: Player) -> None:
    """Up to its transcription, which waits."""
    asked = ASKED.replace('["documentos_sesiones"]', '["resoluciones_certificaciones"]')
    more = ', resolucion_pedida = "La que aprobó el distributivo"'
    player.play(parse_scenarios(asked % (more, ", ".join([ADMITTED, LOCATED])))[0])


def transcribe(player: Player) -> None:
    player._do(Step(tarea="transcribir_resolucion", respuestas=TRANSCRIBED))
    player._run_jobs()


@pytest.mark.req("C-27", "C-32")
def test_a_resolution_of_an_acta_reserved_in_part_since_is_not_signed_and_is_transcribed_again(player: Player) -> None:
    ask_for_a_resolution(player)
    reserve(player, "CGA-2025-3", "2")  # while somebody transcribes
    transcribe(player)
    with pytest.raises(SignatureRefused, match="ahora se reserva: página 2"):
        sign(player, "firmar_resolucion", firma_resolucion="firmar")
    back = {"firma_resolucion": "devolver", "motivo_firma_resolucion": "Se reservó la página 2."}
    player._do(Step(tarea="firmar_resolucion", respuestas=back))
    player._run_jobs()
    assert player._open_tasks() == ["transcribir_resolucion"]
    assert open_data(player)["acta_reservado"] == "página 2"
    transcribe(player)
    sign(player, "firmar_resolucion", firma_resolucion="firmar")
    reserve(player, "CGA-2025-3", "1")  # signed, and on its way out
    player._run_jobs()
    assert player._open_tasks() == ["transcribir_resolucion"]
    assert kept(player) == {"certificacion_resolucion.pdf": {"withdrawn"}}
    transcribe(player)
    sign(player, "firmar_resolucion", firma_resolucion="firmar")
    player._run_jobs()
    assert outcome(player)[0] == "entregada"
    with player.world.app.database.read() as conn:
        (given,) = list_documents(conn, player.case_id, released_only=True)
        assert ["Reservado del acta", "página 1"] in [list(pair) for pair in given.facts]
        found = find_by_code(conn, given.code or "")
    assert found is not None


@pytest.mark.req("C-27", "C-32")
def test_a_resolution_of_an_acta_reserved_since_is_not_certified(player: Player) -> None:
    ask_for_a_resolution(player)
    transcribe(player)
    sign(player, "firmar_resolucion", firma_resolucion="firmar")
    reserve(player, "CGA-2025-3")
    player._run_jobs()
    ended, letter = outcome(player)
    assert ended == "rechazada"
    assert REASON in letter
    assert kept(player) == {"certificacion_resolucion.pdf": {"withdrawn"}}


def test_a_delivery_that_runs_twice_stays_a_delivery_and_what_is_of_another_case_is_refused(player: Player) -> None:
    player.play(scenario(ADMITTED, LOCATED, COLLATED))
    sign(player, "firmar_copia", firma_copia="firmar")
    player._run_jobs()
    app = player.world.app
    with app.database.read() as conn:
        last = conn.execute(sa.select(job).where(job.c.element == "entregar_copia")).one()
    mine = Call(last.key, player.case_id, "SG-2026-000001", PROCESS, player.definition.id, last.element, None, 0,
                last.created_at, app.tools)  # fmt: skip
    reserve(player, "CGA-2025-3")  # it came late: the copy is in their hands
    again = perform(CATALOGUE["recheck_copy"], last.parameters, mine)
    assert (again["vigente"], again["entregada"]) == (True, True)
    assert kept(player) == {"copia_certificada.pdf": {"draft", "issued"}}
    with pytest.raises(OperationFailed, match="es de otro trámite"):
        perform(CATALOGUE["recheck_copy"], last.parameters, replace(mine, case_id=uuid.uuid4()))
    with pytest.raises(OperationFailed, match="no existe"):
        perform(CATALOGUE["recheck_copy"], {**last.parameters, "document": str(uuid.uuid4())}, mine)


def open_data(player: Player) -> dict[str, Any]:
    """What the one open task shows."""
    with player.world.app.database.read() as conn:
        (opened,) = conn.execute(sa.select(task.c.id).where(task.c.status == "open")).scalars()
        return dict(task_data(conn, opened, player.world.app.engine))


@pytest.mark.parametrize("typed", ["CGA-2099-1", "el acta de marzo"])
def test_a_mistyped_acta_is_told_to_who_wrote_it_and_the_copy_waits_as_it_was(player: Player, typed: str) -> None:
    wrong = f'{{ tarea = "cotejar_copia", respuestas = {{ cotejo = "corregir", otra_referencia = "{typed}" }} }}'
    player.play(scenario(ADMITTED, LOCATED, wrong))
    assert player._open_tasks() == ["cotejar_copia"]
    data = open_data(player)
    assert data["acta_copia"] == "CGA-2025-3"
    assert "o déjela vacía" in str(data["aviso_copia"])
    assert kept(player) == {"copia_certificada.pdf": {"draft"}}
    player._do(Step(tarea="cotejar_copia", respuestas={"cotejo": "corregir", "otra_referencia": "cga-2025-4"}))
    player._run_jobs()
    assert (open_data(player)["acta_copia"], open_data(player)["aviso_copia"]) == ("CGA-2025-4", "")
    player._do(Step(tarea="cotejar_copia", respuestas={"cotejo": "aprobar"}))
    player._run_jobs()
    assert player._open_tasks() == ["firmar_copia"]


@pytest.mark.req("C-27")
def test_an_acta_reserved_long_before_is_not_said_to_be_reserved_meanwhile(player: Player) -> None:
    player.play(scenario(ADMITTED, LOCATED))
    other = {"cotejo": "corregir", "otra_referencia": "OCAS-2024-9"}
    player._do(Step(tarea="cotejar_copia", respuestas=other))
    player._run_jobs()
    ended, letter = outcome(player)
    assert ended == "rechazada"
    assert "OCAS-2024-9" in letter
    assert "El acta está reservada." in letter
    assert "mientras" not in letter
