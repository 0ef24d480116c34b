"""What ``proceso.toml`` names is in the diagram and in the forms."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject


def withdrawal_ends_at_an_element(subject: Subject) -> Iterator[Finding]:
    name = subject.manifest.data.withdraw_until
    if name and subject.node(name) is None:
        mend = did_you_mean(name, [node.id for _diagram, node in subject.nodes()]) or "Escriba el id de un elemento."
        yield Finding("proceso.toml", "datos.retiro_hasta", f"«{name}» no está en el diagrama.", mend)


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
