"""A process owner adds a kind of certificate without Python (C-35, C-40): an option, a row of the table, a template."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Bundle, check, parse_scenarios
from engine.documents import list_documents
from engine.operations import CATALOGUE
from tests.processes.player import Player
from tests.processes.world import World

PROCESS = "solicitar_certificacion"
OPTION = {"value": "asistencia", "label": "Su asistencia a clases", "description": "Del período en curso."}
ROW = """      <rule id="regla_asistencia">
        <description>Certificado de asistencia</description>
        <inputEntry id="si_asistencia"><text>"asistencia"</text></inputEntry>
        <outputEntry id="plantilla_asistencia"><text>"certificacion_asistencia.html"</text></outputEntry>
        <outputEntry id="titulo_asistencia"><text>"Certificado de asistencia"</text></outputEntry>
        <outputEntry id="registro_asistencia"><text>True</text></outputEntry>
        <outputEntry id="comprobar_asistencia"><text>"Pida la lista de asistencia a la facultad."</text></outputEntry>
      </rule>
"""
TEMPLATE = """{% extends "certificacion.html" %}
{% block certifica %}
<p class="punto">Que quien lo pide asiste con regularidad a la carrera de {{ registro.carrera }}.</p>
{% endblock %}
"""
ASKED = """
[[escenario]]
nombre = "Se entrega un certificado de asistencia"
inicio = { productos = ["certificado_institucional"], tipo = "asistencia", destino = "Trabajo", declaracion = true }
paso = [
  { tarea = "revisar_admisibilidad", respuestas = { admision = "admitir", fuente_registro = "sistema" } },
  { tarea = "revisar_borrador", respuestas = { revision = "aprobar" } },
  { tarea = "firmar_certificacion", respuestas = { decision_firma = "firmar" } },
]
espera = { estado = "completed", desenlace = "entregada", documentos = ["certificacion"], correos = ["entrega"] }
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "copia"
    shutil.copytree(ROOT / "bpmn" / PROCESS, root / "bpmn" / PROCESS)
    for name in (PROCESS, "_comunes", "_base"):
        shutil.copytree(ROOT / "forms" / name, root / "forms" / name)
    return root


def add_option(checkout: Path) -> None:
    for name in ("solicitud.json", "correccion.json"):
        file = checkout / "forms" / PROCESS / name
        form = json.loads(file.read_text(encoding="utf-8"))
        next(one for one in form["components"] if one["key"] == "tipo")["values"].append(OPTION)
        file.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")


def add_row(checkout: Path) -> None:
    table = checkout / "bpmn" / PROCESS / "tipos.dmn"
    head, tail = table.read_text(encoding="utf-8").split("    </decisionTable>")
    table.write_text(f"{head}{ROW}    </decisionTable>{tail}", encoding="utf-8")


def add_template(checkout: Path, text: str = TEMPLATE) -> None:
    (checkout / "forms" / PROCESS / "certificacion_asistencia.html").write_text(text, encoding="utf-8")


def findings(checkout: Path) -> list[str]:
    bundle = Bundle.read(checkout / "bpmn", checkout / "forms", PROCESS)
    return [str(one) for one in check(bundle, CATALOGUE)]


@pytest.mark.req("C-14", "C-35", "C-40")
def test_a_kind_of_certificate_is_added_published_and_issued_without_python(checkout: Path, world: World) -> None:
    add_option(checkout)
    add_row(checkout)
    add_template(checkout)
    definition = world.app.definitions.get(world.publish(PROCESS, checkout / "bpmn", checkout / "forms"))
    player = Player(world, definition)
    player.play(parse_scenarios(ASKED)[0])
    with world.app.database.read() as conn:
        [issued] = list_documents(conn, player.case_id, released_only=True)
    assert issued.title == "Certificado de asistencia"
    assert issued.signatures


def test_what_is_missing_of_a_new_kind_is_told_before_it_is_published(checkout: Path) -> None:
    add_option(checkout)
    [told] = findings(checkout)
    assert "tipos.dmn" in told
    assert "Ninguna regla responde cuando Tipo es «asistencia»" in told
    add_row(checkout)
    [told] = findings(checkout)
    assert "tipos.dmn · plantilla_asistencia: La plantilla «certificacion_asistencia.html» no existe." in told
    add_template(checkout, TEMPLATE.replace("registro.carrera", "registro.carera"))
    [told] = findings(checkout)
    assert told.startswith("forms/certificacion_asistencia.html · línea 3: Usa el campo «carera»")
    assert "¿Quiso decir «carrera»?" in told
    add_template(checkout)
    assert findings(checkout) == []
