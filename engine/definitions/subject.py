"""What the rules look at: a bundle with its diagrams and tables read once, and the catalogue of operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from engine.definitions.bundle import Bundle
from engine.definitions.diagram import Container, Diagram, Node, read_xml
from engine.definitions.finding import Finding
from engine.definitions.manifest import Manifest
from engine.definitions.scenarios import Scenario, parse_scenarios
from engine.errors import InvalidBundle


class Fault(Protocol):
    """What an operation finds wrong with a template."""

    @property
    def template(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def problem(self) -> str: ...
    @property
    def mend(self) -> str: ...


class Operation(Protocol):
    """What the check needs of an operation; ``app.py`` hands in the catalogue."""

    @property
    def Parameters(self) -> type[BaseModel]: ...
    @property
    def Result(self) -> type[BaseModel]: ...
    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> Iterable[Fault]:
        """What is wrong with a template that it would fill; ``data``: the form of what it is given, none if unknown."""
        ...


@dataclass(frozen=True)
class Subject:
    bundle: Bundle
    manifest: Manifest
    diagrams: tuple[Diagram, ...]
    tables: Mapping[str, Any]  # file → root of the DMN
    scenarios: tuple[Scenario, ...]
    operations: Mapping[str, Operation]

    @property
    def process(self) -> str:
        return self.bundle.process

    def containers(self) -> Iterator[tuple[Diagram, Container]]:
        for diagram in self.diagrams:
            for container in diagram.containers:
                yield diagram, container

    def nodes(self) -> Iterator[tuple[Diagram, Node]]:
        for diagram in self.diagrams:
            for node in diagram.nodes:
                yield diagram, node

    def node(self, identifier: str) -> Node | None:
        return next((node for _diagram, node in self.nodes() if node.id == identifier), None)


def read_subject(bundle: Bundle, operations: Mapping[str, Operation]) -> tuple[Subject | None, list[Finding]]:
    """The subject, or the findings of what could not even be read."""
    findings: list[Finding] = []
    diagrams, tables = [], {}
    for name, data in sorted(bundle.files.items()):
        try:
            if name.endswith(".bpmn"):
                diagrams.append(Diagram(name, read_xml(name, data)))
            elif name.endswith(".dmn"):
                tables[name] = read_xml(name, data)
        except InvalidBundle as error:
            findings += error.findings
    if "proceso.bpmn" not in bundle.files:
        findings.append(Finding("proceso.bpmn", None, "Falta el diagrama.", "Guárdelo con ese nombre en la carpeta."))
    manifest = None
    scenarios: tuple[Scenario, ...] = ()
    try:
        manifest = bundle.manifest
    except InvalidBundle as error:
        findings += error.findings
    try:
        if bundle.has("escenarios.toml"):
            scenarios = parse_scenarios(bundle.text("escenarios.toml"))
    except InvalidBundle as error:
        findings += error.findings
    if findings or manifest is None:
        return None, findings
    return Subject(bundle, manifest, tuple(diagrams), tables, scenarios, operations), []
