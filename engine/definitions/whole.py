"""One drawing of everything that a process runs: its own diagram and, below it, each that it calls from another file.

Called by the page that shows a case's way. What is stored and run stays in its files; here their pools are put one
below the other, and the name of a pool that several processes share says so.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.definitions.bundle import Bundle
from engine.definitions.diagram import NODES, NS, local, read_xml
from engine.definitions.folders import is_shared
from engine.spiff import in_order_of_call

BETWEEN = 60.0  # between two pools, as ``layout`` leaves it
SHARED = "compartido"
_DI = {
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
_OWN = NODES | {"process", "sequenceFlow"}  # ids that mean the same in every file; a bundle has each once
_REFERENCES = ("bpmnElement", "processRef", "messageRef", "signalRef", "errorRef", "escalationRef")


def whole_drawing(bundle: Bundle) -> bytes:
    """The BPMN to show. A file that has no pool, or is not drawn, is left out."""
    files = {name: read_xml(name, data) for name, data in sorted(bundle.files.items()) if name.endswith(".bpmn")}
    ordered = list(in_order_of_call(files, bundle.process).items())
    if len(ordered) < 2 or _pools(ordered[0][1]) is None:
        return bundle.files["proceso.bpmn"]
    first = ordered[0][1]
    for name, root in ordered[1:]:
        if _pools(root) is not None and _plane(root) is not None:
            _add(first, root, shared=is_shared(name))
    text: bytes = etree.tostring(first, encoding="UTF-8", xml_declaration=True)
    return text


def _add(whole: Any, root: Any, *, shared: bool) -> None:
    own = copy.deepcopy(root)
    _rename(own)
    if shared:
        for pool in _pools(own):
            pool.set("name", f"{pool.get('name') or ''} · {SHARED}")
    plane, added = _plane(whole), _plane(own)
    down = _bottom(plane) + BETWEEN - _top(added)
    for place in _places(added):
        place.set("y", f"{float(place.get('y')) + down:g}")
    _pools(whole).extend(list(_pools(own)))
    drawn = whole.find("di:BPMNDiagram", _DI)
    for one in list(own):
        if local(one) not in ("collaboration", "BPMNDiagram"):
            drawn.addprevious(one)
    plane.extend(list(added))


def _rename(root: Any) -> None:
    """Every id that is of this file only, so that none is there twice."""
    prefix = next(one.get("id") for one in root.iterfind("b:process", NS))
    renamed = {}
    for one in root.iter():
        if one.get("id") and local(one) not in _OWN:
            renamed[one.get("id")] = f"{prefix}-{one.get('id')}"
            one.set("id", renamed[one.get("id")])
    for one in root.iter():
        for name in _REFERENCES:
            if one.get(name) in renamed:
                one.set(name, renamed[one.get(name)])


def _pools(root: Any) -> Any:
    return root.find("b:collaboration", NS)


def _plane(root: Any) -> Any:
    return root.find("di:BPMNDiagram/di:BPMNPlane", _DI)


def _places(plane: Any) -> Iterator[Any]:
    yield from plane.iterfind(".//dc:Bounds", _DI)
    yield from plane.iterfind(".//dd:waypoint", _DI)


def _bottom(plane: Any) -> float:
    return max(float(one.get("y")) + float(one.get("height") or 0) for one in _places(plane))


def _top(plane: Any) -> float:
    return min(float(one.get("y")) for one in _places(plane))
