"""How what was asked for is delivered: each product by itself, on the screen or at the counter, with a receipt."""

from __future__ import annotations

import io
import uuid

import pikepdf
import pytest
import sqlalchemy as sa

from engine.cases import CompleteTask, complete_task
from engine.definitions import Scenario, parse_scenarios
from engine.documents import list_documents, read_document
from engine.storage.tables import task, term
from tests.processes.player import Player
from tests.processes.test_certification import ADMITTED, APPROVED, SIGNED
from tests.processes.world import World

PROCESS = "solicitar_certificacion"
TWO = 'productos = ["certificado_institucional", "digitalizacion"], documento_pedido = "Acta de 2015"'
ASKED = """
[[escenario]]
nombre = "Prueba"
inicio = { %s, tipo = "cambio_universidad", destino = "Universidad de Cuenca", declaracion = true }
paso = [%s]
espera = { estado = "open" }
"""
SCANNED = '{ tarea = "digitalizar_documento", respuestas = { copia_digital = ["acta.pdf"] } }'
PRINTED = '{ tarea = "imprimir", respuestas = { impreso = true } }'


def scenario(asked: str, *steps: str) -> Scenario:
    return parse_scenarios(ASKED % (asked, ", ".join(steps)))[0]


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def met(player: Player) -> set[str]:
    """The products whose clock stopped."""
    with player.world.app.database.read() as conn:
        return set(conn.scalars(sa.select(term.c.key).where(term.c.met_at.is_not(None))))


def delivered(player: Player) -> set[str]:
    with player.world.app.database.read() as conn:
        return {one.name for one in list_documents(conn, player.case_id, released_only=True)}


def at_the_counter(player: Player, **answers: object) -> None:
    with player.world.app.database.read() as conn:
        waiting = sa.select(task.c.id).where(task.c.element == "entregar_en_ventanilla", task.c.status == "open")
        key = conn.execute(waiting).scalar_one()
    shown = {"tipo_identidad_retira": "cedula", "identidad_comprobada": True, **answers}
    complete_task(CompleteTask(key, player.world.staff["secretaria"], shown, uuid.uuid4()), player.world.app.engine)
    player._run_jobs()


@pytest.mark.req("C-42", "C-48")
def test_a_product_that_is_ready_is_delivered_and_its_clock_stops_while_the_others_go_on(player: Player) -> None:
    player.play(scenario(TWO, ADMITTED, SCANNED))
    assert met(player) == {"digitalizacion"}
    assert delivered(player) == {"acta.pdf", "fe_digitalizacion.pdf"}


def test_a_scan_is_delivered_under_the_name_of_what_was_asked_and_not_of_its_file(player: Player) -> None:
    player.play(scenario(TWO, ADMITTED, SCANNED))
    with player.world.app.database.read() as conn:
        titles = {one.name: one.title for one in list_documents(conn, player.case_id, released_only=True)}
    assert titles == {
        "acta.pdf": "Copia digital: Acta de 2015",
        "fe_digitalizacion.pdf": "Constancia de digitalización",
    }


@pytest.mark.req("C-23")
def test_what_is_picked_up_is_on_time_when_it_is_ready_at_the_counter(player: Player) -> None:
    player.play(scenario(f'{TWO}, canal = "fisico"', ADMITTED, SCANNED, APPROVED, SIGNED))
    assert met(player) == set()
    assert "certificacion.pdf" in delivered(player)  # the digital original does not wait for paper
    complete = scenario(f'{TWO}, canal = "fisico"', PRINTED).steps[0]
    player._do(complete)
    player._run_jobs()
    assert met(player) == {"certificado_institucional", "digitalizacion"}


@pytest.mark.req("C-23")
def test_the_counter_refuses_a_wrong_document_and_gives_a_receipt_for_the_right_one(player: Player) -> None:
    player.play(scenario(f'{TWO}, canal = "fisico"', ADMITTED, SCANNED, APPROVED, SIGNED, PRINTED))
    for wrong in ("0912345674", "1700000019"):  # a digit changed; somebody else's
        at_the_counter(player, retira="titular", identidad_retira=wrong)
        assert "comprobante_retiro.pdf" not in delivered(player)
    at_the_counter(
        player, retira="autorizado", nombre_retira="Tadeo Güemes", autorizacion="Carta firmada",
        identidad_retira="1700000019",
    )  # fmt: skip
    world = player.world
    with world.app.database.read() as conn:
        [receipt] = [d for d in list_documents(conn, player.case_id, released_only=True) if "comprobante" in d.name]
        _, data = read_document(conn, world.app.archive, receipt.id)
    assert receipt.signatures
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
    assert player._row().outcome == "entregada"
