"""A bundle's BPMN and DMN files as a ``ProcessSpec``: the library's specs, and the elements as people name them.

XML is parsed without DTD, entities or network, and refused when it is large (rule 5; ``docs/decisions``).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.errors import InvalidBundle
from engine.spiff.called import in_order_of_call
from engine.spiff.tasks import Parser

MAX_XML = 1024 * 1024  # bytes
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_NS = {"b": BPMN, "s": SPIFF}
_CALLS = ".//b:callActivity"
_NODE_TAGS = frozenset(
    [
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    ]
)


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node of the diagram."""

    id: str
    kind: str  # the BPMN tag: userTask, boundaryEvent, …
    name: str
    lane: str | None
    parent: str | None  # the subprocess it stands in
    process: str
    properties: Mapping[str, str]
    instructions: str
    operation: str | None
    parameters: Mapping[str, str]  # name → expression
    result_variable: str | None
    attached_to: str | None
    event: str | None  # timer | message | signal | escalation | error | terminate | conditional …
    interrupts: bool = True  # a boundary event ends what it is attached to
    schedule: str | None = None  # of a timer start of the process: the text of its cycle
    inside: str | None = None  # the subprocess around it, or the call of its process

    @property
    def form(self) -> str | None:
        return self.properties.get("formJsonSchemaFilename")

    @property
    def pauses_term(self) -> bool:
        return self.properties.get("pausaPlazo") == "true"

    @property
    def returns_the_request(self) -> bool:
        """It stops the term because the request lacks something, and not only to ask which of two things is meant."""
        return self.pauses_term and self.properties.get("esDevolucion") != "false"


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    id: str
    spec: Any
    subprocesses: Mapping[str, Any]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    lanes: tuple[str, ...]
    _between: Mapping[tuple[str, str], str] = field(repr=False)

    def flow_between(self, source: str, target: str) -> str | None:
        return self._between.get((source, target))

    @property
    def start(self) -> Element:
        return next(e for e in self._starts() if e.event is None)

    @property
    def timer_starts(self) -> tuple[Element, ...]:
        """Where the process starts by itself: each stands beside the plain start and leads where that one leads."""
        return tuple(e for e in self._starts() if e.event == "timer")

    def _starts(self) -> Iterator[Element]:
        return (e for e in self.elements.values() if e.kind == "startEvent" and e.process == self.id and not e.parent)


def parse_xml(data: bytes, name: str = "") -> Any:
    """The root element. Raises ``InvalidBundle`` for a DOCTYPE, an oversized or a malformed file."""
    if len(data) > MAX_XML:
        raise InvalidBundle([f"{name}: pasa de {MAX_XML // 1024} KiB."])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidBundle([f"{name}: no es XML bien formado ({error})."]) from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise InvalidBundle([f"{name}: no se admite DOCTYPE. Bórrelo."])
    return root


def parse_process(files: Mapping[str, bytes], process_id: str) -> ProcessSpec:
    """Parse every ``*.bpmn`` and ``*.dmn`` of the bundle. Raises ``InvalidBundle`` with the library's reason."""
    parser = Parser()
    read = {name: parse_xml(files[name], name) for name in sorted(files) if name.endswith(".bpmn")}
    drawn = in_order_of_call(read, process_id)
    roots = list(drawn.values())
    given = {name: _without_timer_starts(root) for name, root in drawn.items()}  # the library knows each by its address
    try:
        for name, root in given.items():
            parser.add_bpmn_xml(root, filename=name)
        for name in sorted(files):
            if name.endswith(".dmn"):
                parser.add_dmn_xml(parse_xml(files[name], name), filename=name)
        spec = parser.get_spec(process_id)
        subprocesses = parser.get_subprocess_specs(process_id)
    except SpiffWorkflowException as error:
        raise InvalidBundle([f"El diagrama no se puede ejecutar: {error}"]) from error
    _connect_loops(spec, *subprocesses.values())
    callers = {call.get("calledElement"): call.get("id") for root in roots for call in root.iterfind(_CALLS, _NS)}
    elements = {element.id: element for root in roots for element in _elements(root, callers)}
    flows = tuple(flow for root in roots for flow in _flows(root))
    lanes = tuple(dict.fromkeys(lane.get("name") or "" for root in roots for lane in root.iterfind(".//b:lane", _NS)))
    between = {(flow.source, flow.target): flow.id for flow in reversed(flows)}
    return ProcessSpec(process_id, spec, subprocesses, elements, flows, lanes, between)


