"""The drawing as a graph: every element can be reached, every path leads to an end, every choice has a way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.definitions.diagram import BPMN, HUMAN, NODES, Container, Diagram, Link, Node, local
from engine.definitions.finding import Finding
from engine.definitions.subject import Subject

_CHOICES = {"exclusiveGateway", "inclusiveGateway"}


def ids_are_unique(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        ids = Counter(x.get("id") for x in diagram.root.iter(f"{{{BPMN}}}*") if x.get("id"))
        for identifier, times in ids.items():
            if times > 1:
                yield Finding(
                    diagram.file, identifier, f"El id aparece {times} veces.", "Dé a cada elemento uno propio."
                )
    seen: dict[str, str] = {}
    drawn: list[tuple[Diagram, Node | Link]] = [*subject.nodes()]
    drawn += [(diagram, link) for diagram, container in subject.containers() for link in container.links]
    for diagram, one in drawn:
        if seen.setdefault(one.id, diagram.file) != diagram.file:
            problem = f"El id ya existe en {seen[one.id]}."
            yield Finding(diagram.file, one.label, problem, "Dé a cada elemento uno propio en todo el proceso.")


def ids_are_plain_names(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if not node.id.isascii() or not node.id.replace("-", "_").isidentifier() or len(node.id) > 100:
            problem = "El id no es un nombre sencillo."
            yield Finding(
                diagram.file,
                node.id or local(node.xml),
                problem,
                "Letras sin acento, números y «_», como «revisar_borrador».",
            )


def gateways_have_a_default(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            outgoing = container.outgoing(node.id)
            if node.kind in _CHOICES and len(outgoing) > 1 and node.xml.get("default") not in {f.id for f in outgoing}:
                problem = "Si ninguna condición se cumple, el trámite queda trabado."
                yield Finding(diagram.file, node.label, problem, "Marque un flujo de salida como predeterminado.")


def choices_have_conditions(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            outgoing = container.outgoing(node.id)
            if node.kind not in _CHOICES or len(outgoing) < 2:
                continue
            for link in outgoing:
                if link.id != node.xml.get("default") and not (link.condition or "").strip():
                    problem = f"El flujo {link.id} no tiene condición."
                    yield Finding(diagram.file, node.label, problem, "Escríbala, o márquelo como predeterminado.")


def conditions_only_after_choices(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for link in container.links:
            node = container.nodes.get(link.source)
            if link.condition and (node is None or node.kind not in _CHOICES):
                problem = "La condición no se mira: el flujo no sale de una compuerta que elija."
                yield Finding(diagram.file, link.id, problem, "Ponga antes una compuerta exclusiva o inclusiva.")


def flows_join_two_elements(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for link in container.links:
            if link.source not in container.nodes or link.target not in container.nodes:
                problem = "El flujo no une dos elementos del mismo nivel."
                yield Finding(diagram.file, link.id, problem, "Vuelva a dibujarlo.")


def one_way_out_of_a_task(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if (
                node.kind not in _CHOICES | {"parallelGateway", "eventBasedGateway"}
                and len(container.outgoing(node.id)) > 1
            ):
                problem = "Salen varios flujos y no se dice si uno o todos."
                yield Finding(diagram.file, node.label, problem, "Ponga una compuerta exclusiva o paralela después.")


def every_path_ends(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            inner = node.xml.get("triggeredByEvent") == "true"
            if node.kind != "endEvent" and not inner and not container.outgoing(node.id):
                yield Finding(
                    diagram.file, node.label, "Nada sigue a este elemento.", "Una un flujo hasta un evento de fin."
                )
            if node.kind == "endEvent" and container.outgoing(node.id):
                yield Finding(diagram.file, node.label, "De un fin no sale nada.", "Quite el flujo, o cambie el fin.")


def everything_is_reached(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        reached = _reached(container)
        for node in container.nodes.values():
            if node.id not in reached and node.xml.get("triggeredByEvent") != "true":
                yield Finding(
                    diagram.file, node.label, "Ningún camino llega hasta aquí.", "Una un flujo desde otro elemento."
                )


def the_end_is_within_reach(subject: Subject) -> Iterator[Finding]:
    """A loop that can never be left is a case that never ends."""
    for diagram, container in subject.containers():
        leads = {n.id for n in container.nodes.values() if n.kind == "endEvent"}
        grew = True
        while grew:
            more = {f.source for f in container.links if f.target in leads}
            more |= {n.attached_to for n in container.nodes.values() if n.id in leads and n.attached_to}
            grew = not more <= leads
            leads |= more
        for node in container.nodes.values():
            stuck = node.id not in leads and container.outgoing(node.id)
            if stuck and node.id in _reached(container):
                yield Finding(
                    diagram.file, node.label, "Desde aquí nunca se llega a un fin.", "Abra una salida del bucle."
                )


def people_know_what_to_do(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.kind in HUMAN and not node.name:
            problem = "La tarea no tiene nombre: aparecería en blanco en la bandeja."
            yield Finding(diagram.file, node.id, problem, "Nómbrela con un verbo, como «Revisar el borrador».")
        if len(node.name) > 80:
            yield Finding(
                diagram.file, node.id, "El nombre pasa de 80 letras.", "Acórtelo; la ayuda va en las instrucciones."
            )


def event_gateways_wait(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if node.kind != "eventBasedGateway":
                continue
            for link in container.outgoing(node.id):
                after = container.nodes.get(link.target)
                if after is None or after.kind not in ("intermediateCatchEvent", "receiveTask"):
                    problem = "A la compuerta de eventos solo la siguen eventos que esperan."
                    yield Finding(diagram.file, node.label, problem, "Ponga un reloj o un mensaje en cada salida.")


def nothing_unknown_is_drawn(subject: Subject) -> Iterator[Finding]:
    quiet = NODES | {
        *("sequenceFlow", "laneSet", "documentation", "extensionElements", "textAnnotation", "association", "group"),
        *("dataObject", "dataObjectReference", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
        *("incoming", "outgoing", "ioSpecification", "property", ""),
    }
    for diagram, container in subject.containers():
        for xml in container.xml:
            if local(xml) not in quiet:
                problem = f"«{local(xml)}» no se ejecuta."
                yield Finding(diagram.file, xml.get("id"), problem, "Quítelo del diagrama.")


def _reached(container: Container) -> set[str]:
    reached = {n.id for n in container.nodes.values() if n.kind == "startEvent"}
    grew = True
    while grew:
        more = {f.target for f in container.links if f.source in reached}
        more |= {n.id for n in container.nodes.values() if n.attached_to in reached}
        grew = not more <= reached
        reached |= more
    return reached
