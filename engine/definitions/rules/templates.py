"""Which template a service task fills: one named between quotes, or one that a decision table answers by its kind.

So a process owner adds a kind of document with a row of the table, and is told here when its template is not there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.decision import tables_of
from engine.definitions.diagram import Diagram, Node
from engine.definitions.finding import Finding
from engine.definitions.rules.files import form_files
from engine.definitions.shapes import shape_of
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject

PARAMETER, DATA = "template", "data"


@dataclass(frozen=True, slots=True)
class Named:
    """A template, and where its name stands."""

    name: str
    file: str
    element: str


def templates_exist(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if PARAMETER not in node.parameters:
            continue
        named = templates_of(subject, diagram, node)
        if named is None:
            problem = "La plantilla se elige al andar: no se puede comprobar que exista."
            mend = "Escriba su nombre entre comillas, o el de una columna de salida de una tabla de decisión."
            yield Finding(diagram.file, node.label, problem, mend)
        for one in named or ():
            if not subject.bundle.has(f"forms/{one.name}") and not subject.bundle.has(f"forms/{one.name}.txt"):
                mend = (
                    did_you_mean(one.name, form_files(subject)) or "Guárdela en la carpeta de formularios del proceso."
                )
                yield Finding(one.file, one.element, f"La plantilla «{one.name}» no existe.", mend)


def templates_use_what_they_are_given(subject: Subject) -> Iterator[Finding]:
    """Each operation reviews the templates that it would fill: it knows what it adds to the data of the diagram."""
    told: set[tuple[str, int | None, str]] = set()
    for diagram, node in subject.nodes():
        operation = subject.operations.get(node.operation or "")
        if operation is None or PARAMETER not in node.parameters:
            continue
        data = shape_of(subject, node.parameters.get(DATA, "{}"))
        for one in templates_of(subject, diagram, node) or ():
            if not subject.bundle.has(f"forms/{one.name}"):
                continue  # told by ``templates_exist``
            for fault in operation.review(subject.bundle.files, one.name, data):
                place = (fault.template, fault.line, fault.problem)
                if place not in told:
                    told.add(place)
                    file = fault.template if fault.template.startswith("_base/") else f"forms/{fault.template}"
                    yield Finding(file, f"línea {fault.line}" if fault.line else None, fault.problem, fault.mend)


def templates_of(subject: Subject, diagram: Diagram, node: Node) -> list[Named] | None:
    """Those that this task may fill; none when only running it can tell."""
    tree = _parsed(node.parameters[PARAMETER])
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return [Named(tree.value, diagram.file, node.label)]
    if isinstance(tree, ast.Name):
        return _answered(subject, tree.id)
    return None


def _answered(subject: Subject, name: str) -> list[Named] | None:
    """What the column of that name answers in the tables of the bundle; a rule for «none» answers ``None``."""
    cells = [
        (file, rule.results[index])
        for file, root in subject.tables.items()
        for table in tables_of(file, root)
        for index, (_id, output) in enumerate(table.outputs)
        if output == name
        for rule in table.rules
        if index < len(rule.results)
    ]
    found = []
    for file, cell in cells:
        tree = _parsed(cell.text)
        if not isinstance(tree, ast.Constant) or not isinstance(tree.value, str | None):
            return None
        if tree.value is not None:
            found.append(Named(tree.value, file, cell.id))
    return found or None


def _parsed(expression: str) -> ast.expr | None:
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