def _without_timer_starts(root: Any) -> Any:
    """For the library, which would have every case wait for them: a worker starts those cases (``inbound.schedules``),
    and from there they go as from the plain start."""
    root = copy.deepcopy(root)
    for process in root.iterfind("b:process", _NS):
        for start in process.findall("b:startEvent[b:timerEventDefinition]", _NS):
            for flow in process.findall(f"b:sequenceFlow[@sourceRef='{start.get('id')}']", _NS):
                for incoming in root.iterfind(".//b:incoming", _NS):
                    if incoming.text == flow.get("id"):
                        incoming.getparent().remove(incoming)
                process.remove(flow)
            for reference in root.iterfind(".//b:flowNodeRef", _NS):
                if reference.text == start.get("id"):
                    reference.getparent().remove(reference)
            process.remove(start)
    return root


def _connect_loops(*specs: Any) -> None:
    """Join each repeated task to its loop once, at parsing: the library does so when an instance is created, which a
    process that loads a saved state never does."""
    for spec in specs:
        for loop in spec.task_specs.values():
            if isinstance(loop, LoopTask):
                child = spec.task_specs[loop.task_spec]
                if not child.completed_event.is_connected(loop.merge_child):
                    child.completed_event.connect(loop.merge_child)


def _flows(root: Any) -> Iterator[Flow]:
    for node in root.iterfind(".//b:sequenceFlow", _NS):
        yield Flow(node.get("id"), node.get("sourceRef"), node.get("targetRef"), node.get("name") or "")


def _elements(root: Any, callers: Mapping[str, str]) -> Iterator[Element]:
    lanes = {
        ref.text: lane.get("name")
        for lane in root.iterfind(".//b:lane", _NS)
        for ref in lane.findall("b:flowNodeRef", _NS)
    }
    for process in root.iterfind(".//b:process", _NS):
        for node in process.iter():
            if isinstance(node.tag, str) and etree.QName(node).localname in _NODE_TAGS:
                yield _element(node, process, lanes, callers)


def _element(node: Any, process: Any, lanes: Mapping[str, str], callers: Mapping[str, str]) -> Element:
    properties = {
        p.get("name"): p.get("value") or "" for p in node.iterfind("b:extensionElements/s:properties/s:property", _NS)
    }
    operator = node.find("b:extensionElements/s:serviceTaskOperator", _NS)
    parameters = (
        {p.get("id"): p.get("value") or "" for p in operator.iterfind("s:parameters/s:parameter", _NS)}
        if operator is not None
        else {}
    )
    events = [etree.QName(c).localname for c in node if isinstance(c.tag, str) and c.tag.endswith("EventDefinition")]
    return Element(
        id=node.get("id"),
        kind=etree.QName(node).localname,
        name=node.get("name") or "",
        lane=_lane(node, process, lanes),
        parent=_parent(node, process),
        process=process.get("id"),
        properties=properties,
        instructions=(node.findtext("b:extensionElements/s:instructionsForEndUser", "", _NS) or "").strip(),
        operation=operator.get("id") if operator is not None else None,
        parameters=parameters,
        result_variable=operator.get("resultVariable") if operator is not None else None,
        attached_to=node.get("attachedToRef"),
        event=events[0].removesuffix("EventDefinition") if events else None,
        interrupts=node.get("cancelActivity") != "false",
        schedule=node.findtext("b:timerEventDefinition/b:timeCycle", None, _NS),
        inside=_parent(node, process) or callers.get(process.get("id")),
    )


def _parent(node: Any, process: Any) -> str | None:
    above = node.getparent()
    return None if above is process else str(above.get("id"))


def _lane(node: Any, process: Any, lanes: Mapping[str, str]) -> str | None:
    """The element's own lane, else that of the task it is attached to, else that of the subprocess around it."""
    while node is not None and node is not process:
        for key in (node.get("id"), node.get("attachedToRef")):
            if key in lanes:
                return lanes[key]
        node = node.getparent()
    return None
