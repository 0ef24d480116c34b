"""Every element that a diagram may hold, saved and loaded before each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import EngineFault, NobodyWaits, TaskNotOpen
from engine.spiff import parse_process
from tests.support.diagrams import Diagram, operator, properties, timer
from tests.support.walk import START, Walk


def walk(draw: Callable[[Diagram], None], data: dict[str, object] | None = None, **others: bytes) -> Walk:
    drawing = Diagram()
    draw(drawing)
    files = {"proceso.bpmn": drawing.xml()} | {name.replace("__", "."): xml for name, xml in others.items()}
    return Walk(parse_process(files, "proceso")).start(dict(data or {}))


def line(d: Diagram, *middle: str) -> None:
    d.chain(d.node("startEvent", "inicio"), *middle, d.node("endEvent", "fin"))


def test_user_and_manual_tasks_wait_for_a_person() -> None:
    case = walk(lambda d: line(d, d.node("userTask", "pedir"), d.node("manualTask", "archivar")))
    assert case.open() == ["pedir"]
    case.complete("pedir", motivo="beca")
    assert case.open() == ["archivar"]
    assert case.last.changes == {"motivo": [None, "beca"]}
    case.complete("archivar")
    assert case.last.completed
    assert case.last.outcome == "fin"
    assert case.execution.data() == {"motivo": "beca"}


def test_the_sequence_flows_taken_are_named_in_order() -> None:
    case = walk(lambda d: line(d, d.node("userTask", "pedir"), d.node("userTask", "dar")))
    case.complete("pedir").complete("dar")
    assert case.flows == ["f_inicio_pedir_0", "f_pedir_dar_1", "f_dar_fin_2"]


def test_a_script_task_computes_and_a_service_task_waits_for_its_job() -> None:
    case = walk(
        lambda d: line(
            d,
            d.node("scriptTask", "sumar", "<bpmn:script># dos y dos\ntotal = 2 + 2\ndoble = total * 2</bpmn:script>"),
            d.node("serviceTask", "emitir", operator("render", "acta", total="total", nota="'ñ'")),
            d.node("userTask", "ver"),
        )
    )
    call = case.last.calls[0]
    assert (call.operation, call.parameters) == ("render", {"total": 4, "nota": "ñ"})
    assert case.open() == []
    case.finish("emitir", {"document": "d1"})
    assert case.open() == ["ver"]
    assert case.execution.data()["acta"] == {"document": "d1"}


def test_the_result_of_a_job_counts_once() -> None:
    case = walk(
        lambda d: line(d, d.node("serviceTask", "emitir", operator("render", "acta")), d.node("userTask", "ver"))
    )
    call = case.last.calls[0]
    case.finish("emitir", 1)
    with pytest.raises(TaskNotOpen):
        case.execution.finish_call(call.id, 2, case.office.now, case.office)


def test_a_send_task_with_an_operator_is_a_job_and_a_receive_task_waits_for_its_message() -> None:
    def draw(d: Diagram) -> None:
        d.root("message", "m1", "respuesta")
        send = d.node("sendTask", "avisar", operator("send_mail", "correo", to="'solicitante'"))
        line(d, send, d.node("receiveTask", "esperar", properties(clave="numero"), messageRef="m1"))

    case = walk(draw, {"numero": "SG-1"})
    case.finish("avisar", {})
    wait = next(iter(case.waits.values()))
    assert (wait.kind, wait.message, wait.correlation) == ("message", "respuesta", "SG-1")
    case.message("respuesta", {"texto": "sí"})
    assert case.last.completed
    with pytest.raises(NobodyWaits):
        case.execution.deliver(wait.task_id, wait.n, {}, case.office.now, case.office)


def test_a_message_thrown_for_another_case_carries_its_key_and_payload() -> None:
    def draw(d: Diagram) -> None:
        d.root("message", "m1", "listo")
        body = properties(clave="'AE-' + str(numero)") + (
            '<bpmn:messageEventDefinition messageRef="m1"><bpmn:extensionElements><spiffworkflow:messagePayload>'
            '{"n": numero}</spiffworkflow:messagePayload></bpmn:extensionElements></bpmn:messageEventDefinition>'
        )
        line(d, d.node("intermediateThrowEvent", "avisar", body), d.node("userTask", "seguir"))

    case = walk(draw, {"numero": 7})
    assert [(t.message, t.correlation, t.payload) for t in case.last.thrown] == [("listo", "AE-7", {"n": 7})]


def test_a_decision_table_decides() -> None:
    decision = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><decision id="tasa" '
        b'name="tasa"><decisionTable id="t"><input id="i"><inputExpression id="ie" typeRef="string"><text>tipo</text>'
        b'</inputExpression></input><output id="o" name="dias" typeRef="number"/>'
        b'<rule id="r1"><inputEntry id="e1"><text>"a"</text></inputEntry><outputEntry id="s1"><text>1</text></outputEntry></rule>'
        b'<rule id="r2"><inputEntry id="e2"><text>"b"</text></inputEntry><outputEntry id="s2"><text>3</text></outputEntry></rule>'
        b"</decisionTable></decision></definitions>"
    )
    called = (
        "<bpmn:extensionElements><spiffworkflow:calledDecisionId>tasa</spiffworkflow:calledDecisionId>"
        "</bpmn:extensionElements>"
    )
    case = walk(
        lambda d: line(d, d.node("businessRuleTask", "decidir", called), d.node("userTask", "ver")),
        {"tipo": "b"},
        tasa__dmn=decision,
    )
    assert case.execution.data()["dias"] == 3


def _fork(d: Diagram, gateway: str, *branches: tuple[str, str | None]) -> tuple[str, str]:
    split, join = "abre", d.node(gateway, "cierra")
    default = {"default": "otro"} if gateway != "parallelGateway" else {}
    d.node(gateway, split, **default)
    for branch, condition in branches:
        d.flow(split, d.node("userTask", branch), condition, id=None if condition or not default else "otro")
        d.flow(branch, join)
    return split, join


def test_an_exclusive_gateway_takes_one_way_and_the_default_when_none_holds() -> None:
    def draw(d: Diagram) -> None:
        asked, gate = d.node("userTask", "pedir"), "cual"
        d.node("exclusiveGateway", gate, default="no")
        d.chain(d.node("startEvent", "inicio"), asked, gate)
        d.flow(gate, d.node("userTask", "admitir"), "ok == True")
        d.flow(gate, d.node("userTask", "rechazar"), id="no")
        d.chain("admitir", d.node("endEvent", "fin"))
        d.chain("rechazar", d.node("endEvent", "fin2"))

    assert walk(draw).complete("pedir", ok=True).open() == ["admitir"]
    assert walk(draw).complete("pedir", ok=False).open() == ["rechazar"]


def test_a_parallel_join_waits_for_every_branch() -> None:
    def draw(d: Diagram) -> None:
        split, join = _fork(d, "parallelGateway", ("legal", None), ("finanzas", None), ("archivo", None))
        d.chain(d.node("startEvent", "inicio"), split)
        d.chain(join, d.node("userTask", "firmar"), d.node("endEvent", "fin"))

    case = walk(draw).complete("finanzas", f=1).complete("legal", lo=1)
    assert case.open() == ["archivo"]
    assert case.complete("archivo", a=1).open() == ["firmar"]
    assert case.execution.data() == {"f": 1, "lo": 1, "a": 1}


@pytest.mark.parametrize("orders", [("lf", "lf"), ("lf", "fl"), ("fl", "lf"), ("lf", "fl", "lf")])
@pytest.mark.parametrize("reload", [True, False])
def test_a_parallel_review_in_a_rework_loop_never_passes_with_one_approval(
    orders: tuple[str, ...], reload: bool
) -> None:
    """The release before the pinned one let the second round through after a single reviewer."""

    def draw(d: Diagram) -> None:
        split, join = _fork(d, "parallelGateway", ("legal", None), ("finanzas", None))
        gate = d.node("exclusiveGateway", "aprobado", default="otra")
        d.chain(d.node("startEvent", "inicio"), d.node("userTask", "redactar"), split)
        d.flow(join, gate)
        d.flow(gate, d.node("endEvent", "fin"), "l_ok and f_ok")
        d.flow(gate, "redactar", id="otra")

    case = walk(draw)
    case.reload = reload
    names = {"l": "legal", "f": "finanzas"}
    for order in orders:
        case.complete("redactar")
        case.complete(names[order[0]], **{f"{order[0]}_ok": False})
        assert case.open() == [names[order[1]]]
        case.complete(names[order[1]], **{f"{order[1]}_ok": False})
        assert case.open() == ["redactar"]


def test_a_branch_that_finishes_last_does_not_bring_back_what_another_one_changed() -> None:
    def draw(d: Diagram) -> None:
        split, join = _fork(d, "parallelGateway", ("legal", None), ("finanzas", None))
        d.chain(d.node("startEvent", "inicio"), split)
        d.chain(join, d.node("userTask", "firmar"), d.node("endEvent", "fin"))

    case = walk(draw, {"l_ok": True, "hecho": {"inicio": 1}})
    case.complete("legal", l_ok=False, hecho={"inicio": 1, "legal": 2}).complete(
        "finanzas", f_ok=True, hecho={"inicio": 1, "finanzas": 3}
    )
    assert case.execution.data() == {
        "l_ok": False,
        "f_ok": True,
        "hecho": {"inicio": 1, "legal": 2, "finanzas": 3},
    }


def _inclusive(d: Diagram) -> None:
    split, join = _fork(d, "inclusiveGateway", ("uno", "n > 1"), ("dos", "n > 2"), ("nada", None))
    d.chain(d.node("startEvent", "inicio"), split)
    d.chain(join, d.node("userTask", "seguir"), d.node("endEvent", "fin"))


@pytest.mark.parametrize(("n", "branches"), [(3, ["dos", "uno"]), (2, ["uno"]), (0, ["nada"])])
def test_an_inclusive_join_waits_for_the_branches_that_were_taken(n: int, branches: list[str]) -> None:
    case = walk(_inclusive, {"n": n})
    assert case.open() == branches
    for branch in branches:
        assert "seguir" not in case.open()
        case.complete(branch)
    assert case.open() == ["seguir"]


def test_an_inclusive_join_waits_for_a_job_that_is_still_running() -> None:
    def draw(d: Diagram) -> None:
        join = d.node("inclusiveGateway", "cierra")
        d.node("inclusiveGateway", "abre", default="f_nada")
        d.chain(d.node("startEvent", "inicio"), "abre")
        d.flow("abre", d.node("serviceTask", "emitir", operator("op", "r")), "n > 1")
        d.flow("abre", d.node("userTask", "ver"), "n > 2")
        d.flow("abre", d.node("userTask", "nada"), id="f_nada")
        gate = d.node("exclusiveGateway", "cual", default="f_cual")
        d.flow("emitir", gate)
        d.flow(gate, join, id="f_cual")
        d.flow(gate, d.node("endEvent", "otro"), "n > 99")
        d.flow("ver", join)
        d.flow("nada", join)
        d.chain(join, d.node("userTask", "seguir"), d.node("endEvent", "fin"))

    case = walk(draw, {"n": 3}).complete("ver")
    assert case.open() == []
    assert case.finish("emitir").open() == ["seguir"]


def _race(d: Diagram) -> None:
    d.root("message", "m1", "respuesta")
    gate = d.node("eventBasedGateway", "espera")
    d.chain(d.node("startEvent", "inicio"), gate)
    for caught, definition in (
        ("respondio", '<bpmn:messageEventDefinition messageRef="m1"/>'),
        ("vencio", timer("timeDate", "dias_habiles(10)")),
    ):
        d.chain(gate, d.node("intermediateCatchEvent", caught, definition), d.node("endEvent", f"fin_{caught}"))


def test_an_event_based_gateway_goes_with_whatever_comes_first() -> None:
    assert walk(_race).message("respuesta").last.outcome == "fin_respondio"
    late = walk(_race).tick()
    assert late.last.outcome == "fin_vencio"
    assert late.office.now > START + timedelta(days=10)
    assert not late.waits


@pytest.mark.parametrize(
    ("kind", "expression", "days"),
    [
        ("timeDuration", '"P3D"', 3),
        ("timeDate", '"2026-03-07T09:00:00-05:00"', 5),
        ("timeDate", "dias_habiles(4)", 4),
        ("timeDate", '"2026-03-04T09:00:00"', 2),
    ],
)
def test_a_timer_waits_for_its_date(kind: str, expression: str, days: int) -> None:
    case = walk(
        lambda d: line(
            d, d.node("intermediateCatchEvent", "reloj", timer(kind, expression)), d.node("userTask", "seguir")
        )
    )
    due = next(iter(case.waits.values())).due_at
    assert due is not None
    assert due - START == timedelta(days=days)
    assert case.tick().open() == ["seguir"]


def _boundary(definition: str, interrupting: bool, inner: str = "userTask") -> Callable[[Diagram], None]:
    def draw(d: Diagram) -> None:
        d.root("message", "m1", "aviso")
        d.root("signal", "s1", "alarma")
        line(d, d.node(inner, "trabajar"), d.node("userTask", "despues"))
        flag = "true" if interrupting else "false"
        boundary = d.node("boundaryEvent", "salta", definition, attachedToRef="trabajar", cancelActivity=flag)
        d.chain(boundary, d.node("userTask", "atender"), d.node("endEvent", "fin2"))

    return draw


_DEFINITIONS = {
    "timer": timer("timeDuration", '"P1D"'),
    "message": '<bpmn:messageEventDefinition messageRef="m1"/>',
}


@pytest.mark.parametrize("kind", ["timer", "message"])
def test_an_interrupting_boundary_event_cancels_the_task(kind: str) -> None:
    case = walk(_boundary(_DEFINITIONS[kind], True))
    case.tick() if kind == "timer" else case.message("aviso")
    assert case.open() == ["atender"]
    assert [(element, done) for _, element, done in case.last.closed] == [("trabajar", False)]
    assert case.complete("atender").last.outcome == "fin2"


@pytest.mark.parametrize("kind", ["timer", "message"])
def test_a_boundary_event_that_does_not_interrupt_runs_beside_the_task(kind: str) -> None:
    case = walk(_boundary(_DEFINITIONS[kind], False))
    case.tick() if kind == "timer" else case.message("aviso")
    assert case.open() == ["atender", "trabajar"]
    case.complete("trabajar", x=1)
    assert case.open() == ["atender", "despues"]
    assert not case.complete("atender").last.completed
    assert case.complete("despues").last.completed


def test_a_cycle_timer_fires_its_number_of_times() -> None:
    case = walk(_boundary(timer("timeCycle", '"R3/PT1H"'), False))
    for times in range(1, 4):
        case.tick()
        assert case.open().count("atender") == times
    assert not [w for w in case.waits.values() if w.kind == "timer"]
    case.complete("trabajar")
    for _ in range(3):
        case.complete("atender")
    assert case.complete("despues").last.completed


def test_a_signal_reaches_everything_in_the_case_that_waits_for_it() -> None:
    def draw(d: Diagram) -> None:
        d.root("signal", "s1", "alarma")
        split, _ = d.node("parallelGateway", "abre"), None
        d.flow(d.node("startEvent", "inicio"), split)
        signal = '<bpmn:signalEventDefinition signalRef="s1"/>'
        d.chain(split, d.node("userTask", "vigilar"), d.node("intermediateThrowEvent", "tocar", signal))
        d.chain("tocar", d.node("endEvent", "fin1"))
        for n in ("a", "b"):
            d.chain(split, d.node("userTask", f"obra_{n}"), d.node("endEvent", f"fin_{n}"))
            d.node("boundaryEvent", f"oye_{n}", signal, attachedToRef=f"obra_{n}", cancelActivity="true")
            d.chain(f"oye_{n}", d.node("endEvent", f"salio_{n}"))

    assert walk(draw).complete("vigilar").last.completed


def _with_subprocess(end: str, boundary: str, interrupting: str = "true") -> Callable[[Diagram], None]:
    def draw(d: Diagram) -> None:
        d.root("error", "e1", "falla", errorCode="E1")
        d.root("escalation", "x1", "sube", escalationCode="X1")
        inner = Diagram(roots=d.roots)
        gate = inner.node("exclusiveGateway", "bien", default="mal")
        inner.chain(inner.node("startEvent", "dentro"), inner.node("userTask", "hacer"), gate)
        inner.flow(gate, inner.node("endEvent", "salida"), "ok")
        inner.flow(gate, inner.node("endEvent", "problema", end), id="mal")
        line(d, d.node("subProcess", "obra", inner.body()), d.node("userTask", "seguir"))
        d.node("boundaryEvent", "salta", boundary, attachedToRef="obra", cancelActivity=interrupting)
        d.chain("salta", d.node("userTask", "atender"), d.node("endEvent", "fin2"))

    return draw


def test_a_subprocess_does_its_part_and_gives_back_its_data() -> None:
    error = '<bpmn:errorEventDefinition errorRef="e1"/>'
    case = walk(_with_subprocess(error, error), {"antes": 1}).complete("hacer", ok=True, dentro=2)
    assert case.open() == ["seguir"]
    assert case.execution.data() == {"antes": 1, "ok": True, "dentro": 2}


def test_an_error_inside_a_subprocess_leaves_by_its_boundary() -> None:
    error = '<bpmn:errorEventDefinition errorRef="e1"/>'
    case = walk(_with_subprocess(error, error)).complete("hacer", ok=False)
    assert case.open() == ["atender"]
    assert case.complete("atender").last.outcome == "fin2"


def test_an_escalation_does_not_stop_the_subprocess_when_it_does_not_interrupt() -> None:
    escalation = '<bpmn:escalationEventDefinition escalationRef="x1"/>'
    case = walk(_with_subprocess(escalation, escalation, "false")).complete("hacer", ok=False)
    assert case.open() == ["atender", "seguir"]


def test_a_terminate_end_event_ends_everything() -> None:
    def draw(d: Diagram) -> None:
        split = d.node("parallelGateway", "abre")
        d.flow(d.node("startEvent", "inicio"), split)
        d.chain(split, d.node("userTask", "larga"), d.node("endEvent", "fin1"))
        end = d.node("endEvent", "fin2", properties(desenlace="rechazada") + "<bpmn:terminateEventDefinition/>")
        d.chain(split, d.node("userTask", "corta"), end)

    case = walk(draw).complete("corta")
    assert case.last.completed
    assert case.last.outcome == "rechazada"
    assert [(e, done) for _, e, done in case.last.closed] == [("larga", False), ("corta", True)]


def test_a_call_activity_runs_the_other_diagram() -> None:
    other = Diagram("firmar")
    line(other, other.node("userTask", "rubricar"))
    case = walk(
        lambda d: line(d, d.node("callActivity", "llamar", calledElement="firmar"), d.node("userTask", "seguir")),
        {"n": 1},
        firmar__bpmn=other.xml().replace(b'"inicio"', b'"i2"').replace(b'"fin"', b'"f2"'),
    )
    assert case.open() == ["rubricar"]
    case.complete("rubricar", rubrica="sí")
    assert case.open() == ["seguir"]
    assert case.execution.data() == {"n": 1, "rubrica": "sí"}


def _each(sequential: bool) -> Callable[[Diagram], None]:
    flag = ' isSequential="true"' if sequential else ""
    body = (
        f"<bpmn:multiInstanceLoopCharacteristics{flag}><bpmn:loopDataInputRef>personas</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>votos</bpmn:loopDataOutputRef><bpmn:inputDataItem id='persona' name='persona'/>"
        "<bpmn:outputDataItem id='voto' name='voto'/></bpmn:multiInstanceLoopCharacteristics>"
    )

    def draw(d: Diagram) -> None:
        gate = d.node("exclusiveGateway", "basta", default="otra")
        d.chain(d.node("startEvent", "inicio"), d.node("userTask", "convocar"), d.node("userTask", "votar", body))
        d.chain("votar", d.node("userTask", "contar"), gate)
        d.flow(gate, d.node("endEvent", "fin"), "basta")
        d.flow(gate, "convocar", id="otra")

    return draw


def test_a_parallel_multi_instance_task_opens_one_for_each_and_collects_in_a_list() -> None:
    case = walk(_each(False), {"personas": ["ana", "eva", "luz"]}).complete("convocar")
    assert sorted(t.instance or "" for t in case.tasks.values()) == ["0", "1", "2"]
    for instance in ("2", "0", "1"):
        case.complete("votar", instance, voto=f"v{instance}")
    assert case.open() == ["contar"]
    assert case.execution.data()["votos"] == ["v2", "v0", "v1"]


def test_a_sequential_multi_instance_task_opens_one_after_the_other() -> None:
    case = walk(_each(True), {"personas": ["ana", "eva"]}).complete("convocar")
    assert case.open() == ["votar"]
    case.complete("votar", "0", voto=1)
    assert [t.instance for t in case.tasks.values()] == ["1"]
    assert case.complete("votar", "1", voto=2).open() == ["contar"]
    assert case.execution.data()["votos"] == [1, 2]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_repeated_task_in_a_loop_begins_each_round_with_an_empty_list(sequential: bool) -> None:
    case = walk(_each(sequential), {"personas": ["ana", "eva"]})
    for _ in range(2):
        case.complete("convocar").complete("votar", "0", voto=1).complete("votar", "1", voto=2)
        assert case.execution.data()["votos"] == [1, 2]
        case.complete("contar", basta=False)


def test_an_empty_list_opens_none() -> None:
    assert walk(_each(False), {"personas": []}).complete("convocar").open() == ["contar"]


def test_withdrawing_closes_every_task_and_wait() -> None:
    case = walk(_boundary(_DEFINITIONS["timer"], False)).tick().withdraw()
    assert case.last.completed
    assert case.last.outcome == "retirada"
    assert sorted(e for _, e, _ in case.last.closed) == ["atender", "trabajar"]
    assert not case.waits


def test_the_term_stands_still_while_the_requester_answers() -> None:
    def draw(d: Diagram) -> None:
        split = d.node("parallelGateway", "abre")
        script = "<bpmn:script>vence = iniciar_plazo('p', 4)</bpmn:script>"
        d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "plazos", script), split)
        warn = d.node("intermediateCatchEvent", "al_75", timer("timeDate", "plazo(75)"))
        d.chain(split, warn, d.node("userTask", "apurar"), d.node("endEvent", "fin1"))
        fix = d.node("userTask", "corregir", properties(pausaPlazo="true"))
        d.chain(split, d.node("userTask", "revisar"), fix, d.node("userTask", "seguir"), d.node("endEvent", "fin2"))

    case = walk(draw)
    due = [w.due_at for w in case.waits.values()]
    assert due == [START + timedelta(days=3)]
    case.complete("revisar")
    assert case.office.paused
    assert [w.due_at.year for w in case.waits.values() if w.due_at] == [9999]
    case.complete("corregir")
    assert not case.office.paused
    assert [w.due_at for w in case.waits.values()] == due


def test_a_diagram_that_turns_without_end_is_stopped() -> None:
    def draw(d: Diagram) -> None:
        d.node("exclusiveGateway", "vuelta", default="otra")
        step = d.node("scriptTask", "paso", "<bpmn:script>n = get({}, 'x', 1)</bpmn:script>")
        d.chain(d.node("startEvent", "inicio"), step, "vuelta")
        d.flow("vuelta", step, id="otra")
        d.flow("vuelta", d.node("endEvent", "fin"), "n > 1")

    with pytest.raises(EngineFault, match="da vueltas"):
        walk(draw)


def test_an_expression_that_cannot_be_computed_stops_the_command_and_says_which() -> None:
    def draw(d: Diagram) -> None:
        line(d, d.node("userTask", "pedir"), d.node("scriptTask", "mal", "<bpmn:script>x = falta + 1</bpmn:script>"))

    with pytest.raises(EngineFault, match="falta"):
        walk(draw).complete("pedir")
