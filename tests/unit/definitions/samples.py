"""A good bundle, the template's own, and ways to spoil it."""

from __future__ import annotations

from functools import cache

from engine.config import ROOT
from engine.definitions import Bundle
from engine.definitions.folders import read_folders
from engine.definitions.subject import Subject, read_subject
from engine.operations import CATALOGUE

PROCESS = "proceso_nuevo"
DIAGRAM = "proceso.bpmn"
FLOWS = '<bpmn:sequenceFlow id="de_solicitud_presentada_a_iniciar_plazos"'  # new elements go before the first flow
END_OF_PROCESS = "</bpmn:process>"

Edit = tuple[str, str, str]  # file, what stands there, what shall; an empty "what stands there" makes the file
AT_ADMISSION: Edit = (
    "proceso.toml",
    "[documentos.respuesta]",
    '[servicio]\ninicio_plazo = "admision"\n[documentos.respuesta]',
)

DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="tarifa" name="Tarifa"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i" label="perfil"><inputExpression id="e" typeRef="string"><text>tramite.solicitante.perfil</text></inputExpression>
<inputValues id="v"><text>"estudiante","graduado"</text></inputValues></input>
<output id="o" name="tarifa" typeRef="number"/>
<rule id="r1"><inputEntry id="c1"><text>"estudiante"</text></inputEntry>
<outputEntry id="s1"><text>0</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c2"><text>"graduado"</text></inputEntry>
<outputEntry id="s2"><text>5</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@cache
def good_files() -> tuple[tuple[str, bytes], ...]:
    return tuple(read_folders(ROOT / "bpmn", ROOT / "forms", "_plantilla").items())


def bundle(*edits: Edit) -> Bundle:
    """The good bundle with these changes. What is to be changed must be there, so that a case cannot go stale."""
    files = dict(good_files())
    for file, old, new in edits:
        if not old:
            files[file] = new.encode()
            continue
        text = files[file].decode()
        assert old in text, f"{file} no longer holds {old!r}"
        files[file] = text.replace(old, new, 1).encode()
    return Bundle(PROCESS, files)


def subject(*edits: Edit) -> Subject:
    read, findings = read_subject(bundle(*edits), CATALOGUE)
    assert read is not None, findings
    return read


def with_element(xml: str) -> Edit:
    """One more element, joined to nothing."""
    return (DIAGRAM, FLOWS, xml + "\n    " + FLOWS)


def with_table(old: str = "", new: str = "") -> tuple[Edit, Edit]:
    """The decision table, changed, and a task that uses it."""
    assert old in DMN
    task = (
        '<bpmn:businessRuleTask id="fijar_tarifa"><bpmn:extensionElements><spiffworkflow:calledDecisionId>tarifa'
        "</spiffworkflow:calledDecisionId></bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    return ("tarifa.dmn", "", DMN.replace(old, new, 1) if old else DMN), with_element(task)


def with_property(element: str, name: str, value: str) -> Edit:
    """A property on one of the template's tasks, events or ends."""
    anchors = {
        "resolver_solicitud": '<spiffworkflow:property name="estado" value="Estamos revisando su solicitud"/>',
        "solicitud_presentada": '<spiffworkflow:property name="hito" value="Recibimos su solicitud"/>',
        "respondida": '<spiffworkflow:property name="estado" value="Su respuesta está lista"/>',
        "redactar_respuesta": '<spiffworkflow:property name="estado" value="Estamos preparando su respuesta"/>',
    }
    anchor = anchors[element]
    return (DIAGRAM, anchor, f'{anchor}<spiffworkflow:property name="{name}" value="{value}"/>')


def event(kind: str, identifier: str, definition: str, **attributes: str) -> Edit:
    """An event with its definition, such as ``<bpmn:linkEventDefinition/>``."""
    shown = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return with_element(f'<bpmn:{kind} id="{identifier}"{shown}>{definition}</bpmn:{kind}>')


def timer(kind: str, value: str) -> Edit:
    inner = f"<bpmn:{kind}>{value}</bpmn:{kind}>" if kind else ""
    return event("intermediateCatchEvent", "reloj", f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>")
