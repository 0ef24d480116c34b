"""«Solicitar copia de acta» in what its scenarios do not say: what the copy holds, each product's clock, hard days."""

from __future__ import annotations

import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.actas import acta_by_reference
from engine.cases import RetryIncident, StartCase, retry_incident, start_case
from engine.config import ROOT
from engine.definitions import Scenario, parse_scenarios
from engine.documents import list_documents, read_document
from engine.errors import InvalidAnswers, NotAllowed
from engine.operations import CATALOGUE, Call, perform
from engine.signing import verify_pdf
from engine.storage.tables import case, incident, job, term
from tests.processes.player import Player
from tests.processes.world import World
from tests.support.raster import rows_of, same_above

PROCESS = "solicitar_copia_acta"
PLAYED = parse_scenarios((ROOT / "bpmn" / PROCESS / "escenarios.toml").read_text(encoding="utf-8"))
ASKED = """
[[escenario]]
nombre = "Prueba"
inicio = { productos = ["documentos_sesiones"], organo = "CGA", destino = "Auditoría", declaracion = true%s }
paso = [%s]
espera = { estado = "open" }
"""
ADMITTED = '{ tarea = "revisar_admisibilidad", respuestas = { admision = "admitir" } }'
LOCATED = '{ tarea = "localizar_acta", respuestas = { localizacion = "hallada", acta_elegida = "CGA-2025-3" } }'
COLLATED = '{ tarea = "cotejar_copia", respuestas = { cotejo = "aprobar" } }'
SIGNED = '{ tarea = "firmar_copia", respuestas = { firma_copia = "firmar" } }'
BY_HAND = {"declaracion": True, "destino": "Auditoría", "productos": ["documentos_sesiones"], "organo": "CGA"}

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # the scenarios run on both


def scenario(*steps: str, more: str = "") -> Scenario:
    return parse_scenarios(ASKED % (f", {more}" if more else "", ", ".join(steps)))[0]


@pytest.fixture
def player(world: World) -> Player:
    return Player(world, world.app.definitions.get(world.publish(PROCESS)))


def issued(player: Player, name: str) -> bytes:
    app = player.world.app
    with app.database.read() as conn:
        (found,) = [d for d in list_documents(conn, player.case_id, released_only=True) if d.name == f"{name}.pdf"]
        return read_document(conn, app.archive, found.id)[1]


def text_of(pdf: bytes, folder: Path, page: int = 0) -> str:
    file = folder / "documento.pdf"
    file.write_bytes(pdf)
    only = ["-f", str(page), "-l", str(page)] if page else []
    told = subprocess.run(["pdftotext", "-layout", *only, file, "-"], check=True, capture_output=True)
    return " ".join(told.stdout.decode().split())


def original(player: Player, reference: str) -> Path:
    """Where the archive keeps it."""
    app = player.world.app
    with app.database.read() as conn:
        return app.archive.path(acta_by_reference(conn, reference).sha256)


@pytest.mark.req("C-4", "C-27", "C-29", "C-19")
def test_the_copy_is_the_original_seen_page_by_page_signed_sealed_and_with_the_code_on_each(
    player: Player, tmp_path: Path
) -> None:
    player.play(PLAYED[0])
    copy, kept = issued(player, "copia_certificada"), original(player, "CGA-2025-3")
    for page in (1, 2):
        assert same_above(rows_of(kept.read_bytes(), page), rows_of(copy, page + 1))
    with player.world.app.database.read() as conn:
        code = list_documents(conn, player.case_id, released_only=True)[0].code or ""
    shown = [text_of(copy, tmp_path, page) for page in (1, 2, 3)]
    assert all(code in page for page in shown)
    assert "Página 1 de 3" in shown[0]
    assert kept.name[:8] in shown[0]
    assert "Página 3 de 3" in shown[2]
    file = tmp_path / "documento.pdf"
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    signatures = subprocess.run(["pdfsig", "-nocert", file], check=False, capture_output=True, text=True).stdout
    assert signatures.count("Signature is Valid") == 2
    assert "Total document signed" in signatures.split("Signature #2")[1]
    verdict = verify_pdf(copy, player.world.app.signing.trust, original=copy, at=datetime.now(UTC))
    assert verdict.accepted
    assert [signer.name.split()[0] for signer in verdict.signers] == ["Rosa", "Sello"]


