"""Bad bundles for the rules about constructs, the flow and the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.rules import constructs, flow, lanes
from engine.definitions.rules.registry import Rule
from tests.unit.definitions.samples import (
    DIAGRAM,
    END_OF_PROCESS,
    Edit,
    event,
    with_element,
    with_property,
)


@dataclass(frozen=True)
class Bad:
    rule: Rule
    what: str
    edits: tuple[Edit, ...]
    element: str | None = None  # that the finding must name


def bad(rule: Rule, what: str, *edits: Edit, element: str | None = None) -> Bad:
    return Bad(rule, what, edits, element)


CONDITION = 'decision == "aceptar"'
PARAMETER = 'id="document" type="any" value="documento"'
TO_RESOLVE = 'sourceRef="iniciar_plazos" targetRef="abrir_tramite"'
SUBPROCESS = (
    '<bpmn:subProcess id="dentro"{0}><bpmn:startEvent id="di"{1}><bpmn:timerEventDefinition><bpmn:timeDate>'
    'dias_habiles(1)</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:startEvent><bpmn:endEvent id="df"/>'
    '<bpmn:sequenceFlow id="d1" sourceRef="di" targetRef="df"/></bpmn:subProcess>'
)

CONSTRUCTS = [
    bad(
        constructs.process_bears_the_folder_name,
        "another id",
        (DIAGRAM, '<bpmn:process id="proceso_nuevo"', '<bpmn:process id="otro"'),
    ),
    bad(
        constructs.process_bears_the_folder_name,
        "another id in the manifest",
        ("proceso.toml", 'id = "proceso_nuevo"', 'id = "otro"'),
    ),
    bad(
        constructs.an_only_start,
        "two starts",
        with_element('<bpmn:startEvent id="otro_inicio"/>'),
        element="proceso_nuevo",
    ),
    bad(
        constructs.an_only_start,
        "no start",
        (DIAGRAM, '<bpmn:startEvent id="solicitud_presentada"', '<bpmn:manualTask id="solicitud_presentada"'),
        (DIAGRAM, "</bpmn:startEvent>", "</bpmn:manualTask>"),
    ),
    bad(constructs.refused_kinds, "a task without a kind", with_element('<bpmn:task id="nada"/>'), element="nada"),
    bad(
        constructs.refused_kinds,
        "a complex gateway",
        with_element('<bpmn:complexGateway id="compleja"/>'),
        element="compleja",
    ),
    bad(constructs.refused_kinds, "a transaction", with_element('<bpmn:transaction id="tx"/>'), element="tx"),
    bad(
        constructs.refused_kinds,
        "an ad hoc subprocess",
        with_element('<bpmn:adHocSubProcess id="suelto"/>'),
        element="suelto",
    ),
    bad(
        constructs.refused_events,
        "a compensation throw",
        event("intermediateThrowEvent", "comp", "<bpmn:compensateEventDefinition/>"),
        element="comp",
    ),
    bad(
        constructs.refused_events,
        "a link",
        event("intermediateThrowEvent", "enlace", '<bpmn:linkEventDefinition name="a"/>'),
        element="enlace",
    ),
    bad(
        constructs.refused_events,
        "a cancel end",
        event("endEvent", "cancela", "<bpmn:cancelEventDefinition/>"),
        element="cancela",
    ),
    bad(
        constructs.refused_events,
        "a compensation handler",
        with_element('<bpmn:manualTask id="deshacer" isForCompensation="true"/>'),
        element="deshacer",
    ),
    bad(
        constructs.several_event_definitions,
        "two definitions",
        event("intermediateCatchEvent", "dos", "<bpmn:messageEventDefinition/><bpmn:signalEventDefinition/>"),
        element="dos",
    ),
    bad(
        constructs.signal_end,
        "a signal end",
        event("endEvent", "senal", '<bpmn:signalEventDefinition signalRef="s"/>'),
        element="senal",
    ),
    bad(
        constructs.error_end_outside_a_subprocess,
        "an error end",
        event("endEvent", "error", "<bpmn:errorEventDefinition/>"),
        element="error",
    ),
    bad(
        constructs.interrupting_event_subprocess,
        "an interrupting event subprocess",
        with_element(SUBPROCESS.format(' triggeredByEvent="true"', "")),
        element="di",
    ),
    bad(
        constructs.boundary_event_where_none_can_be,
        "on nothing",
        event("boundaryEvent", "borde", "<bpmn:timerEventDefinition/>", attachedToRef="nadie"),
        element="borde",
    ),
    bad(
        constructs.boundary_event_where_none_can_be,
        "for nothing",
        event("boundaryEvent", "borde", "", attachedToRef="resolver_solicitud"),
        element="borde",
    ),
    bad(
        constructs.boundary_event_that_returns_at_once,
        "to its own task",
        with_element(
            '<bpmn:boundaryEvent id="borde" attachedToRef="resolver_solicitud"><bpmn:timerEventDefinition/>'
            '</bpmn:boundaryEvent><bpmn:sequenceFlow id="vuelta" sourceRef="borde" targetRef="resolver_solicitud"/>'
        ),
        element="borde",
    ),
    bad(
        constructs.throws_that_nothing_handles,
        "a catch of nothing",
        event("intermediateCatchEvent", "espera", ""),
        element="espera",
    ),
    bad(
        constructs.standard_loops_end,
        "a loop without end",
        with_element('<bpmn:manualTask id="vueltas"><bpmn:standardLoopCharacteristics/></bpmn:manualTask>'),
        element="vueltas",
    ),
    bad(
        constructs.drawn_by_another_tool,
        "a Camunda attribute",
        with_element(
            '<bpmn:serviceTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="java" camunda:class="x.Y"/>'
        ),
        element="java",
    ),
    bad(
        constructs.drawn_by_another_tool,
        "a Zeebe extension",
        with_element(
            '<bpmn:serviceTask id="zb"><bpmn:extensionElements><z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0"/></bpmn:extensionElements></bpmn:serviceTask>'
        ),
        element="zb",
    ),
    bad(
        constructs.called_processes_exist,
        "an unknown process",
        with_element('<bpmn:callActivity id="llama" calledElement="nadie"/>'),
        element="llama",
    ),
]

FLOW = [
    bad(flow.ids_are_unique, "an id twice", with_element('<bpmn:manualTask id="procede"/>'), element="procede"),
    bad(flow.ids_are_plain_names, "an accent", with_element('<bpmn:manualTask id="revisión"/>'), element="revisión"),
    bad(
        flow.nothing_unknown_is_drawn,
        "a data store",
        with_element('<bpmn:dataStoreReference id="almacen"/>'),
        element="almacen",
    ),
    bad(
        flow.flows_join_two_elements,
        "a flow to nowhere",
        (DIAGRAM, TO_RESOLVE, 'sourceRef="iniciar_plazos" targetRef="nadie"'),
    ),
    bad(
        flow.gateways_have_a_default,
        "no default",
        (DIAGRAM, ' default="de_procede_a_avisar_rechazo"', ""),
        element="procede",
    ),
    bad(
        flow.gateways_have_a_default,
        "an inclusive without default",
        (
            DIAGRAM,
            '<bpmn:exclusiveGateway id="procede" name="¿Procede?" default="de_procede_a_avisar_rechazo"',
            '<bpmn:inclusiveGateway id="procede" name="¿Procede?"',
        ),
        element="procede",
    ),
    bad(
        flow.choices_have_conditions,
        "a flow without condition",
        (
            DIAGRAM,
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{CONDITION}</bpmn:conditionExpression>',
            "",
        ),
        element="procede",
    ),
    bad(
        flow.conditions_only_after_choices,
        "a condition after a task",
        (
            DIAGRAM,
            TO_RESOLVE + "/>",
            TO_RESOLVE + "><bpmn:conditionExpression>x</bpmn:conditionExpression></bpmn:sequenceFlow>",
        ),
    ),
    bad(
        flow.one_way_out_of_a_task,
        "two flows out",
        (
            DIAGRAM,
            END_OF_PROCESS,
            f'<bpmn:sequenceFlow id="otra" sourceRef="iniciar_plazos" targetRef="rechazada"/>{END_OF_PROCESS}',
        ),
        element="iniciar_plazos",
    ),
    bad(
        flow.event_gateways_wait,
        "a task after an event gateway",
        with_element('<bpmn:eventBasedGateway id="espera"/>'),
        (
            DIAGRAM,
            END_OF_PROCESS,
            f'<bpmn:sequenceFlow id="otra" sourceRef="espera" targetRef="rechazada"/>{END_OF_PROCESS}',
        ),
        element="espera",
    ),
    bad(
        flow.every_path_ends, "a task with nothing after", with_element('<bpmn:manualTask id="sola"/>'), element="sola"
    ),
    bad(
        flow.every_path_ends,
        "something after an end",
        (
            DIAGRAM,
            END_OF_PROCESS,
            f'<bpmn:sequenceFlow id="otra" sourceRef="respondida" targetRef="rechazada"/>{END_OF_PROCESS}',
        ),
        element="respondida",
    ),
    bad(
        flow.everything_is_reached,
        "a task with nothing before",
        with_element('<bpmn:manualTask id="sola"/>'),
        element="sola",
    ),
    bad(
        flow.the_end_is_within_reach,
        "a loop without way out",
        (DIAGRAM, TO_RESOLVE, 'sourceRef="iniciar_plazos" targetRef="iniciar_plazos"'),
        element="iniciar_plazos",
    ),
    bad(
        flow.people_know_what_to_do,
        "a task without a name",
        (DIAGRAM, ' name="Resolver la solicitud"', ""),
        element="resolver_solicitud",
    ),
    bad(
        flow.people_know_what_to_do,
        "a name too long",
        (DIAGRAM, 'name="Resolver la solicitud"', f'name="{"Resolver " * 12}"'),
        element="resolver_solicitud",
    ),
]

LANES = [
    bad(
        lanes.lanes_have_a_role,
        "a lane without a role",
        ("proceso.toml", '"Secretaría" =', '"Secretaria" ='),
        element="carril_secretaria",
    ),
    bad(
        lanes.roles_have_a_lane,
        "a role without a lane",
        ("proceso.toml", '"Secretaría" =', '"Secretaria" ='),
        element="carriles.Secretaria",
    ),
    bad(
        lanes.people_work_in_a_lane,
        "a task outside",
        (DIAGRAM, "<bpmn:flowNodeRef>resolver_solicitud</bpmn:flowNodeRef>", ""),
        element="resolver_solicitud",
    ),
    bad(
        lanes.the_requester_is_one,
        "the requester's task in parts",
        ("proceso.toml", '"Secretaría" = "secretaria"', '"Secretaría" = "solicitante"'),
        with_property("resolver_solicitud", "ambito", "detalle"),
        element="resolver_solicitud",
    ),
    bad(
        lanes.lanes_hold_what_exists,
        "a lane that names nobody",
        (DIAGRAM, "<bpmn:flowNodeRef>procede</bpmn:flowNodeRef>", "<bpmn:flowNodeRef>nadie</bpmn:flowNodeRef>"),
        element="nadie",
    ),
]

OF_DIAGRAMS = [*CONSTRUCTS, *FLOW, *LANES]
