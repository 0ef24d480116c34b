"""The services of the Carta go through the print run as they are: «Ya se imprimió» completes their own printing form."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.batches import (
    Printable,
    PrintRun,
    complete_printed,
    list_items,
    mark_printed,
    print_run,
    printable,
)
from engine.config import ROOT
from engine.definitions import parse_scenarios
from engine.documents import list_documents
from engine.inbox import Viewer
from tests.processes.player import Player
from tests.processes.world import World

COPY = """
[[escenario]]
nombre = "Una copia que se retira impresa"
inicio = { productos = ["documentos_sesiones"], organo = "CGA", destino = "Auditoría", canal = "fisico", declaracion = true }
paso = [
  { tarea = "revisar_admisibilidad", respuestas = { admision = "admitir" } },
  { tarea = "localizar_acta", respuestas = { localizacion = "hallada", acta_elegida = "CGA-2025-3" } },
  { tarea = "cotejar_copia", respuestas = { cotejo = "aprobar" } },
  { tarea = "firmar_copia", respuestas = { firma_copia = "firmar" } },
]
espera = { estado = "open", tareas = ["imprimir"] }
"""
PRINTED = {
    "solicitar_certificado": "Lo retira otra persona, con autorización",
    "solicitar_certificacion": "Se digitaliza un documento y se retira en la ventanilla, después de un recordatorio",
}

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # nothing here is a matter of the database


def until_printed(process: str) -> str:
    """The scenario of its owner, up to the task that prints."""
    if process not in PRINTED:
        return COPY
    text = (ROOT / "bpmn" / process / "escenarios.toml").read_text(encoding="utf-8")
    (own,) = [part for part in text.split("[[escenario]]") if PRINTED[process] in part]
    kept, _after = own.split('  { tarea = "imprimir"')
    return f'[[escenario]]{kept}]\nespera = {{ estado = "open", tareas = ["imprimir"] }}\n'


def waiting(world: World, process: str) -> tuple[Player, Viewer, Printable]:
    player = Player(world, world.app.definitions.get(world.publish(process)))
    player.play(parse_scenarios(until_printed(process))[0])
    secretary = world.app.inbox.viewer(world.staff["secretaria"])
    (one,) = printable(world.app, secretary)
    return player, secretary, one


@pytest.mark.parametrize("process", ["solicitar_copia_acta", *PRINTED])
def test_once_printed_the_task_of_a_real_service_is_done(world: World, process: str) -> None:
    player, secretary, one = waiting(world, process)
    batch_id = print_run(world.app, secretary, PrintRun([one.task.task_id]), uuid4())
    ended = complete_printed(world.app, secretary, batch_id, mark_printed(world.app, secretary, batch_id))
    with world.app.database.read() as conn:
        told = [item.reason for item in list_items(conn, batch_id)]
    assert (ended.state, ended.done, told) == ("done", 1, [None])
    player._run_jobs()
    assert player._open_tasks() == ["entregar_en_ventanilla"]


def test_of_a_copy_that_was_signed_and_then_sealed_only_the_sealed_one_goes_to_paper(world: World) -> None:
    player, _secretary, one = waiting(world, "solicitar_copia_acta")
    with world.app.database.read() as conn:
        issued = [found for found in list_documents(conn, player.case_id) if found.kind == "issued"]
    (sealed,) = [found for found in issued if found.released_at is not None]
    assert {found.code for found in issued} == {sealed.code}
    assert len(issued) > 1, "before its seal it was issued too"
    assert one.documents == (sealed,)
