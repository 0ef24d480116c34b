"""Lanes are roles: who may do the work of each is said in ``proceso.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import HUMAN, NS
from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject


def lanes_have_a_role(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for lane in diagram.root.iterfind(".//b:lane", NS):
            name = lane.get("name") or ""
            if name not in subject.manifest.lanes:
                mend = did_you_mean(name, subject.manifest.lanes) or f'Añada a [carriles]: "{name}" = "…".'
                yield Finding(
                    diagram.file, lane.get("id"), f"El carril «{name}» no tiene una función en proceso.toml.", mend
                )


def roles_have_a_lane(subject: Subject) -> Iterator[Finding]:
    drawn = {lane.get("name") for d in subject.diagrams for lane in d.root.iterfind(".//b:lane", NS)}
    for name in subject.manifest.lanes:
        if name not in drawn:
            mend = did_you_mean(name, {str(lane) for lane in drawn}) or "Quite la línea, o dibuje el carril."
            yield Finding("proceso.toml", f"carriles.{name}", "Ningún carril se llama así.", mend)


def people_work_in_a_lane(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.kind in HUMAN and diagram.lane_of(node) is None:
            problem = "La tarea está fuera de los carriles: nadie la recibiría."
            yield Finding(diagram.file, node.label, problem, "Muévala al carril de quien la hace.")


def the_requester_is_one(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        lane = diagram.lane_of(node)
        if "ambito" in node.properties and lane and subject.manifest.lanes.get(lane) == "solicitante":
            problem = "Quien solicita es una sola persona: su tarea no tiene «ambito»."
            yield Finding(diagram.file, node.label, problem, "Quite la propiedad.")


def lanes_hold_what_exists(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        known = {node.id for node in diagram.nodes}
        for reference, lane in diagram.lanes.items():
            if reference not in known:
                problem = f"El carril «{lane}» nombra «{reference}», que no existe."
                yield Finding(diagram.file, reference, problem, "Quite la referencia; el editor lo hace al guardar.")
