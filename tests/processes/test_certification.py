"""«Solicitar certificación» in what its scenarios do not say: who is told, what stops the clock, who may still withdraw."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.carta import Edition, current_edition, publish_edition
from engine.cases import CompleteTask, complete_task
from engine.definitions import Scenario, parse_scenarios
from engine.errors import NotFound, NotWithdrawable, SignatureRefused
from engine.storage.tables import case, task
from tests.processes.player import Player
from tests.processes.world import World

PROCESS = "solicitar_certificacion"
ASKED = """
[[escenario]]
nombre = "Prueba"
inicio = { productos = ["certificado_institucional"], tipo = "matricula", destino = "Uso personal", declaracion = true }
paso = [%s]
espera = { estado = "open" }
"""
ADMITTED = '{ tarea = "revisar_admisibilidad", respuestas = { admision = "admitir", fuente_registro = "sistema" } }'
RETURNED = (
    '{ tarea = "revisar_admisibilidad", respuestas = { admision = "devolver", motivo_admision = "Diga para qué es." } }'
)
APPROVED = '{ tarea = "revisar_borrador", respuestas = { revision = "aprobar" } }'
SIGNED = '{ tarea = "firmar_certificacion", respuestas = { decision_firma = "firmar" } }'
GAVE_UP = '{ retira = "Ya no la quiero" }'
DUE = '{ reloj = "vence" }'


def scenario(*steps: str) -> Scenario:
    return parse_scenarios(ASKED % ", ".join(steps))[0]


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def open_task(player: Player, element: str) -> uuid.UUID:
    query = sa.select(task.c.id).where(task.c.element == element, task.c.status == "open")
    with player.world.app.database.read() as conn:
        return conn.execute(query).scalar_one()


def letters(player: Player) -> list[tuple[list[str], str]]:
    """(to whom, subject), in the order in which they were sent."""
    smtp = player.world.smtp
    return [(to, mail["Subject"]) for (to, _), mail in zip(smtp.received, smtp.messages, strict=True)]


@pytest.mark.req("C-8")
def test_a_late_case_goes_to_the_secretario_general_and_then_to_rectorado(player: Player) -> None:
    player.play(scenario(DUE, DUE, DUE))
    late = [to for to, subject in letters(player) if "plazo" in subject or "vencido" in subject]
    assert late == [["secretaria@une.example"], ["secretario_general@une.example"], ["rectorado@une.example"]]
    assert open_task(player, "revisar_admisibilidad")  # nobody was interrupted


def test_the_term_stands_still_while_the_requester_corrects(player: Player) -> None:
    player.play(scenario(RETURNED))
    world = player.world
    with world.app.database.read() as conn:
        paused = conn.execute(sa.select(case.c.due_at, case.c.paused_at)).one()
    assert paused.paused_at is not None
    world.clock.advance(timedelta(days=2))
    answers = {"tipo": "matricula", "destino": "Universidad de Cuenca", "respuesta": "Para un cambio."}
    correction = CompleteTask(open_task(player, "corregir_solicitud"), world.requester, answers, uuid.uuid4())
    complete_task(correction, world.app.engine)
    with world.app.database.read() as conn:
        running = conn.execute(sa.select(case.c.due_at, case.c.paused_at)).one()
    assert running.paused_at is None
    assert running.due_at - paused.due_at >= timedelta(days=2)


@pytest.mark.req("C-36")
@pytest.mark.parametrize(
    ("steps", "subject"),
    [
        ([RETURNED, DUE], "Archivamos su solicitud"),
        (
            [
                '{ tarea = "revisar_admisibilidad", respuestas = '
                '{ admision = "rechazar", motivo_admision = "No consta en los registros." } }'
            ],
            "no procede",
        ),
        ([ADMITTED, APPROVED, SIGNED], "están listos"),
    ],
    ids=["desistida", "rechazada", "entregada"],
)
def test_every_end_tells_the_requester_why(player: Player, steps: list[str], subject: str) -> None:
    text = (ASKED % ", ".join(steps)).replace('estado = "open"', 'estado = "completed"')
    player.play(parse_scenarios(text)[0])
    to, last = letters(player)[-1]
    assert to == ["estudiante@une.example"]
    assert subject in last


def test_once_signed_it_cannot_be_withdrawn(player: Player) -> None:
    failing = '{ operacion = "register_certificate", falla = "La Matriz no responde." }'
    with pytest.raises(NotWithdrawable):
        player.play(scenario(ADMITTED, APPROVED, SIGNED, failing, GAVE_UP))


def test_returned_by_the_signer_it_may_still_be_withdrawn(player: Player) -> None:
    returned = '{ tarea = "firmar_certificacion", respuestas = { decision_firma = "devolver", motivo_firma = "Falta el año." } }'
    withdrawn = ASKED.replace('"open"', '"withdrawn"') % ", ".join((ADMITTED, APPROVED, returned, GAVE_UP))
    player.play(parse_scenarios(withdrawn)[0])


def test_what_has_no_signature_is_withdrawn_until_it_is_ready(player: Player) -> None:
    asked = ASKED.replace('["certificado_institucional"], tipo = "matricula"', '["gestion_archivo"], canal = "fisico"')
    asked = asked.replace("destino", 'gestion_pedida = "Expediente de admisión de 2022", destino')
    found = 'hallado_en_archivo = "no", resultado_archivo = "Se revisó el fondo entero y no consta."'
    steps = (
        '{ tarea = "revisar_admisibilidad", respuestas = { admision = "admitir" } }',
        f'{{ tarea = "buscar_en_archivo", respuestas = {{ {found} }} }}',
        '{ tarea = "imprimir", respuestas = { impreso = true, ubicacion_ventanilla = "Carpeta" } }',
        GAVE_UP,
    )
    with pytest.raises(NotWithdrawable):
        player.play(parse_scenarios(asked % ", ".join(steps))[0])


@pytest.mark.req("C-48")
def test_products_of_unlike_terms_are_each_watched(player: Player) -> None:
    """A later edition may promise them different terms: the short one is not told of with the long one."""
    world = player.world
    with world.app.database.write() as conn:
        first = current_edition(conn)
        assert first is not None
        raw = first.as_json() | {"edicion": 2}
        raw["historico"].append(
            {"edicion": "Segunda", "fecha": "2026-06-05", "modificaciones": "Archivo en cinco días"}
        )
        service = next(one for group in raw["gestiones"] for one in group["servicios"] if one["codigo"] == "B2")
        next(one for one in service["productos"] if one["codigo"] == "gestion_archivo")["dias"] = 5
        publish_edition(conn, Edition.read(raw), world.clock.now())
    both = ASKED.replace('["certificado_institucional"]', '["certificado_institucional", "gestion_archivo"]')
    both = both.replace("destino", 'gestion_pedida = "Expediente de admisión de 2022", destino')
    player.play(parse_scenarios(both % ", ".join([DUE] * 2))[0])
    late = [mail.get_body(("plain",)).get_content() for mail in world.smtp.messages if "plazo" in mail["Subject"]]
    assert len(late) == 2
    assert all("- Certificado institucional" in text and "archivo" not in text for text in late)
    admit = '{ tarea = "revisar_admisibilidad", respuestas = { admision = "admitir", fuente_registro = "sistema" } }'
    player.play(parse_scenarios(both % admit)[0])
    with world.app.database.read() as conn:
        mine = (task.c.case_id == player.case_id, task.c.status == "open")
        rows = conn.execute(sa.select(task.c.element, task.c.due_at).where(*mine)).all()
    due = {row.element: row.due_at for row in rows}
    assert due["revisar_borrador"] < due["buscar_en_archivo"]


@pytest.mark.req("C-19")
def test_only_the_secretario_general_signs_and_only_with_a_signature(player: Player) -> None:
    player.play(scenario(ADMITTED, APPROVED))
    world, signing = player.world, open_task(player, "firmar_certificacion")
    answers, general = {"decision_firma": "firmar"}, world.staff["secretario_general"]
    with pytest.raises(NotFound):
        complete_task(CompleteTask(signing, world.staff["secretaria"], answers, uuid.uuid4()), world.app.engine)
    with pytest.raises(SignatureRefused):
        complete_task(CompleteTask(signing, general, answers, uuid.uuid4()), world.app.engine)


def test_a_mail_that_cannot_leave_does_not_stop_the_work(player: Player) -> None:
    failing = '{ operacion = "send_mail", falla = "El servidor de correo no responde." }'
    player.play(scenario(failing, ADMITTED, APPROVED))
    assert open_task(player, "firmar_certificacion")
