"""proceso.toml and escenarios.toml: strict, and errors that a process owner can mend."""

import pytest

from engine.config import ROOT
from engine.definitions import parse_manifest, parse_scenarios
from engine.errors import InvalidBundle

GOOD = (ROOT / "bpmn" / "solicitar_certificacion" / "proceso.toml").read_text(encoding="utf-8")
SCENARIOS = (ROOT / "bpmn" / "solicitar_certificacion" / "escenarios.toml").read_text(encoding="utf-8")


def told(parse, text: str) -> list[str]:
    with pytest.raises(InvalidBundle) as refused:
        parse(text)
    return [str(finding) for finding in refused.value.findings]


@pytest.mark.req("C-34", "C-41", "C-42", "C-43", "C-44", "C-47")
def test_the_service_says_what_the_carta_says_of_it():
    manifest = parse_manifest(GOOD)
    assert manifest.process.service == "B2"
    assert manifest.process.profiles == ("estudiante", "graduado")
    assert manifest.process.responsible == "Secretaría General"
    assert [(p.code, p.days) for p in manifest.products] == [
        ("certificado_institucional", 1),
        ("matriz_digital", 1),
        ("digitalizacion", 1),
        ("gestion_archivo", 1),
    ]
    assert manifest.days == 1


@pytest.mark.req("C-6", "C-49")
def test_the_service_names_its_legal_basis():
    assert "Reglamento de la Estructura Organizacional por Procesos" in parse_manifest(GOOD).process.legal_basis


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('titulo = "Solicitar certificación"', 'titlo = "x"', "¿Quiso decir «titulo»?"),
        ('titulo = "Solicitar certificación"', "", "proceso.titulo: Falta."),
        ('titulo = "Solicitar certificación"', "titulo = 3", "Debe ser un texto"),
        ('titulo = "Solicitar certificación"', 'titulo = "  "', "Está vacío"),
        ('serie = "SG"', 'serie = "sg-1"', "De 2 a 6 mayúsculas"),
        ('servicio = "B2"', 'servicio = "2B"', "Letra y número"),
        ('perfiles = ["estudiante", "graduado"]', 'perfiles = ["alumno"]', "estudiante"),
        ('perfiles = ["estudiante", "graduado"]', 'perfiles = "estudiante"', "lista entre corchetes"),
        ("dias = 1", "dias = 0", "Debe ser 1 o más"),
        ("dias = 1", 'dias = "1"', "número entero"),
        ("dias = 1", "dias = true", "número entero"),
        ('nivel = "B-LT"', 'nivel = "alto"', "'B-LTA'"),
        ("[datos]", "[dato]", "¿Quiso decir «datos»?"),
        ("[datos]", "[datos", "No se puede leer"),
        ('"Estudiante" = "solicitante"', '"Estudiante" = "Quien pide"', "No tiene la forma esperada"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_mend(old, new, words):
    assert old in GOOD
    assert words in " ".join(told(parse_manifest, GOOD.replace(old, new, 1)))


def test_what_the_carta_is_silent_on_has_defaults_that_are_known_as_such():
    service = parse_manifest(GOOD[: GOOD.index("[servicio]")] if "[servicio]" in GOOD else GOOD).service
    assert (service.fee, service.requirements, service.clock_starts) == (None, (), "presentacion")
    assert (service.channels, service.goal, service.complaint_days) == (("digital",), 90, 7)
    assert service.correction_days == 10
    assert len(service.escalation) == 3
    assert all(service.is_default(name) for name in type(service).model_fields)


SILENT = """
[proceso]
id = "prueba"
titulo = "Prueba"
descripcion = "Una prueba."
serie = "PR"
responsable = "Nadie"
[servicio]
tarifa = { valor = 2.50, moneda = "USD" }
requisitos = ["Cédula vigente"]
inicio_plazo = "admision"
canales = ["digital", "fisico"]
meta = 95
queja_dias = 5
"""


def test_what_an_owner_decides_of_a_service_is_no_default():
    service = parse_manifest(SILENT).service
    assert service.fee is not None
    assert (service.fee.amount, service.fee.currency) == (2.5, "USD")
    assert (service.requirements, service.clock_starts) == (("Cédula vigente",), "admision")
    assert (service.channels, service.goal, service.complaint_days) == (("digital", "fisico"), 95, 5)
    assert [name for name in type(service).model_fields if service.is_default(name)] == [
        "correction_days",
        "tells_moves",
        "escalation",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("queja_dias = 5", "queja_dia = 5", "¿Quiso decir «queja_dias»?"),
        ("valor = 2.50", "valo = 2.50", "¿Quiso decir «valor»?"),
        ("meta = 95", "meta = 101", "Debe ser 100 o menos."),
        ("meta = 95", "meta = 0", "Debe ser 1 o más."),
        ("valor = 2.50", "valor = -1", "Debe ser 0.0 o más."),
        ("valor = 2.50", 'valor = "gratis"', "Debe ser un número."),
        ('moneda = "USD"', 'moneda = "dólares"', 'Tres mayúsculas, como "USD".'),
        ('"admision"', '"cuando se pueda"', "Use uno de: 'presentacion' o 'admision'."),
        ('["digital", "fisico"]', "[]", "Escriba al menos uno."),
        ('["digital", "fisico"]', '["paloma"]', "Use uno de: 'digital' o 'fisico'."),
        ('"Cédula vigente"', '""', "Está vacío."),
    ],
)
def test_a_wrong_service_section_is_told_with_its_mend(old, new, words):
    assert old in SILENT
    assert words in " ".join(told(parse_manifest, SILENT.replace(old, new, 1)))


def test_everything_wrong_is_told_at_once():
    assert len(told(parse_manifest, "[proceso]\nid = 3\n[datos]\nbusca = []\n")) > 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("tarea =", "tare =", "¿Quiso decir «tarea»?"),
        ('{ reloj = "vence" }', '{ reloj = "pasa" }', "no es válido"),
        ('{ reloj = "vence" }', '{ reloj = "vence", retira = "x" }', "una sola cosa"),
        ('{ reloj = "vence" }', '{ reloj = "vence", respuestas = { a = 1 } }', "«respuestas» no va con este paso"),
        ('{ reloj = "vence" }', "{ }", "una sola cosa"),
        ('{ reloj = "vence" }', '{ reserva = "CGA-2025-3" }', "le falta su «motivo» legal"),
        ('{ reloj = "vence" }', '{ reloj = "vence", paginas = "2" }', "«paginas» no va con este paso"),
        ('estado = "completed"', 'estado = "terminado"', "no es válido"),
        ('nombre = "Se entregan los cuatro productos, cada uno por su rama"', "", "Falta"),
        ("[[escenario]]", "[[escenario", "No se puede leer"),
    ],
)
def test_a_wrong_scenario_is_told_with_its_place(old, new, words):
    assert old in SCENARIOS
    assert words in " ".join(told(parse_scenarios, SCENARIOS.replace(old, new, 1)))


def test_scenarios_say_what_happens_in_order():
    scenario = parse_scenarios(SCENARIOS)[-1]
    assert [step.kind for step in scenario.steps] == ["task", "withdraw"]
    assert scenario.expected.status == "withdrawn"
