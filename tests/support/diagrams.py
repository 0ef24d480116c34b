"""Small BPMN diagrams for tests, written as Python: nodes, flows, lanes. ``random_diagram`` makes well-formed ones of
every element that the engine promises to run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)


def operator(name: str, result: str, **parameters: str) -> str:
    """The extension of a service task."""
    inner = "".join(
        f'<spiffworkflow:parameter id="{key}" type="any" value={quoteattr(value)}/>'
        for key, value in parameters.items()
    )
    return (
        f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{name}" resultVariable="{result}">'
        f"<spiffworkflow:parameters>{inner}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        "</bpmn:extensionElements>"
    )


def properties(**values: str) -> str:
    inner = "".join(f'<spiffworkflow:property name="{key}" value={quoteattr(v)}/>' for key, v in values.items())
    return (
        f"<bpmn:extensionElements><spiffworkflow:properties>{inner}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def timer(kind: str, expression: str) -> str:
    """kind: timeDate | timeDuration | timeCycle."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind} xsi:type='bpmn:tFormalExpression'>{escape(expression)}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


@dataclass
class Diagram:
    """A process being drawn. ``node`` and ``flow`` return ids; ``xml`` is the file."""

    id: str = "proceso"
    nodes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)  # messages, signals, …
    lane: str | None = None
    ids: list[str] = field(default_factory=list)
    _count: int = 0

    def fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def node(self, tag: str, id: str | None = None, body: str = "", **attributes: str) -> str:
        id = id or self.fresh(tag[0])
        extra = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self.nodes.append(f'<bpmn:{tag} id="{id}" name="{id}"{extra}>{body}</bpmn:{tag}>')
        self.ids.append(id)
        return id

    def flow(self, source: str, target: str, condition: str | None = None, id: str | None = None) -> str:
        id = id or f"f_{source}_{target}_{len(self.flows)}"
        inner = (
            f"<bpmn:conditionExpression xsi:type='bpmn:tFormalExpression'>{escape(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        self.flows.append(
            f'<bpmn:sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
        return id

    def chain(self, *ids: str) -> None:
        for source, target in pairwise(ids):
            self.flow(source, target)

    def root(self, tag: str, id: str, name: str, **attributes: str) -> str:
        extra = "".join(f' {key}="{value}"' for key, value in attributes.items())
        text = f'<bpmn:{tag} id="{id}" name="{name}"{extra}/>'
        if text not in self.roots:
            self.roots.append(text)
        return id

    def body(self) -> str:
        return "".join(self.nodes) + "".join(self.flows)

    def xml(self) -> bytes:
        lanes = ""
        if self.lane:
            refs = "".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in self.ids)
            lanes = f'<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="{self.lane}">{refs}</bpmn:lane></bpmn:laneSet>'
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {_NAMESPACES} id="d" targetNamespace="t">'
            f"{''.join(self.roots)}"
            f'<bpmn:process id="{self.id}" isExecutable="true">{lanes}{self.body()}</bpmn:process></bpmn:definitions>'
        )
        return text.encode()


def random_diagram(seed: int, depth: int = 3) -> bytes:
    """A diagram of nested blocks: sequences, choices, loops, parallel and inclusive forks, subprocesses with every
    boundary event, repeated tasks, service tasks, event gateways."""
    drawing = Diagram()
    rng = random.Random(seed)
    start, end = drawing.node("startEvent", "inicio"), drawing.node("endEvent", "fin")
    first, last = _block(drawing, rng, depth)
    drawing.flow(start, first)
    drawing.flow(last, end)
    return drawing.xml()


_Block = tuple[str, str]


def _block(d: Diagram, rng: random.Random, depth: int) -> _Block:
    simple = [_user, _user, _script, _service]
    nested = [_sequence, _sequence, _choice, _loop, _parallel, _parallel, _inclusive, _subprocess, _repeated, _events]
    return rng.choice(nested if depth > 0 else simple)(d, rng, depth - 1)


def _user(d: Diagram, rng: random.Random, _depth: int) -> _Block:
    id = d.node("userTask", d.fresh("tarea"))
    return id, id


def _script(d: Diagram, rng: random.Random, _depth: int) -> _Block:
    id = d.fresh("script")
    d.node(
        "scriptTask", id, f"<bpmn:script>cuenta = get(datos, 'n', 0) + {rng.randint(1, 9)}\n{id} = cuenta</bpmn:script>"
    )
    return id, id


def _service(d: Diagram, rng: random.Random, _depth: int) -> _Block:
    id = d.fresh("servicio")
    d.node("serviceTask", id, operator("op", f"r_{id}", valor="len(datos)"))
    return id, id


def _sequence(d: Diagram, rng: random.Random, depth: int) -> _Block:
    blocks = [_block(d, rng, depth) for _ in range(rng.randint(2, 3))]
    for (_, out), (into, _) in pairwise(blocks):
        d.flow(out, into)
    return blocks[0][0], blocks[-1][1]