def test_only_the_letter_of_what_is_delivered_last_does_not_say_that_more_is_coming(player: Player) -> None:
    player.play(PLAYED[1])  # the four products
    letters = [mail for mail in player.world.smtp.messages if "Está lista" in mail["Subject"]]
    texts = [mail.get_body(("plain",)).get_content() for mail in letters]
    assert ["sigue su curso" in text for text in texts] == [True, True, True, False]
    assert ["¿Cómo fue la atención?" in text for text in texts] == [False, False, False, True]


@pytest.mark.req("C-27")
def test_reserved_pages_stay_out_and_the_copy_and_the_letter_say_so(player: Player, tmp_path: Path) -> None:
    located = LOCATED.replace("CGA-2025-3", "CGA-2025-5")
    text = (ASKED % ("", ", ".join([ADMITTED, located, COLLATED, SIGNED]))).replace('"open"', '"completed"')
    player.play(parse_scenarios(text)[0])
    copy = issued(player, "copia_certificada")
    shown = text_of(copy, tmp_path)
    assert "No se copia lo reservado (página 2)" in shown
    assert "LOPDP, art. 26" in shown
    assert "Página 2 de 2" in shown
    assert "Asuntos varios. Se da lectura" not in shown  # it stands on the reserved page
    assert "lo reservado (página 2)" in player.world.smtp.messages[-1].get_body(("plain",)).get_content()


@pytest.mark.req("C-20", "C-29", "C-30", "C-31", "C-32", "C-33")
def test_each_product_keeps_its_own_term_and_has_its_own_document(player: Player, tmp_path: Path) -> None:
    player.play(PLAYED[1])
    with player.world.app.database.read() as conn:
        terms = {row.key: row for row in conn.execute(sa.select(term).where(term.c.case_id == player.case_id))}
    assert {key: row.days for key, row in terms.items()} == {
        "documentos_sesiones": 5,
        "certificaciones_autenticaciones": 1,
        "administracion_archivo": 1,
        "resoluciones_certificaciones": 5,
    }
    assert all(row.met_at is not None for row in terms.values())
    resolution = text_of(issued(player, "certificacion_resolucion"), tmp_path)
    assert "Órgano Colegiado Académico Superior" in resolution
    assert "31 de julio de 2024" in resolution
    assert "Fondo Concursos, caja 31" in text_of(issued(player, "constancia_archivo"), tmp_path)
    assert "Segundo. Que no consta reforma" in text_of(issued(player, "certificacion"), tmp_path)
    receipt = text_of(issued(player, "comprobante_retiro"), tmp_path)
    assert "Copia certificada del acta OCAS-2024-7;" in receipt
    assert "OCAS-SO-07-2024-N.º2" in receipt.replace(" ", "").replace("DOCUMENTOS", "")
    assert "Tomás Quinde Loor" in receipt
    assert "Cédula de ciudadanía 0912345675" in receipt
    assert player.definition.manifest.process.responsible == "Secretaría General"


@pytest.mark.req("C-31")
def test_a_product_that_is_ready_is_delivered_while_the_others_run(player: Player) -> None:
    more = 'busqueda = "Expedientes del concurso de 2019"'
    found = (
        '{ tarea = "buscar_en_archivo", respuestas = { hallado_en_archivo = "no", resultado_archivo = "No consta." } }'
    )
    asked = ASKED.replace('["documentos_sesiones"]', '["documentos_sesiones", "administracion_archivo"]')
    player.play(parse_scenarios(asked % (f", {more}", ", ".join([ADMITTED, found])))[0])
    with player.world.app.database.read() as conn:
        met = {row.key: row.met_at is not None for row in conn.execute(sa.select(term))}
        released = [d.name for d in list_documents(conn, player.case_id, released_only=True)]
    assert met == {"documentos_sesiones": False, "administracion_archivo": True}
    assert released == ["constancia_archivo.pdf"]


