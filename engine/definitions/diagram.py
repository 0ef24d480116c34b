"""A BPMN file read for checking and drawing: nodes, flows and lanes on the XML itself, before anything runs it.

``read_xml`` is the safe door for every XML of a bundle: no DTD, no entities, no processing instruction, no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from engine.definitions.finding import Finding
from engine.errors import InvalidBundle

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NS = {"b": BPMN, "s": SPIFF}

EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {"task", "userTask", "manualTask", "scriptTask", "serviceTask"}
    | {"sendTask", "receiveTask", "businessRuleTask", "callActivity"}
)
HUMAN = frozenset({"userTask", "manualTask"})
NODES = EVENTS | GATEWAYS | SUBPROCESSES | TASKS

MAX_XML = 1024 * 1024


@dataclass(frozen=True)
class Node:
    """A flow node. ``kind`` is its tag; ``event`` what its event definition is (timer, message …), if any."""

    xml: Any
    kind: str

    @property
    def id(self) -> str:
        return self.xml.get("id") or ""

    @property
    def name(self) -> str:
        return (self.xml.get("name") or "").strip()

    @property
    def label(self) -> str:
        """How a finding names it: its id, with its name when it has one."""
        return f"{self.id} «{self.name}»" if self.name else self.id

    @property
    def attached_to(self) -> str | None:
        host: str | None = self.xml.get("attachedToRef")
        return host

    @cached_property
    def definitions(self) -> list[Any]:
        return [child for child in self.xml if local(child).endswith("EventDefinition")]

    @property
    def event(self) -> str | None:
        return local(self.definitions[0]).removesuffix("EventDefinition") if self.definitions else None

    @cached_property
    def properties(self) -> dict[str, str]:
        found = self.xml.iterfind("b:extensionElements/s:properties/s:property", NS)
        return {p.get("name") or "": p.get("value") or "" for p in found}

    @cached_property
    def operator(self) -> Any | None:
        return self.xml.find("b:extensionElements/s:serviceTaskOperator", NS)

    @property
    def operation(self) -> str | None:
        return None if self.operator is None else str(self.operator.get("id") or "")

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Parameter → expression."""
        if self.operator is None:
            return {}
        found = self.operator.iterfind("s:parameters/s:parameter", NS)
        return {p.get("id") or "": p.get("value") or "" for p in found}

    def extension(self, name: str) -> str | None:
        """The text of a ``spiffworkflow:`` element, such as preScript."""
        text: str | None = self.xml.findtext(f"b:extensionElements/s:{name}", None, NS)
        return text

    @property
    def is_interrupting(self) -> bool:
        return bool(self.xml.get("cancelActivity", "true") != "false")


@dataclass(frozen=True)
class Link:
    """A sequence flow."""

    xml: Any

    @property
    def id(self) -> str:
        return self.xml.get("id") or ""

    @property
    def source(self) -> str:
        return self.xml.get("sourceRef") or ""

    @property
    def target(self) -> str:
        return self.xml.get("targetRef") or ""

    @property
    def label(self) -> str:
        return self.id

    @property
    def condition(self) -> str | None:
        text: str | None = self.xml.findtext("b:conditionExpression", None, NS)
        return text


@dataclass(frozen=True)
class Container:
    """A process or a subprocess, with what stands directly in it."""

    xml: Any
    process: str

    @property
    def id(self) -> str:
        return self.xml.get("id") or ""

    @property
    def is_process(self) -> bool:
        return local(self.xml) == "process"

    @cached_property
    def nodes(self) -> dict[str, Node]:
        return {n.id: n for n in (Node(x, local(x)) for x in self.xml if local(x) in NODES)}

    @cached_property
    def links(self) -> list[Link]:
        return [Link(x) for x in self.xml.iterfind("b:sequenceFlow", NS)]

    def outgoing(self, node_id: str) -> list[Link]:
        return [link for link in self.links if link.source == node_id]

    def incoming(self, node_id: str) -> list[Link]:
        return [link for link in self.links if link.target == node_id]

    def attached(self, node_id: str) -> list[Node]:
        return [n for n in self.nodes.values() if n.attached_to == node_id]

    @property
    def is_event_subprocess(self) -> bool:
        return bool(self.xml.get("triggeredByEvent") == "true")


@dataclass(frozen=True)
class Diagram:
    """One BPMN file."""

    file: str
    root: Any

    @cached_property
    def processes(self) -> list[Container]:
        return [Container(x, x.get("id") or "") for x in self.root.iterfind("b:process", NS)]

    @cached_property
    def containers(self) -> list[Container]:
        """Processes and, at any depth, their subprocesses."""
        found = list(self.processes)
        for process in self.processes:
            inner = (x for x in process.xml.iter() if local(x) in SUBPROCESSES)
            found += [Container(x, process.id) for x in inner]
        return found

    @property
    def nodes(self) -> Iterator[Node]:
        for container in self.containers:
            yield from container.nodes.values()

    @cached_property
    def lanes(self) -> dict[str, str]:
        """Node id → lane name."""
        return {
            (ref.text or "").strip(): lane.get("name") or ""
            for lane in self.root.iterfind(".//b:lane", NS)
            for ref in lane.iterfind("b:flowNodeRef", NS)
        }

    def lane_of(self, node: Node) -> str | None:
        """Its own lane, that of the task it is attached to, or that of the subprocess around it."""
        xml = node.xml
        while xml is not None and local(xml) != "process":
            for reference in (xml.get("id"), xml.get("attachedToRef")):
                if reference in self.lanes:
                    return self.lanes[reference]
            xml = xml.getparent()
        return None

    def find(self, kind: str, identifier: str | None) -> Any | None:
        """A root element such as ``message``, by id; prefixes are ignored."""
        wanted = (identifier or "").rsplit(":", 1)[-1]
        return next((x for x in self.root.iterfind(f"b:{kind}", NS) if x.get("id") == wanted), None)


def local(xml: Any) -> str:
    """The tag without its namespace; empty for comments."""
    return etree.QName(xml).localname if isinstance(xml.tag, str) else ""


def read_xml(file: str, data: bytes) -> Any:
    """The root element. Raises ``InvalidBundle`` for anything that an XML of ours has no need of."""
    if len(data) > MAX_XML:
        raise InvalidBundle([Finding(file, None, "El archivo pasa de 1 MB.", "Divida el proceso en subprocesos.")])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = f"No es XML bien formado ({error})."
        raise InvalidBundle([Finding(file, None, problem, "Vuelva a guardarlo desde el editor.")]) from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        problem = "Lleva un DOCTYPE, con el que se pueden leer archivos ajenos."
        raise InvalidBundle([Finding(file, None, problem, "Quite la línea <!DOCTYPE …>.")])
    if any(not isinstance(x.tag, str) and x.tag is not etree.Comment for x in root.iter()) or _instructions(root):
        problem = "Lleva una instrucción de procesamiento o una entidad."
        raise InvalidBundle([Finding(file, None, problem, "Quite lo que empieza con «<?» (salvo la primera línea).")])
    return root


def _instructions(root: Any) -> bool:
    before, after = root.itersiblings(preceding=True), root.itersiblings()
    return any(x.tag is not etree.Comment for x in (*before, *after))