def _choice(d: Diagram, rng: random.Random, depth: int) -> _Block:
    asked, _ = _user(d, rng, 0)
    split, join = d.fresh("x"), d.fresh("xj")
    one, other = _block(d, rng, depth), _block(d, rng, depth)
    default = f"f_{split}_no"
    d.node("exclusiveGateway", split, default=default)
    d.node("exclusiveGateway", join, default=f"f_{join}")
    d.flow(asked, split)
    d.flow(split, one[0], "azar % 2 == 0")
    d.flow(split, other[0], id=default)
    d.flow(one[1], join)
    d.flow(other[1], join)
    after = d.node("manualTask", d.fresh("manual"))
    d.flow(join, after, id=f"f_{join}")
    return asked, after


def _loop(d: Diagram, rng: random.Random, depth: int) -> _Block:
    first, last = _block(d, rng, depth)
    entry = d.fresh("lj")
    asked, _ = _user(d, rng, 0)
    again = d.fresh("l")
    after = d.node("manualTask", d.fresh("manual"))
    d.node("exclusiveGateway", entry, default=f"f_{entry}")
    d.flow(entry, first, id=f"f_{entry}")
    d.flow(last, asked)
    d.node("exclusiveGateway", again, default=f"f_{again}_fuera")
    d.flow(asked, again)
    d.flow(again, entry, "azar % 3 == 0")
    d.flow(again, after, id=f"f_{again}_fuera")
    return entry, after


def _parallel(d: Diagram, rng: random.Random, depth: int) -> _Block:
    split, join = d.node("parallelGateway", d.fresh("p")), d.node("parallelGateway", d.fresh("pj"))
    for _ in range(rng.randint(2, 3)):
        first, last = _block(d, rng, depth)
        d.flow(split, first)
        d.flow(last, join)
    return split, join


def _inclusive(d: Diagram, rng: random.Random, depth: int) -> _Block:
    asked, _ = _user(d, rng, 0)
    split, join = d.fresh("o"), d.node("inclusiveGateway", d.fresh("oj"))
    default = f"f_{split}_no"
    d.node("inclusiveGateway", split, default=default)
    d.flow(asked, split)
    for modulus in (2, 3):
        first, last = _block(d, rng, depth)
        d.flow(split, first, f"azar % {modulus} == 0")
        d.flow(last, join)
    plain, _ = _user(d, rng, 0)
    d.flow(split, plain, id=default)
    d.flow(plain, join)
    return asked, join


def _subprocess(d: Diagram, rng: random.Random, depth: int) -> _Block:
    inner = Diagram(roots=d.roots, _count=d._count + 1000)
    id = d.fresh("sub")
    begin, finish = inner.node("startEvent"), inner.node("endEvent")
    first, last = _block(inner, rng, depth)
    inner.flow(begin, first)
    inner.flow(last, finish)
    d._count = inner._count
    d.node("subProcess", id, inner.body())
    join = d.fresh("sj")
    d.node("exclusiveGateway", join, default=f"f_{join}")
    d.flow(id, join)
    after = d.node("manualTask", d.fresh("manual"))
    d.flow(join, after, id=f"f_{join}")
    kind = rng.choice(["none", "interrupting", "alongside", "message"])
    if kind != "none":
        definition = (
            f'<bpmn:messageEventDefinition messageRef="{d.root("message", "m_" + id, "m_" + id)}"/>'
            if kind == "message"
            else timer("timeDuration", f'"P{rng.randint(1, 4)}D"')
        )
        interrupting = "false" if kind == "alongside" else "true"
        boundary = d.node("boundaryEvent", d.fresh("b"), definition, attachedToRef=id, cancelActivity=interrupting)
        noticed, _ = _user(d, rng, 0)
        d.flow(boundary, noticed)
        if kind == "alongside":
            d.flow(noticed, d.node("endEvent", d.fresh("fin")))
        else:
            d.flow(noticed, join)
    return id, after


def _repeated(d: Diagram, rng: random.Random, _depth: int) -> _Block:
    id = d.fresh("varias")
    sequential = ' isSequential="true"' if rng.random() < 0.5 else ""
    d.node(
        "userTask",
        id,
        f"<bpmn:multiInstanceLoopCharacteristics{sequential}>"
        f"<bpmn:loopDataInputRef>lista</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>salida_{id}</bpmn:loopDataOutputRef>"
        f'<bpmn:inputDataItem id="uno_{id}" name="uno_{id}"/><bpmn:outputDataItem id="hecho_{id}" name="hecho_{id}"/>'
        "</bpmn:multiInstanceLoopCharacteristics>",
    )
    return id, id


def _events(d: Diagram, rng: random.Random, _depth: int) -> _Block:
    gate, join = d.node("eventBasedGateway", d.fresh("eg")), d.fresh("ej")
    message = d.root("message", f"m_{gate}", f"m_{gate}")
    late = d.node("intermediateCatchEvent", d.fresh("tarde"), timer("timeDuration", f'"P{rng.randint(1, 5)}D"'))
    heard = d.node("intermediateCatchEvent", d.fresh("llego"), f'<bpmn:messageEventDefinition messageRef="{message}"/>')
    d.node("exclusiveGateway", join, default=f"f_{join}")
    after = d.node("manualTask", d.fresh("manual"))
    d.flow(join, after, id=f"f_{join}")
    for caught in (late, heard):
        d.flow(gate, caught)
        d.flow(caught, join)
    return gate, after
