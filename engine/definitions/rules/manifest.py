"""What ``proceso.toml`` names is in the diagram and in the forms."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import HUMAN
from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject

REQUESTER = "solicitante"


def withdrawal_ends_at_an_element(subject: Subject) -> Iterator[Finding]:
    name = subject.manifest.data.withdraw_until
    if name and subject.node(name) is None:
        mend = did_you_mean(name, [node.id for _diagram, node in subject.nodes()]) or "Escriba el id de un elemento."
        yield Finding("proceso.toml", "datos.retiro_hasta", f"«{name}» no está en el diagrama.", mend)


def withdrawal_ends_when_a_person_decides(subject: Subject) -> Iterator[Finding]:
    """A case is withdrawn until a person completes that task; what the system does is never looked at."""
    name = subject.manifest.data.withdraw_until
    node = subject.node(name) if name else None
    if node is not None and node.kind not in HUMAN:
        problem = f"«{name}» no es una tarea de una persona: el trámite se podría retirar siempre."
        yield Finding("proceso.toml", "datos.retiro_hasta", problem, "Escriba el id de la tarea en que se decide.")


def readers_work_in_it(subject: Subject) -> Iterator[Finding]:
    """Who reads every case works in the process: a misspelt role would let nobody in."""
    roles = set(subject.manifest.lanes.values()) - {REQUESTER}
    for name in subject.manifest.data.readers or ():
        if name not in roles:
            mend = did_you_mean(name, roles) or "Escriba la función de uno de los carriles."
            yield Finding("proceso.toml", "datos.lectores", f"«{name}» no es la función de ningún carril.", mend)


def products_are_told_apart(subject: Subject) -> Iterator[Finding]:
    codes = [product.code for product in subject.manifest.products]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Finding("proceso.toml", f"producto.{code}", "El código se repite.", "Dé a cada producto el suyo.")


def a_service_can_be_asked_for(subject: Subject) -> Iterator[Finding]:
    """What the portal offers has a request form and somebody who may fill it in."""
    if subject.manifest.process.service is None:
        return
    starts = [n for _d, c in subject.containers() if c.id == subject.process for n in c.nodes.values()]
    if not any(n.kind == "startEvent" and n.properties.get("formJsonSchemaFilename") for n in starts):
        mend = "Añada «formJsonSchemaFilename» al evento de inicio, o quite «servicio» de proceso.toml."
        yield Finding("proceso.bpmn", None, "El servicio no tiene formulario de solicitud.", mend)
    if not subject.manifest.process.profiles:
        yield Finding(
            "proceso.toml", "proceso.perfiles", "Nadie podría pedir el servicio.", "Diga a qué perfiles sirve."
        )
