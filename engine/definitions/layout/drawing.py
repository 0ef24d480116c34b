"""From a BPMN file without a drawing, or with one to throw away, to the same file with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.definitions.diagram import EVENTS, GATEWAYS, NS, Container, Diagram, Node, read_xml
from engine.definitions.finding import Finding
from engine.definitions.layout.geometry import Box, Point
from engine.definitions.layout.labels import Labels
from engine.definitions.layout.mesh import Mesh
from engine.definitions.layout.placement import Grid, Placement, place
from engine.definitions.layout.routing import Edge, Router
from engine.errors import InvalidBundle

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
NAMESPACES = {"bpmndi": DI, "dc": DC, "di": DD}

ORIGIN = (160.0, 80.0)
BETWEEN = 60.0  # between two pools
INSET = (24.0, 30.0)  # inside an open subprocess


@dataclass
class Picture:
    """Where everything of one container is, from its own upper left corner."""

    placement: Placement
    lines: dict[str, list[Point]]
    labels: dict[str, Box]
    inner: dict[str, Picture] = field(default_factory=dict)


def draw(data: bytes) -> bytes:
    """Raises ``InvalidBundle`` when the XML cannot be read or holds no process."""
    diagram = Diagram("proceso.bpmn", read_xml("proceso.bpmn", data))
    if not diagram.processes:
        raise InvalidBundle([Finding("proceso.bpmn", None, "No tiene ningún proceso.", "Dibuje uno.")])
    root = diagram.root
    for old in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(old)
    root = _with_namespaces(root)
    diagram = Diagram("proceso.bpmn", root)
    collaboration = root.find("b:collaboration", NS)
    plane = _plane(root, collaboration if collaboration is not None else diagram.processes[0].xml)
    x, y = ORIGIN
    for process in diagram.processes:
        pool = _pool_of(root, process)
        picture = _picture(diagram, process, pool=pool is not None)
        if pool is not None:
            _shape(plane, pool.get("id") or "", picture.placement.frame.moved(x, y), isHorizontal="true")
        _write(plane, diagram, process, picture, x, y)
        y += picture.placement.frame.height + BETWEEN
    etree.indent(root)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _picture(diagram: Diagram, container: Container, *, pool: bool) -> Picture:
    inner = {
        c.id: _picture(diagram, c, pool=False)
        for c in diagram.containers
        if c.xml.getparent() is container.xml and c.id in container.nodes
    }
    sizes = {
        i: (p.placement.frame.width + 2 * INSET[0], p.placement.frame.height + INSET[0] + INSET[1])
        for i, p in inner.items()
    }
    names = [lane.get("name") or "" for lane in container.xml.iterfind("b:laneSet/b:lane", NS)]
    lane_of = {n.id: diagram.lane_of(n) or "" for n in container.nodes.values()}
    placement = place(Grid(container, lane_of, names), sizes, pool=pool)
    hosts = {n.id: n.attached_to for n in container.nodes.values() if n.attached_to}
    small = frozenset(n.id for n in container.nodes.values() if n.kind in GATEWAYS)
    edges = [Edge(f.id, f.source, f.target) for f in container.links if {f.source, f.target} <= placement.boxes.keys()]
    mesh = Mesh(placement.boxes, placement.gaps_x, placement.gaps_y)
    lines = Router(placement.boxes, mesh, hosts, small).route(edges)
    return Picture(placement, lines, _labels(container, placement, lines), inner)


def _labels(container: Container, placement: Placement, lines: Mapping[str, list[Point]]) -> dict[str, Box]:
    labels = Labels(placement.boxes, lines)
    found = {}
    for link in container.links:
        if link.xml.get("name") and link.id in lines:
            is_default = container.nodes[link.source].xml.get("default") == link.id
            found[link.id] = labels.of_line(lines[link.id], link.xml.get("name"), is_default=is_default)
    for node in container.nodes.values():
        if node.name and node.kind in EVENTS | GATEWAYS:
            found[node.id] = labels.of_sign(placement.boxes[node.id], node.name)
    return found


def _write(plane: Any, diagram: Diagram, container: Container, picture: Picture, x: float, y: float) -> None:
    for lane in container.xml.iterfind("b:laneSet/b:lane", NS):
        box = picture.placement.lanes.get(lane.get("name") or "")
        if box is not None:
            _shape(plane, lane.get("id") or "", box.moved(x, y), isHorizontal="true")
    for identifier, box in picture.placement.boxes.items():
        node = container.nodes[identifier]
        shape = _shape(plane, identifier, box.moved(x, y), **_marks(node, identifier in picture.inner))
        _label(shape, picture.labels.get(identifier), x, y)
    for inside in diagram.containers:
        if inside.id in picture.inner:
            box = picture.placement.boxes[inside.id]
            _write(plane, diagram, inside, picture.inner[inside.id], x + box.x + INSET[0], y + box.y + INSET[1])
    for link, points in picture.lines.items():
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"{link}_di", bpmnElement=link)
        for px, py in points:
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=f"{px + x:g}", y=f"{py + y:g}")
        _label(edge, picture.labels.get(link), x, y)


def _marks(node: Node, is_open: bool) -> dict[str, str]:
    if node.kind == "exclusiveGateway":
        return {"isMarkerVisible": "true"}
    return {"isExpanded": "true"} if is_open else {}


def _shape(plane: Any, element: str, box: Box, **attributes: str) -> Any:
    shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{element}_di", bpmnElement=element, **attributes)
    _bounds(shape, box)
    return shape


def _label(parent: Any, box: Box | None, x: float, y: float) -> None:
    if box is not None:
        _bounds(etree.SubElement(parent, f"{{{DI}}}BPMNLabel"), box.moved(x, y))


def _bounds(parent: Any, box: Box) -> None:
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(parent, f"{{{DC}}}Bounds", **{name: f"{round(value):d}" for name, value in numbers.items()})


def _pool_of(root: Any, process: Container) -> Any | None:
    found = root.iterfind("b:collaboration/b:participant", NS)
    return next((p for p in found if p.get("processRef") == process.id), None)


def _plane(root: Any, subject: Any) -> Any:
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id="dibujo")
    return etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id="plano", bpmnElement=subject.get("id") or "")


def _with_namespaces(root: Any) -> Any:
    """The same tree with the drawing's prefixes declared once, at the top."""
    known = {**NAMESPACES, **root.nsmap}
    if all(uri in root.nsmap.values() for uri in NAMESPACES.values()):
        return root
    made = etree.Element(root.tag, root.attrib, nsmap=known)
    made.text = root.text
    made.extend(list(root))
    return made
