"""Every name that an expression uses is given a value somewhere: by a form, a script, a result, a table or the system.

A typing slip in a condition would otherwise show only when the first case comes by.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.definitions.decision import tables_of
from engine.definitions.diagram import NS, SPIFF, Diagram, Node
from engine.definitions.finding import Finding
from engine.definitions.rules.files import form_keys
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject

_OF_THE_SYSTEM = {"tramite", "hecho", "True", "False", "None"}
_HOLE = re.compile(r"\{\{\s*(\w+)")
_NODE_EXPRESSIONS = (
    "b:multiInstanceLoopCharacteristics/b:loopCardinality",
    "b:multiInstanceLoopCharacteristics/b:completionCondition",
    "b:standardLoopCharacteristics/b:loopCondition",
    "b:conditionalEventDefinition/b:condition",
    "b:timerEventDefinition/b:timeDate",
    "b:timerEventDefinition/b:timeDuration",
    "b:timerEventDefinition/b:timeCycle",
)


def names_are_given_a_value(subject: Subject) -> Iterator[Finding]:
    known = _given(subject)
    if known is None:
        return
    for file, element, text in _expressions(subject):
        for name in sorted(_names(text) - known):
            mend = did_you_mean(name, known) or "Pregúntelo en un formulario o dele un valor en un script."
            yield Finding(file, element, f"Nada da un valor a «{name}».", mend)


def _given(subject: Subject) -> set[str] | None:
    """Names that get a value; none when a message may bring any."""
    names = set(_OF_THE_SYSTEM) | form_keys(subject)
    for diagram, node in subject.nodes():
        if _brings_anything(node):
            return None
        names |= _given_by(diagram, node)
    for file, root in subject.tables.items():
        names |= {name for table in tables_of(file, root) for _id, name in table.outputs}
    return names


def _given_by(diagram: Diagram, node: Node) -> set[str]:
    names = {node.operator.get("resultVariable") or ""} if node.operator is not None else set()
    for script in _scripts(node):
        names |= {line.split("=")[0].strip() for line in script.splitlines() if "=" in line}
    for item in node.xml.iterfind("b:multiInstanceLoopCharacteristics/*", NS):
        names |= {item.get("id") or "", item.get("name") or "", (item.text or "").strip()}
    names |= {x.get("id") or "" for x in diagram.root.iterfind(".//b:dataObject", NS)}
    names |= {(x.text or "").strip() for x in diagram.root.iter(f"{{{SPIFF}}}messageVariable")}
    return names


def _brings_anything(node: Node) -> bool:
    catches = node.kind == "receiveTask" or (node.event == "message" and node.kind not in ("endEvent",))
    throws = node.kind == "intermediateThrowEvent"
    return catches and not throws


def _expressions(subject: Subject) -> Iterator[tuple[str, str, str]]:
    for diagram, container in subject.containers():
        for link in container.links:
            if link.condition:
                yield diagram.file, link.id, link.condition
    for diagram, node in subject.nodes():
        named = [node.properties.get(name, "") for name in ("clave", "firmaSi", "producto", "ambito", "rotulo")]
        for value in (*node.parameters.values(), *named):
            yield diagram.file, node.label, value
        for path in _NODE_EXPRESSIONS:
            for xml in node.xml.iterfind(path, NS):
                yield diagram.file, node.label, xml.text or ""
        for script in _scripts(node):
            for line in script.splitlines():
                yield diagram.file, node.label, line.partition("=")[2]
        for name in _HOLE.findall(node.extension("instructionsForEndUser") or ""):
            yield diagram.file, node.label, name
    for file, root in subject.tables.items():
        for table in tables_of(file, root):
            for column in table.inputs:
                yield file, column.id, column.expression
            for rule in table.rules:
                for cell in rule.results:
                    yield file, cell.id, cell.text


def _scripts(node: Node) -> list[str]:
    own = node.xml.findtext("b:script", None, NS)
    return [script for script in (own, node.extension("preScript"), node.extension("postScript")) if script]


def _names(text: str) -> set[str]:
    """The names of an expression that are neither functions nor bound by it; none when it does not parse."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - called - bound
