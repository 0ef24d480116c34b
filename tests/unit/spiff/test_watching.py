"""Which person's task a timer is about, and what it does to it."""

from __future__ import annotations

from uuid import UUID

from engine.spiff import parse_process
from tests.support.diagrams import Diagram, properties, timer
from tests.support.walk import Walk

IN_THREE_DAYS = timer("timeDate", "dias_habiles(3)")
EACH_ACTA = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>actas</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="acta" name="acta"/></bpmn:multiInstanceLoopCharacteristics>'
)
PART = (
    '<bpmn:startEvent id="p_inicio"/><bpmn:parallelGateway id="p_abre"/><bpmn:userTask id="p_cargar" name="Cargar">'
    f"{properties(rotulo='acta')}</bpmn:userTask>"
    f'<bpmn:intermediateCatchEvent id="p_reloj">{properties(aviso="recuerda", vigila="p_cargar")}{IN_THREE_DAYS}'
    '</bpmn:intermediateCatchEvent><bpmn:userTask id="p_decidir" name="Decidir"/>'
    '<bpmn:endEvent id="p_fin"><bpmn:terminateEventDefinition id="p_termina"/></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="p_1" sourceRef="p_inicio" targetRef="p_abre"/>'
    '<bpmn:sequenceFlow id="p_2" sourceRef="p_abre" targetRef="p_cargar"/>'
    '<bpmn:sequenceFlow id="p_3" sourceRef="p_abre" targetRef="p_reloj"/>'
    '<bpmn:sequenceFlow id="p_4" sourceRef="p_reloj" targetRef="p_decidir"/>'
    '<bpmn:sequenceFlow id="p_5" sourceRef="p_cargar" targetRef="p_fin"/>'
    '<bpmn:sequenceFlow id="p_6" sourceRef="p_decidir" targetRef="p_fin"/>'
)


def begun(drawing: Diagram, **data: object) -> Walk:
    return Walk(parse_process({"proceso.bpmn": drawing.xml()}, "proceso")).start(dict(data))


def on_the_border(told: str = "", **attributes: str) -> Walk:
    drawing = Diagram()
    drawing.chain(
        drawing.node("startEvent", "inicio"), drawing.node("userTask", "firmar"), drawing.node("endEvent", "fin")
    )
    drawing.node("boundaryEvent", "reloj", told + IN_THREE_DAYS, attachedToRef="firmar", **attributes)
    drawing.chain("reloj", drawing.node("endEvent", "otro_fin"))
    return begun(drawing)


def told_of(case: Walk) -> list[tuple[UUID | None, str | None]]:
    return [(one.watches, one.notice) for one in case.waits.values()]


def test_a_timer_on_a_tasks_border_tells_what_it_says_that_it_does() -> None:
    case = on_the_border(properties(aviso="recuerda"), cancelActivity="false")
    (task,) = case.tasks.values()
    assert told_of(case) == [(task.id, "recuerda")]


def test_one_that_says_nothing_tells_nothing() -> None:
    assert told_of(on_the_border(cancelActivity="false")) == [(None, None)]


def test_one_that_ends_its_task_says_so_by_itself() -> None:
    case = on_the_border()
    (task,) = case.tasks.values()
    assert told_of(case) == [(task.id, "cierra")]


def test_of_several_actas_each_has_the_timer_that_runs_beside_it() -> None:
    drawing = Diagram()
    drawing.chain(
        drawing.node("startEvent", "inicio"), drawing.node("subProcess", "cada", EACH_ACTA + PART),
        drawing.node("endEvent", "fin"),
    )  # fmt: skip
    case = begun(drawing, actas=["uno", "dos"])
    assert {one.watches for one in case.waits.values()} == set(case.tasks)
    assert {one.notice for one in case.waits.values()} == {"recuerda"}
    case.complete("p_cargar", "uno")
    (left,) = case.tasks.values()
    assert told_of(case) == [(left.id, "recuerda")]
    case.tick()
    assert case.open() == ["p_cargar", "p_decidir"]
    assert case.waits == {}