@pytest.mark.req("C-26", "C-10")
def test_the_service_is_for_the_administrative_profile_and_for_outsiders_only_at_the_desk(player: Player) -> None:
    world = player.world
    for profile in ("estudiante", "graduado", "externo"):
        with pytest.raises(NotAllowed):
            start_case(StartCase(PROCESS, world.person(profile), BY_HAND, uuid.uuid4()), world.app.engine)
    desk = {"filed_by": world.staff["secretaria"], "channel": "mostrador"}
    with pytest.raises(NotAllowed):
        start_case(StartCase(PROCESS, world.person("estudiante"), BY_HAND, uuid.uuid4(), **desk), world.app.engine)
    with pytest.raises(InvalidAnswers) as told:
        start_case(StartCase(PROCESS, world.person("externo"), BY_HAND, uuid.uuid4(), **desk), world.app.engine)
    assert told.value.errors == {"origin": "Escriba el nombre del organismo que lo pide."}
    letter = StartCase(PROCESS, world.person("externo"), BY_HAND, uuid.uuid4(), **desk, origin="Contraloría, of. 12")
    filed = start_case(letter, world.app.engine)
    assert filed.number.startswith("SG-")


@pytest.mark.req("C-28")
@pytest.mark.parametrize(
    ("asked", "offered", "told"),
    [
        ("acta_numero = 99", ["CGA-2025-8", "CGA-2025-5", "CGA-2025-4", "CGA-2025-3", "CGA-2025-1"], "solo una parte"),
        ('acta_referencia = "CGA-2031-1"', [], "no tiene ninguna así"),
        (
            'acta_palabras = "universidad retiro"',
            ["CGA-2025-8", "CGA-2025-5", "CGA-2025-4", "CGA-2025-3", "CGA-2025-1"],
            "solo una parte",
        ),
        ("acta_numero = 5", ["CGA-2025-5"], "tiene una."),
        ('sesion_fecha = "2025-03-20"', ["CGA-2025-4"], "tiene una."),
    ],
)
def test_the_candidates_are_in_the_task_that_locates_the_acta(
    player: Player, asked: str, offered: list[str], told: str
) -> None:
    player.play(scenario(ADMITTED, more=asked))
    with player.world.app.database.read() as conn:
        query = sa.select(job.c.result).where(job.c.operation == "find_session_actas")
        found = conn.execute(query).scalar_one()
    assert [option["value"] for option in found["opciones"]] == offered
    assert told in found["resumen"]


def test_an_original_that_is_missing_or_damaged_stops_the_copy_with_clear_words_and_goes_on_when_mended(
    player: Player,
) -> None:
    world = player.world
    lost = original(player, "CGA-2025-3")
    kept = lost.read_bytes()
    lost.unlink()
    with pytest.raises(AssertionError, match="su original falta en el archivo"):
        player.play(scenario(ADMITTED, LOCATED))
    for content, words in ((kept[:-9], "su original está dañado"), (kept, "")):
        lost.unlink(missing_ok=True)
        lost.write_bytes(content)
        with world.app.database.read() as conn:
            (stopped,) = conn.execute(sa.select(incident).where(incident.c.status == "open")).all()
        assert "Restáurelo de un respaldo" in stopped.cause
        retry_incident(
            RetryIncident(stopped.id, world.staff["secretaria"], "Restaurado", uuid.uuid4()), world.app.engine
        )
        if words:
            with pytest.raises(AssertionError, match=words):
                player._run_jobs()
        else:
            player._run_jobs()
    assert player._open_tasks() == ["cotejar_copia"]


def test_a_job_of_the_register_that_runs_twice_writes_once(player: Player) -> None:
    rebuilt = next(one for one in PLAYED if "reconstruye" in one.name)
    player.play(rebuilt)
    app = player.world.app
    with app.database.read() as conn:
        names = ("open_case", "certify_copy")
        done = conn.execute(sa.select(job).where(job.c.operation.in_(names))).all()
        asked = conn.execute(sa.select(case).where(case.c.id == player.case_id)).one()
    assert {row.operation for row in done} == set(names)
    for row in done:
        call = Call(
            key=row.key,
            case_id=player.case_id,
            case_number=asked.number,
            process=PROCESS,
            version_id=asked.version_id,
            element=row.element,
            requester_id=asked.requester_id,
            round=0,
            at=row.created_at,
            tools=app.tools,
        )
        assert perform(CATALOGUE[row.operation], row.parameters, call) == row.result
    with app.database.read() as conn:
        opened = conn.execute(sa.select(case.c.process).where(case.c.about_id == player.case_id)).all()
    assert opened == [("reconstruir_acta_sesion",)]
