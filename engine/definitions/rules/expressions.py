"""Everything that will be evaluated is in the small, safe language (rule 5), wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from engine.definitions.diagram import NS, Node, local
from engine.definitions.finding import Finding
from engine.definitions.subject import Subject
from engine.errors import UnsafeExpression
from engine.spiff import check_expression, check_script

_IN_NODE = (
    ("b:multiInstanceLoopCharacteristics/b:loopCardinality", "la cantidad de repeticiones"),
    ("b:multiInstanceLoopCharacteristics/b:completionCondition", "la condición de fin"),
    ("b:standardLoopCharacteristics/b:loopCondition", "la condición del bucle"),
    ("b:conditionalEventDefinition/b:condition", "la condición del evento"),
)
_MEND = "Use nombres de datos, comparaciones, and, or, not, in y las funciones de la lista."
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"\s*[^\W\d]\w*(\.\w+)*\s*")


def conditions_are_safe(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for link in container.links:
            if link.condition:
                yield from _check(diagram.file, link.id, "la condición", link.condition)


def loops_and_conditions_are_safe(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for path, what in _IN_NODE:
            for xml in node.xml.iterfind(path, NS):
                yield from _check(diagram.file, node.label, what, xml.text or "")


def parameters_are_safe(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for name, value in node.parameters.items():
            yield from _check(diagram.file, node.label, f"el parámetro «{name}»", value)


def properties_that_are_expressions_are_safe(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for name in ("clave", "firmaSi", "producto", "ambito", "rotulo"):
            if name in node.properties:
                yield from _check(diagram.file, node.label, f"«{name}»", node.properties[name])


def messages_are_safe(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for xml in diagram.root.iter(f"{{{NS['s']}}}messagePayload", f"{{{NS['b']}}}messagePath"):
            yield from _check(diagram.file, _owner(xml), "el contenido del mensaje", xml.text or "")


def scripts_are_assignments(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        scripts = [node.extension("preScript"), node.extension("postScript")]
        if node.kind == "scriptTask":
            own = node.xml.findtext("b:script", None, NS)
            if not (own or "").strip():
                yield Finding(
                    diagram.file, node.label, "El script está vacío.", "Escriba una línea «nombre = expresión»."
                )
            scripts.append(own)
        for script in filter(None, scripts):
            yield from _check(diagram.file, node.label, "el script", script, check_script)


def instructions_are_text(subject: Subject) -> Iterator[Finding]:
    """Help above a form is plain text with ``{{ dato }}`` holes, nothing else of a template language."""
    for diagram, node in subject.nodes():
        text = node.extension("instructionsForEndUser") or ""
        wrong = [hole for hole in _HOLE.findall(text) if not _PATH.fullmatch(hole)]
        if wrong or "{%" in text or "{#" in text or _HOLE.sub("", text).count("{{"):
            problem = "Las instrucciones llevan algo más que texto y {{ datos }}."
            yield Finding(diagram.file, node.label, problem, "Deje solo nombres, como {{ tramite.numero }}.")


def _check(
    file: str, element: str, what: str, text: str, check: Callable[[str], None] = check_expression
) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(file, element, f"Está vacío: {what}.", "Complételo.")
        return
    try:
        check(text)
    except UnsafeExpression as error:
        yield Finding(file, element, f"No se admite {what}: {error.message}", _MEND)


def _owner(xml: Any) -> str:
    """The id of the nearest element around that has one."""
    node = xml
    while node is not None and not Node(node, local(node)).id:
        node = node.getparent()
    return Node(node, "").id if node is not None else ""
