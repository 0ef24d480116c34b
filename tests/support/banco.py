"""The process that the engine's benchmarks run: 5 user tasks, 2 service tasks, 3 lanes, a decision table, a parallel
review with rework.
"""

from __future__ import annotations

import json

from tests.support.diagrams import Diagram, operator, properties, timer

ANSWERS = {
    "presentar": {"motivo": "Cambio de universidad, con los documentos completos", "copias": 2},
    "comprobar": {"completa": "si", "nota": "Se compara con el original"},
    "legal": {"legal_ok": "si"},
    "finanzas": {"finanzas_ok": "si"},
    "firmar": {"conforme": "si"},
}
LANES = {
    "Estudiante": ["inicio", "presentar"],
    "Secretaría": ["comprobar", "vence", "tarde", "tasa", "obtener", "abre", "legal", "finanzas", "cierra", "bien"],
    "Autoridad": ["firmar", "emitir", "fin"],
}


def diagram() -> bytes:
    d = Diagram("banco")
    form = {name: properties(formJsonSchemaFilename=f"{name}.json") for name in ANSWERS}
    d.node("startEvent", "inicio")
    for name in ANSWERS:
        d.node("userTask", name, form[name])
    d.node("boundaryEvent", "vence", timer("timeDuration", '"P5D"'), attachedToRef="comprobar", cancelActivity="false")
    d.node("endEvent", "tarde")
    called = "<bpmn:extensionElements><spiffworkflow:calledDecisionId>tasa</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
    d.node("businessRuleTask", "tasa", called)
    d.node("serviceTask", "obtener", operator("fetch", "registro", identidad="motivo"))
    d.node("parallelGateway", "abre")
    d.node("parallelGateway", "cierra")
    d.node("exclusiveGateway", "bien", default="no")
    d.node("serviceTask", "emitir", operator("issue", "documento", copias="copias"))
    d.node("endEvent", "fin")
    d.chain("inicio", "presentar", "comprobar", "tasa", "obtener", "abre", "legal", "cierra")
    d.chain("abre", "finanzas", "cierra", "bien")
    d.flow("vence", "tarde")
    d.flow("bien", "firmar", "legal_ok == 'si' and finanzas_ok == 'si'")
    d.flow("bien", "comprobar", id="no")
    d.chain("firmar", "emitir", "fin")
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    return d.xml().replace(
        b'isExecutable="true">', b'isExecutable="true"><bpmn:laneSet id="ls">' + lanes.encode() + b"</bpmn:laneSet>"
    )


def decision() -> bytes:
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>{n}</text></inputEntry><outputEntry id="o{n}"><text>{n * 3}</text></outputEntry></rule>'
        for n in range(1, 5)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        '<decision id="tasa" name="tasa"><decisionTable id="t"><input id="i"><inputExpression id="ie" typeRef="number">'
        '<text>copias</text></inputExpression></input><output id="o" name="valor" typeRef="number"/>'
        f"{rules}</decisionTable></decision></definitions>"
    ).encode()


def files() -> dict[str, bytes]:
    """The bundle."""
    manifest = """
[proceso]
id = "banco"
titulo = "Proceso de medida"
descripcion = "El que recorren las medidas del motor."
serie = "BM"
responsable = "Nadie"
[carriles]
"Estudiante" = "solicitante"
"Secretaría" = "secretaria"
"Autoridad" = "secretario_general"
[datos]
buscar = ["motivo"]
"""
    forms = {f"forms/{name}.json": json.dumps(_form(name, answers)).encode() for name, answers in ANSWERS.items()}
    return {"proceso.bpmn": diagram(), "tasa.dmn": decision(), "proceso.toml": manifest.encode(), **forms}


def _form(name: str, answers: dict[str, object]) -> dict[str, object]:
    components: list[dict[str, object]] = []
    for key, value in answers.items():
        kind = "number" if isinstance(value, int) else "textfield"
        components.append({"type": kind, "key": key, "id": key, "label": key, "validate": {"required": True}})
    return {"type": "default", "id": name, "schemaVersion": 19, "components": components}
