"""Messages, signals, errors and escalations: what is thrown and caught has a name, and a message finds its case."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.subject import Subject

_ROOTS = {
    "message": ("messageRef", "message", "El mensaje"),
    "signal": ("signalRef", "signal", "La señal"),
    "error": ("errorRef", "error", "El error"),
    "escalation": ("escalationRef", "escalation", "El escalamiento"),
}
_CATCH_ALL = {"error", "escalation"}  # a boundary event without a code catches any


def what_is_thrown_has_a_name(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.event not in _ROOTS:
            continue
        attribute, kind, what = _ROOTS[node.event]
        reference = node.definitions[0].get(attribute)
        if reference is None and node.event in _CATCH_ALL and node.kind in ("boundaryEvent", "startEvent"):
            continue
        found = diagram.find(kind, reference)
        if found is None or not (found.get("name") or "").strip():
            yield Finding(
                diagram.file, node.label, f"{what} no tiene nombre.", "Elija uno, o cree uno nuevo, en sus propiedades."
            )


def message_tasks_have_a_message(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        receives = node.kind == "receiveTask" or (node.kind == "sendTask" and node.operation is None)
        reference = node.xml.get("messageRef")
        if not receives or (node.kind == "sendTask" and reference is None):
            continue
        found = diagram.find("message", reference)
        if found is None or not (found.get("name") or "").strip():
            yield Finding(diagram.file, node.label, "La tarea no dice qué mensaje.", "Elija uno en sus propiedades.")


def messages_find_their_case(subject: Subject) -> Iterator[Finding]:
    """A message that is thrown without a key would reach nobody, or anybody; a catch without one means its own case."""
    for diagram, node in subject.nodes():
        throws_event = node.kind in ("intermediateThrowEvent", "endEvent") and node.event == "message"
        throws_task = node.kind == "sendTask" and node.operation is None and node.xml.get("messageRef")
        if (throws_event or throws_task) and not node.properties.get("clave", "").strip():
            problem = "El mensaje no dice a qué trámite va."
            mend = "Añada la propiedad «clave» con una expresión, como «expediente.numero»."
            yield Finding(diagram.file, node.label, problem, mend)
