"""Constructs that SpiffWorkflow runs wrongly, or not at all: refused, with what to draw instead.

Each entry stands for a measured behaviour (docs/decisions: the case goes on silently as if the element were not there).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import Container, Node, local
from engine.definitions.finding import Finding
from engine.definitions.subject import Subject

_KINDS = {
    "task": ("Una tarea sin tipo no hace nada.", "Elija su tipo: de usuario, de servicio, de script…"),
    "complexGateway": ("La compuerta compleja no se ejecuta.", "Use compuertas exclusivas, paralelas o inclusivas."),
    "transaction": ("Una transacción no se deshace.", "Use un subproceso común con un evento de error."),
    "adHocSubProcess": ("Un subproceso ad hoc no tiene orden ni fin seguro.", "Dibuje sus tareas con un orden."),
}
_EVENTS = {
    "compensate": ("La compensación no se ejecuta.", "Dibuje el camino de vuelta con tareas."),
    "cancel": ("El evento de cancelación no se ejecuta.", "Use un evento de error en un subproceso."),
    "link": ("Los eventos de enlace no se ejecutan.", "Una los dos puntos con un flujo."),
}


def refused_kinds(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.kind in _KINDS:
            yield Finding(diagram.file, node.label, *_KINDS[node.kind])


def refused_events(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.event in _EVENTS:
            yield Finding(diagram.file, node.label, *_EVENTS[node.event])
        if node.xml.get("isForCompensation") == "true":
            yield Finding(diagram.file, node.label, *_EVENTS["compensate"])


def several_event_definitions(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if len(node.definitions) > 1 or node.xml.get("parallelMultiple") == "true":
            problem = "El evento espera varias cosas a la vez."
            yield Finding(diagram.file, node.label, problem, "Use una compuerta basada en eventos, o varios eventos.")


def signal_end(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.kind == "endEvent" and node.event == "signal":
            problem = "Un fin con señal no la emite."
            yield Finding(diagram.file, node.label, problem, "Emítala con un evento intermedio antes de un fin simple.")


def error_end_outside_a_subprocess(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if (
                container.is_process
                and node.kind == "endEvent"
                and node.event == "error"
                and _is_main(subject, container)
            ):
                problem = "Un fin de error fuera de un subproceso termina el trámite como si todo hubiera salido bien."
                mend = "Use un fin simple con su «desenlace», o póngalo dentro de un subproceso con un evento de borde."
                yield Finding(diagram.file, node.label, problem, mend)


def interrupting_event_subprocess(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if (
                container.is_event_subprocess
                and node.kind == "startEvent"
                and node.xml.get("isInterrupting") != "false"
            ):
                problem = "Un subproceso de evento que interrumpe no interrumpe."
                yield Finding(
                    diagram.file, node.label, problem, "Márquelo como no interruptor, o use un evento de borde."
                )


def boundary_event_where_none_can_be(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if node.kind == "boundaryEvent" and node.event is None:
                yield Finding(
                    diagram.file, node.label, "El evento de borde no espera nada.", "Elija su tipo: reloj, mensaje…"
                )
            if node.kind == "boundaryEvent" and node.attached_to not in container.nodes:
                yield Finding(diagram.file, node.label, "El evento de borde no está sobre una tarea.", "Péguelo a una.")


def boundary_event_that_returns_at_once(subject: Subject) -> Iterator[Finding]:
    """When it leads straight back to its own task, the second time leaves the interrupted one open beside the new."""
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            if node.kind == "boundaryEvent" and any(f.target == node.attached_to for f in container.outgoing(node.id)):
                problem = "El evento vuelve directo a su propia tarea: a la segunda vez quedarían dos abiertas."
                yield Finding(diagram.file, node.label, problem, "Ponga algo en el medio: un aviso, un script.")


def throws_that_nothing_handles(subject: Subject) -> Iterator[Finding]:
    """A catch without a definition waits for nothing and a throw without one says nothing."""
    for diagram, node in subject.nodes():
        if node.kind == "intermediateCatchEvent" and node.event is None:
            yield Finding(
                diagram.file, node.label, "El evento no espera nada.", "Elija su tipo: reloj, mensaje, señal…"
            )


def standard_loops_end(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        for loop in (x for x in node.xml if local(x) == "standardLoopCharacteristics"):
            if not loop.get("loopMaximum") and not any(local(x) == "loopCondition" for x in loop):
                yield Finding(diagram.file, node.label, "El bucle no termina nunca.", "Dele una condición o un máximo.")


def drawn_by_another_tool(subject: Subject) -> Iterator[Finding]:
    """What Camunda, Zeebe, Flowable or Activiti would read and this engine would silently pass over."""
    for diagram, node in subject.nodes():
        if _foreign(node):
            problem = "Lleva instrucciones de otra herramienta, que aquí no se ejecutan."
            yield Finding(diagram.file, node.label, problem, "Vuelva a llenar sus propiedades en el estudio.")


def an_only_start(subject: Subject) -> Iterator[Finding]:
    for diagram, container in subject.containers():
        starts = [n for n in container.nodes.values() if n.kind == "startEvent"]
        plain = [n for n in starts if n.event is None]
        if not container.is_event_subprocess and len(plain) != 1:
            problem = "Falta el evento de inicio." if not plain else "Tiene más de un evento de inicio simple."
            yield Finding(diagram.file, container.id, problem, "Deje exactamente un inicio simple.")


def process_bears_the_folder_name(subject: Subject) -> Iterator[Finding]:
    ids = [p.id for d in subject.diagrams for p in d.processes]
    if subject.process not in [p.id for d in subject.diagrams if d.file == "proceso.bpmn" for p in d.processes]:
        mend = f"Ponga «{subject.process}» como id del proceso."
        yield Finding("proceso.bpmn", ", ".join(ids) or None, "El proceso no se llama como su carpeta.", mend)
    if subject.manifest.id != subject.process:
        yield Finding("proceso.toml", "proceso.id", "El id no es el de la carpeta.", f"Escriba «{subject.process}».")


def called_processes_exist(subject: Subject) -> Iterator[Finding]:
    known = {p.id for d in subject.diagrams for p in d.processes}
    for diagram, node in subject.nodes():
        if node.kind == "callActivity" and node.xml.get("calledElement") not in known:
            called = node.xml.get("calledElement") or ""
            problem = f"Llama al proceso «{called}», que no está en la carpeta ni en bpmn/_comunes/{called}.bpmn."
            yield Finding(diagram.file, node.label, problem, "Guarde su diagrama junto a este, o corrija el nombre.")


def _is_main(subject: Subject, container: Container) -> bool:
    return container.id == subject.process


def _foreign(node: Node) -> bool:
    places = ("camunda.org", "activiti.org", "flowable.org", "bonitasoft")
    return any(
        any(place in name for place in places)
        for x in node.xml.iter()
        if isinstance(x.tag, str)
        for name in (x.tag, *x.attrib)
    )
