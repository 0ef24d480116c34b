"""Service tasks call operations that exist, with the parameters they ask for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject


def service_tasks_have_an_operation(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        needs = node.kind == "serviceTask" or (node.kind == "sendTask" and not node.xml.get("messageRef"))
        if needs and not node.operation:
            yield Finding(
                diagram.file, node.label, "La tarea no dice qué operación hace.", "Elija una en sus propiedades."
            )
        if node.operation and node.kind not in ("serviceTask", "sendTask"):
            yield Finding(diagram.file, node.label, "Solo una tarea de servicio o de envío opera.", "Cambie su tipo.")


def operations_exist(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.operation and node.operation not in subject.operations:
            mend = did_you_mean(node.operation, subject.operations) or "Vea «cartulario operations»."
            yield Finding(diagram.file, node.label, f"La operación «{node.operation}» no existe.", mend)


def parameters_are_those_of_the_operation(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        operation = subject.operations.get(node.operation or "")
        if operation is None:
            continue
        known = operation.Parameters.model_fields
        for name in node.parameters:
            if name not in known:
                mend = did_you_mean(name, known) or f"Los que hay: {', '.join(known) or 'ninguno'}."
                yield Finding(diagram.file, node.label, f"«{node.operation}» no tiene el parámetro «{name}».", mend)
        for name, field in known.items():
            if field.is_required() and name not in node.parameters:
                problem = f"Falta el parámetro «{name}» de «{node.operation}»."
                yield Finding(diagram.file, node.label, problem, field.description or "Complételo.")


def results_have_a_plain_name(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        name = node.operator.get("resultVariable") if node.operator is not None else None
        if name and (not name.isidentifier() or name.startswith("_") or name in ("tramite", "hecho")):
            problem = f"«{name}» no sirve como nombre del resultado."
            yield Finding(
                diagram.file, node.label, problem, "Minúsculas, números y «_»; «tramite» y «hecho» son del sistema."
            )
