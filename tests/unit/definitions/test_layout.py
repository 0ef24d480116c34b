"""Drawings: nothing overlaps, lines are orthogonal and pass over nothing, the same diagram gives the same drawing."""

from itertools import combinations, pairwise

import pytest
from lxml import etree

from engine.config import ROOT
from engine.definitions.layout import draw
from engine.definitions.layout.geometry import Box

PROCESSES = ["_plantilla", "solicitar_certificacion"]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"

NESTED = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"><bpmn:process id="p">
<bpmn:startEvent id="a"/><bpmn:subProcess id="s" name="Dentro"><bpmn:startEvent id="sa"/><bpmn:userTask id="sb"/>
<bpmn:endEvent id="sc"/><bpmn:sequenceFlow id="s1" sourceRef="sa" targetRef="sb"/>
<bpmn:sequenceFlow id="s2" sourceRef="sb" targetRef="sc"/></bpmn:subProcess>
<bpmn:boundaryEvent id="r" attachedToRef="s"/><bpmn:userTask id="t"/><bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="s"/><bpmn:sequenceFlow id="f2" sourceRef="s" targetRef="e"/>
<bpmn:sequenceFlow id="f3" sourceRef="r" targetRef="t"/><bpmn:sequenceFlow id="f4" sourceRef="t" targetRef="s"/>
</bpmn:process></bpmn:definitions>"""


def source(process: str) -> bytes:
    return (ROOT / "bpmn" / process / "proceso.bpmn").read_bytes()


def opened(root) -> set[str]:
    """Subprocesses: drawn open, as the frame of what is inside."""
    return {x.get("id") for x in root.iter(f"{BPMN}subProcess")}


def box(xml) -> Box:
    bounds = xml.find(f"{DC}Bounds")
    return Box(*(float(bounds.get(key)) for key in ("x", "y", "width", "height")))


def read(data: bytes):
    """Shapes and lines by element; lanes and pools apart."""
    root = etree.fromstring(data)
    kinds = {x.get("id"): etree.QName(x).localname for x in root.iter() if isinstance(x.tag, str) and x.get("id")}
    shapes = {x.get("bpmnElement"): box(x) for x in root.iter(f"{DI}BPMNShape")}
    frames = {i: b for i, b in shapes.items() if kinds[i] in ("lane", "participant", "subProcess")}
    lines = {
        x.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in x.iter(f"{DD}waypoint")]
        for x in root.iter(f"{DI}BPMNEdge")
    }
    hosts = {x.get("id"): x.get("attachedToRef") for x in root.iter() if x.get("attachedToRef")}
    return root, {i: b for i, b in shapes.items() if i not in frames}, frames, lines, hosts


@pytest.mark.parametrize("process", PROCESSES)
def test_every_element_and_flow_is_drawn_once(process):
    root, nodes, _frames, lines, _hosts = read(draw(source(process)))
    ids = {x.get("id") for x in root.iter(f"{BPMN}sequenceFlow")}
    refs = {x.text for x in root.iter(f"{BPMN}flowNodeRef")}
    inside = {x.get("id") for sub in root.iter(f"{BPMN}subProcess") for x in sub if x.get("id") not in ids}
    assert lines.keys() == ids
    assert nodes.keys() | opened(root) == refs | {i for i in inside if i in nodes}
    assert len(root.findall(f"{DI}BPMNDiagram")) == 1


@pytest.mark.parametrize("process", PROCESSES)
def test_no_two_elements_overlap_and_each_is_in_its_lane(process):
    root, nodes, frames, _lines, hosts = read(draw(source(process)))
    for (one, a), (other, b) in combinations(nodes.items(), 2):
        assert not a.touches(b) or hosts.get(one) == other or hosts.get(other) == one, (one, other)
    for lane in root.iter(f"{BPMN}lane"):
        frame = frames[lane.get("id")]
        for reference in lane:
            inside = (nodes | frames)[reference.text]
            if reference.text in hosts:
                continue
            assert frame.x < inside.x < inside.right < frame.right, reference.text
            assert frame.y < inside.y < inside.bottom < frame.bottom, reference.text


@pytest.mark.parametrize("process", PROCESSES)
def test_lines_are_orthogonal_join_their_elements_and_pass_over_none(process):
    root, nodes, frames, lines, hosts = read(draw(source(process)))
    flows = {x.get("id"): x for x in root.iter(f"{BPMN}sequenceFlow")}
    for identifier, points in lines.items():
        ends = (flows[identifier].get("sourceRef"), flows[identifier].get("targetRef"))
        for end, point in zip(ends, (points[0], points[-1]), strict=True):
            edge = (nodes | frames)[end]
            assert edge.x - 1 <= point[0] <= edge.right + 1, identifier
            assert edge.y - 1 <= point[1] <= edge.bottom + 1, identifier
        for a, b in pairwise(points):
            assert a[0] == b[0] or a[1] == b[1], identifier
            for node, shape in nodes.items():
                own = node in ends or node == hosts.get(ends[0])
                assert own or not shape.is_crossed_by(a, b), (identifier, node)


@pytest.mark.parametrize("process", PROCESSES)
def test_names_beside_signs_cover_no_element(process):
    root, nodes, _frames, _lines, _hosts = read(draw(source(process)))
    labels = [box(label) for label in root.iter(f"{DI}BPMNLabel")]
    assert labels
    for label in labels:
        assert not any(label.touches(node) for node in nodes.values())
    for one, other in combinations(labels, 2):
        assert not one.touches(other)


@pytest.mark.parametrize("process", PROCESSES)
def test_drawing_again_changes_nothing(process):
    once = draw(source(process))
    assert draw(once) == once


def test_an_open_subprocess_holds_what_is_inside_it():
    _root, nodes, frames, lines, _hosts = read(draw(NESTED))
    frame = frames["s"]
    for inner in ("sa", "sb", "sc"):
        assert frame.x < nodes[inner].x
        assert nodes[inner].right < frame.right
        assert frame.y < nodes[inner].y
        assert nodes[inner].bottom < frame.bottom
    assert len(lines) == 6
