"""Cases stopped half-way, one for each thing that a case may be waiting for: what ``save_states`` keeps of a release."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from engine.spiff import parse_process
from tests.support.diagrams import Diagram, operator, properties, random_diagram, timer
from tests.support.walk import Walk

SEEDS = (3, 11, 29, 42, 77, 101, 358, 520, 522, 662, 805, 913, 1201, 1777, 2026, 4242)
_DATA = {"datos": {"n": 1, "ñ": ["á", None, 0.5]}, "azar": 1, "lista": ["a", "b", "c"]}
_SIGNAL = '<bpmn:signalEventDefinition signalRef="s1"/>'
_MESSAGE = '<bpmn:messageEventDefinition messageRef="m1"/>'
_ESCALATION = '<bpmn:escalationEventDefinition escalationRef="x1"/>'

Draw = Callable[[Diagram], None]
Reach = Callable[[Walk], object]


def _line(d: Diagram, *middle: str) -> None:
    d.chain(d.node("startEvent", "inicio"), *middle, d.node("endEvent", "fin"))


def _review(d: Diagram) -> None:
    d.chain(d.node("startEvent", "inicio"), d.node("userTask", "redactar"), d.node("parallelGateway", "abre"))
    d.node("parallelGateway", "cierra")
    for branch in ("legal", "finanzas", "archivo"):
        d.chain("abre", d.node("userTask", branch), "cierra")
    d.chain("cierra", d.node("exclusiveGateway", "aprobado", default="otra"))
    d.flow("aprobado", d.node("endEvent", "fin"), "azar % 2 == 0")
    d.flow("aprobado", "redactar", id="otra")


def _inclusive(d: Diagram) -> None:
    d.chain(d.node("startEvent", "inicio"), d.node("inclusiveGateway", "abre", default="nada"))
    d.node("inclusiveGateway", "cierra")
    d.flow("abre", d.node("userTask", "uno"), "n > 1")
    d.flow("abre", d.node("serviceTask", "emitir", operator("op", "r", valor="n * 2")), "n > 2")
    d.flow("abre", d.node("userTask", "otro"), id="nada")
    for branch in ("uno", "emitir", "otro"):
        d.flow(branch, "cierra")
    d.chain("cierra", d.node("userTask", "seguir"), d.node("endEvent", "fin"))


def _events(d: Diagram) -> None:
    d.root("message", "m1", "respuesta")
    d.chain(d.node("startEvent", "inicio"), d.node("eventBasedGateway", "espera"))
    for caught, definition in (("respondio", _MESSAGE), ("vencio", timer("timeDate", "dias_habiles(10)"))):
        d.chain("espera", d.node("intermediateCatchEvent", caught, definition), d.node("endEvent", f"fin_{caught}"))


def _subprocess(d: Diagram) -> None:
    d.root("escalation", "x1", "sube", escalationCode="X1")
    inner = Diagram(roots=d.roots)
    inner.chain(inner.node("startEvent", "dentro"), inner.node("userTask", "hacer"))
    inner.chain("hacer", inner.node("intermediateThrowEvent", "sube", _ESCALATION), inner.node("userTask", "cerrar"))
    inner.chain("cerrar", inner.node("endEvent", "salida"))
    _line(d, d.node("subProcess", "obra", inner.body()), d.node("userTask", "seguir"))
    for name, definition, interrupting in (
        ("vence", timer("timeDuration", '"P9D"'), "true"),
        ("avisa", timer("timeDuration", '"P2D"'), "false"),
        ("escala", _ESCALATION, "false"),
    ):
        d.node("boundaryEvent", name, definition, attachedToRef="obra", cancelActivity=interrupting)
        d.chain(name, d.node("userTask", f"atender_{name}"), d.node("endEvent", f"fin_{name}"))


def _votes(sequential: bool) -> Draw:
    flag = ' isSequential="true"' if sequential else ""
    body = (
        f"<bpmn:multiInstanceLoopCharacteristics{flag}><bpmn:loopDataInputRef>lista</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>votos</bpmn:loopDataOutputRef><bpmn:inputDataItem id='uno' name='uno'/>"
        "<bpmn:outputDataItem id='voto' name='voto'/></bpmn:multiInstanceLoopCharacteristics>"
    )
    return lambda d: _line(
        d, d.node("userTask", "convocar"), d.node("userTask", "votar", body), d.node("userTask", "contar")
    )


def _service(d: Diagram) -> None:
    emit = d.node("serviceTask", "emitir", operator("render", "acta", total="len(lista)", nota="'ñ'"))
    _line(d, d.node("userTask", "pedir"), emit, d.node("userTask", "ver"))


def _border(definition: str, interrupting: str) -> Draw:
    def draw(d: Diagram) -> None:
        d.root("message", "m1", "aviso")
        _line(d, d.node("userTask", "trabajar"), d.node("userTask", "despues"))
        d.node("boundaryEvent", "salta", definition, attachedToRef="trabajar", cancelActivity=interrupting)
        d.chain("salta", d.node("userTask", "atender"), d.node("endEvent", "fin2"))

    return draw


def _signal(d: Diagram) -> None:
    d.root("signal", "s1", "alarma")
    d.chain(d.node("startEvent", "inicio"), d.node("parallelGateway", "abre"))
    d.chain("abre", d.node("userTask", "vigilar"), d.node("intermediateThrowEvent", "tocar", _SIGNAL))
    d.chain("tocar", d.node("endEvent", "fin1"))
    d.chain("abre", d.node("userTask", "obra"), d.node("endEvent", "fin2"))
    d.node("boundaryEvent", "oye", _SIGNAL, attachedToRef="obra", cancelActivity="true")
    d.chain("oye", d.node("userTask", "huir"), d.node("endEvent", "fin3"))


def _receive(d: Diagram) -> None:
    d.root("message", "m1", "respuesta")
    _line(d, d.node("receiveTask", "esperar", properties(clave="'SG-' + str(n)"), messageRef="m1"))


def _term(d: Diagram) -> None:
    script = "<bpmn:script>vence = iniciar_plazo('p', 8)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "plazos", script), d.node("parallelGateway", "abre"))
    for percent in ("50", "100"):
        warn = d.node("intermediateCatchEvent", f"al_{percent}", timer("timeDate", f"plazo({percent})"))
        d.chain("abre", warn, d.node("endEvent", f"fin_{percent}"))
    fix = d.node("userTask", "corregir", properties(pausaPlazo="true"))
    d.chain("abre", d.node("userTask", "revisar"), fix, d.node("userTask", "seguir"), d.node("endEvent", "fin"))


def _called(d: Diagram) -> None:
    _line(d, d.node("callActivity", "llamar", calledElement="firmar"), d.node("userTask", "seguir"))


def _firmar() -> bytes:
    other = Diagram("firmar")
    other.chain(other.node("startEvent", "i2"), other.node("userTask", "rubricar"), other.node("userTask", "sellar"))
    other.chain("sellar", other.node("endEvent", "f2"))
    return other.xml()


_CYCLE = timer("timeCycle", '"R3/PT1H"')
MID_FLIGHT: dict[str, tuple[Draw, Reach]] = {
    "parallel_one_branch_done": (_review, lambda w: w.complete("redactar").complete("finanzas", f=1)),
    "parallel_second_round_half_done": (
        _review,
        lambda w: (
            w.complete("redactar")
            .complete("legal", ok=False)
            .complete("archivo")
            .complete("finanzas")
            .complete("redactar")
            .complete("legal", ok=True)
        ),
    ),
    "inclusive_waits_for_a_person": (_inclusive, lambda w: w.finish("emitir", {"valor": 6})),
    "inclusive_waits_for_a_job": (_inclusive, lambda w: w.complete("uno")),
    "event_gateway_waiting": (_events, lambda _: None),
    "subprocess_with_its_border": (_subprocess, lambda w: w.tick().complete("hacer")),
    "parallel_instances_half_done": (
        _votes(False),
        lambda w: w.complete("convocar").complete("votar", "2", voto=2).complete("votar", "0", voto=0),
    ),
    "sequential_instances_half_done": (_votes(True), lambda w: w.complete("convocar").complete("votar", "0", voto=1)),
    "service_task_started": (_service, lambda w: w.complete("pedir", motivo="beca")),
    "cycle_timer_fired_once": (_border(_CYCLE, "false"), lambda w: w.tick()),
    "cycle_timer_at_its_end": (_border(_CYCLE, "false"), lambda w: w.tick().tick().tick().complete("atender")),
    "border_timer": (_border(timer("timeDate", "dias_habiles(4)"), "true"), lambda _: None),
    "border_message": (_border(_MESSAGE, "false"), lambda w: w.message("aviso", {"a": 1})),
    "border_signal": (_signal, lambda _: None),
    "message_with_its_key": (_receive, lambda _: None),
    "term_running": (_term, lambda _: None),
    "term_standing_still": (_term, lambda w: w.tick().complete("revisar")),
    "call_activity_half_done": (_called, lambda w: w.complete("rubricar", rubrica="sí")),
}


def half_way() -> Iterator[tuple[str, dict[str, bytes], Walk]]:
    """(name, files, case) of each."""
    for name, (draw, reach) in MID_FLIGHT.items():
        drawing = Diagram()
        draw(drawing)
        files = {"proceso.bpmn": drawing.xml()}
        if draw is _called:
            files["firmar.bpmn"] = _firmar()
        walk = Walk(parse_process(files, "proceso")).start({**_DATA, "n": 3})
        reach(walk)
        yield name, files, walk
    for seed in SEEDS:
        yield f"random_{seed}", (files := {"proceso.bpmn": random_diagram(seed)}), _wander(files, seed)


def _wander(files: dict[str, bytes], seed: int) -> Walk:
    """A random case, at a random place before its end."""
    rng = random.Random(seed)
    walk = Walk(parse_process(files, "proceso")).start(_DATA)
    for _ in range(rng.randint(1, 12)):
        before, choice = walk.last.state, rng.choice(walk.options())
        walk.do(choice, rng)
        if walk.last.completed:
            return _again(files, seed, before)
    return walk


def _again(files: dict[str, bytes], seed: int, until: str) -> Walk:
    rng = random.Random(seed)
    rng.randint(1, 12)
    walk = Walk(parse_process(files, "proceso")).start(_DATA)
    while walk.last.state != until:
        walk.do(rng.choice(walk.options()), rng)
    return walk
