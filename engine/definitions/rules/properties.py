"""The properties that a process owner writes on an element: known, in their place, with values that mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.diagram import HUMAN, NODES, NS, Node
from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject

_CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
_THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
_TIMERS = frozenset({"intermediateCatchEvent", "boundaryEvent"})
_LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")

PROPERTIES: dict[str, frozenset[str]] = {
    "formJsonSchemaFilename": HUMAN | {"startEvent"},
    "estado": NODES,
    "estadoDetalle": NODES,
    "hito": NODES,
    "pausaPlazo": HUMAN,
    "esDevolucion": HUMAN,
    "ambito": HUMAN,
    "rotulo": HUMAN,
    "conservaNombre": HUMAN,
    "planilla": HUMAN,
    "respaldo": HUMAN,
    "producto": HUMAN,
    "firma": HUMAN,
    "firmaSi": HUMAN,
    "nivel": HUMAN,
    "cola": HUMAN,
    "imprime": HUMAN,
    "cotejo": HUMAN,
    "cotejoCon": HUMAN,
    "clave": _CATCHING | _THROWING,
    "aviso": _TIMERS,
    "vigila": frozenset({"intermediateCatchEvent"}),
    "desenlace": frozenset({"endEvent"}),
    "queSigue": frozenset({"startEvent"}),
}


def properties_are_known(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for name in node.properties:
            if name not in PROPERTIES:
                mend = did_you_mean(name, PROPERTIES) or f"Las que hay: {', '.join(PROPERTIES)}."
                yield Finding(diagram.file, node.label, f"No se conoce la propiedad «{name}».", mend)
            elif node.kind not in PROPERTIES[name]:
                yield Finding(diagram.file, node.label, f"«{name}» no dice nada en este elemento.", "Quítela de aquí.")


def values_mean_something(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for problem, mend in _values(node):
            yield Finding(diagram.file, node.label, problem, mend)


def only_the_requester_stops_the_clock(subject: Subject) -> Iterator[Finding]:
    """The term stands still while the *requester* answers (COA 158); the office cannot stop its own clock."""
    for diagram, node in subject.nodes():
        lane = diagram.lane_of(node)
        if node.properties.get("pausaPlazo") == "true" and lane and subject.manifest.lanes.get(lane) != "solicitante":
            problem = "El plazo se detendría mientras trabaja la oficina."
            yield Finding(diagram.file, node.label, problem, "Use «pausaPlazo» solo en tareas de quien solicita.")


def what_is_signed_was_made(subject: Subject) -> Iterator[Finding]:
    """And what is printed."""
    made = _variables(subject)
    for diagram, node in subject.nodes():
        for verb, named in (("Firma", "firma"), ("Imprime", "imprime")):
            name = node.properties.get(named, "").split(".")[0]
            if name and name not in made:
                mend = did_you_mean(name, made) or "Nombre el resultado de la tarea que redacta el documento."
                yield Finding(diagram.file, node.label, f"{verb} «{name}», que ninguna tarea produce.", mend)


def ends_say_how_it_went(subject: Subject) -> Iterator[Finding]:
    """A case needs an outcome to be counted and told: one end at least says it."""
    ends = [
        n for _d, c in subject.containers() if c.id == subject.process for n in c.nodes.values() if n.kind == "endEvent"
    ]
    if ends and not any(n.properties.get("desenlace") for n in ends):
        mend = "Añada a cada fin la propiedad «desenlace», como «entregada»."
        yield Finding("proceso.bpmn", ends[0].label, "Ningún fin dice el desenlace del trámite.", mend)


def _values(node: Node) -> Iterator[tuple[str, str]]:
    properties = node.properties
    if properties.get("pausaPlazo", "false") not in ("true", "false"):
        yield "«pausaPlazo» no es true ni false.", "Escriba «true», o quítela."
    if "esDevolucion" in properties:
        if properties["esDevolucion"] not in ("true", "false"):
            yield "«esDevolucion» no es true ni false.", "Escriba «false» si la tarea solo pregunta, o quítela."
        if properties.get("pausaPlazo") != "true":
            yield "Dice si es una devolución, pero no detiene el plazo.", "Añada «pausaPlazo» con «true», o quítela."
    if "nivel" in properties and properties["nivel"] not in _LEVELS:
        yield f"«{properties['nivel']}» no es un nivel de firma.", f"Use uno de: {', '.join(_LEVELS)}."
    if ("nivel" in properties or "firmaSi" in properties) and not properties.get("firma"):
        yield "Dice cómo se firma, pero no qué.", "Añada «firma» con el nombre del documento, o quite la otra."
    if properties.get("cola", "impresion") != "impresion":
        yield (
            f"No hay una cola «{properties['cola']}».",
            "La que hay es «impresion»: sus documentos salen por la imprenta.",
        )
    if "imprime" in properties and "cola" not in properties:
        yield "Dice qué se imprime, pero no está en la cola de impresión.", "Añada «cola» con «impresion», o quítela."
    if properties.get("planilla", "acta") != "acta":
        yield f"No hay una planilla «{properties['planilla']}».", "La que hay es «acta»: las calificaciones de un acta."
    if "respaldo" in properties and "planilla" not in properties:
        yield "Dice qué respalda la carga, pero no tiene planilla.", "Añada «planilla» con «acta», o quítela."
    if ("cotejo" in properties) != ("cotejoCon" in properties):
        yield "Dice qué se coteja o con qué, y no lo otro.", "Añada «cotejo» y «cotejoCon», o quite las dos."
    if "desenlace" in properties and not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", properties["desenlace"]):
        yield "El «desenlace» no es un nombre interno.", "Minúsculas, números y «_», como «entregada»."
    for name in ("estado", "hito", "formJsonSchemaFilename", "firma", "cotejo", "cotejoCon"):
        if name in properties and not properties[name].strip():
            yield f"«{name}» está vacía.", "Complétela o quítela."
    if len(properties.get("estado", "")) > 120:
        yield "El «estado» pasa de 120 letras.", "Diga lo demás en «estadoDetalle»."


def _variables(subject: Subject) -> set[str]:
    """Names that some service task or script gives a value to."""
    names: set[str] = set()
    for _diagram, node in subject.nodes():
        if node.operator is not None:
            names.add(node.operator.get("resultVariable") or "")
        scripts = [node.extension("preScript"), node.extension("postScript"), node.xml.findtext("b:script", None, NS)]
        for script in filter(None, scripts):
            names |= {line.split("=")[0].strip() for line in script.splitlines() if "=" in line}
    return names - {""}
