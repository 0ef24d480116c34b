"""Bad bundles for the rules about expressions, clocks and messages."""

from __future__ import annotations

from engine.definitions.rules import expressions, messages, names, timers
from tests.unit.definitions.bad_diagrams import CONDITION, PARAMETER, bad
from tests.unit.definitions.samples import AT_ADMISSION, DIAGRAM, Edit, event, timer, with_element, with_property

SCRIPT = """productos = ["respuesta"]
vence = iniciar_plazos(productos, tramite.carta.plazos)
grupos = por_plazo(tramite.carta.plazos)"""
CYCLE = "<bpmn:timeCycle>'{}'</bpmn:timeCycle>"
INSTRUCTIONS = "{{ tramite.solicitante.nombre }} pide: {{ detalle }}"


def clock(*properties: tuple[str, str]) -> Edit:
    """A timer with properties."""
    inner = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in properties)
    told = (
        f"<bpmn:extensionElements><spiffworkflow:properties>{inner}</spiffworkflow:properties></bpmn:extensionElements>"
    )
    date = "<bpmn:timerEventDefinition><bpmn:timeDate>dias_habiles(3)</bpmn:timeDate></bpmn:timerEventDefinition>"
    return event("intermediateCatchEvent", "reloj", told + date)


EXPRESSIONS = [
    bad(expressions.conditions_are_safe, "an import", (DIAGRAM, CONDITION, "__import__('os').system('id')")),
    bad(expressions.conditions_are_safe, "an attribute walk", (DIAGRAM, CONDITION, "().__class__.__base__")),
    bad(expressions.conditions_are_safe, "bad syntax", (DIAGRAM, CONDITION, 'decision = "aceptar"')),
    bad(
        expressions.loops_and_conditions_are_safe,
        "a lambda in a loop",
        with_element(
            '<bpmn:manualTask id="v"><bpmn:standardLoopCharacteristics><bpmn:loopCondition>(lambda: 1)()</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:manualTask>'
        ),
        element="v",
    ),
    bad(
        expressions.loops_and_conditions_are_safe,
        "open() in a conditional event",
        event(
            "intermediateCatchEvent",
            "c",
            "<bpmn:conditionalEventDefinition><bpmn:condition>open('/etc/passwd')</bpmn:condition></bpmn:conditionalEventDefinition>",
        ),
        element="c",
    ),
    bad(
        expressions.parameters_are_safe,
        "an unknown function",
        (DIAGRAM, PARAMETER, 'id="document" type="any" value="leer(documento)"'),
        element="sellar_respuesta",
    ),
    bad(
        expressions.parameters_are_safe,
        "an empty parameter",
        (DIAGRAM, PARAMETER, 'id="document" type="any" value=""'),
        element="sellar_respuesta",
    ),
    bad(
        expressions.properties_that_are_expressions_are_safe,
        "a key that runs code",
        with_property("resolver_solicitud", "firmaSi", "exec('x')"),
        element="resolver_solicitud",
    ),
    bad(
        expressions.messages_are_safe,
        "a payload that runs code",
        with_element(
            '<bpmn:sendTask id="m"><bpmn:extensionElements><spiffworkflow:messagePayload>eval("1")</spiffworkflow:messagePayload></bpmn:extensionElements></bpmn:sendTask>'
        ),
        element="m",
    ),
    bad(expressions.scripts_are_assignments, "a statement", (DIAGRAM, SCRIPT, "import os"), element="iniciar_plazos"),
    bad(expressions.scripts_are_assignments, "an empty script", (DIAGRAM, SCRIPT, ""), element="iniciar_plazos"),
    bad(
        expressions.scripts_are_assignments,
        "a loop in a post-script",
        (
            DIAGRAM,
            "<spiffworkflow:instructionsForEndUser>",
            "<spiffworkflow:postScript>for x in y: z</spiffworkflow:postScript><spiffworkflow:instructionsForEndUser>",
        ),
        element="resolver_solicitud",
    ),
    bad(
        expressions.instructions_are_text,
        "a call in the help",
        (DIAGRAM, INSTRUCTIONS, "{{ tramite.items() }}"),
        element="resolver_solicitud",
    ),
    bad(
        expressions.instructions_are_text,
        "a block in the help",
        (DIAGRAM, INSTRUCTIONS, "{% if x %}hola{% endif %}"),
        element="resolver_solicitud",
    ),
]

TIMERS = [
    bad(
        timers.scheduled_starts_can_be_kept,
        "a start without its first day",
        event("startEvent", "cada", f"<bpmn:timerEventDefinition>{CYCLE.format('R/P1Y')}</bpmn:timerEventDefinition>"),
        element="cada",
    ),
    bad(
        timers.scheduled_starts_can_be_kept,
        "a start that leads elsewhere",
        event(
            "startEvent",
            "cada",
            f"<bpmn:timerEventDefinition>{CYCLE.format('R/2027-02-27T09:00:00-05:00/P1Y')}</bpmn:timerEventDefinition>",
        ),
        element="cada",
    ),
    bad(timers.timers_parse, "no date", timer("", ""), element="reloj"),
    bad(timers.timers_parse, "an empty date", timer("timeDate", " "), element="reloj"),
    bad(timers.timers_parse, "cron", timer("timeCycle", '"0 0 * * *"'), element="reloj"),
    bad(timers.timers_parse, "a cycle without end", timer("timeCycle", '"R/PT1H"'), element="reloj"),
    bad(timers.timers_parse, "a duration without quotes", timer("timeDuration", "P5D"), element="reloj"),
    bad(timers.timers_parse, "a duration in words", timer("timeDuration", '"5 días"'), element="reloj"),
    bad(timers.timers_parse, "a date as duration", timer("timeDuration", "dias_habiles(10)"), element="reloj"),
    bad(timers.timers_parse, "a date without a zone", timer("timeDate", '"2026-03-01T08:00:00"'), element="reloj"),
    bad(timers.timers_parse, "a date that is none", timer("timeDate", '"el lunes"'), element="reloj"),
    bad(timers.timers_parse, "a number as date", timer("timeDate", "10"), element="reloj"),
    bad(timers.timers_parse, "a clock that runs code", timer("timeDate", "open('x')"), element="reloj"),
    bad(
        timers.the_term_of_the_admission_waits_for_it,
        "at the filing",
        AT_ADMISSION,
        element="iniciar_plazos",
    ),
    bad(
        timers.what_a_timer_tells_is_of_a_persons_task,
        "of no task",
        clock(("aviso", "recuerda")),
        element="reloj",
    ),
    bad(
        timers.what_a_timer_tells_is_of_a_persons_task,
        "of a task that is nobody's",
        clock(("aviso", "demora"), ("vigila", "sellar_respuesta")),
        element="reloj",
    ),
    bad(
        timers.what_a_timer_tells_is_of_a_persons_task,
        "an unknown one",
        clock(("aviso", "grita"), ("vigila", "resolver_solicitud")),
        element="reloj",
    ),
    bad(
        timers.what_a_timer_tells_is_of_a_persons_task,
        "a task that is watched for nothing",
        clock(("vigila", "resolver_solicitud")),
        element="reloj",
    ),
    bad(
        timers.timers_of_the_term_follow_its_start,
        "no term was started",
        (DIAGRAM, SCRIPT, 'vence = "nunca"'),
        timer("timeDate", "plazo(80)"),
        element="reloj",
    ),
]

MESSAGES = [
    bad(
        messages.what_is_thrown_has_a_name,
        "a nameless message",
        event("intermediateCatchEvent", "m", '<bpmn:messageEventDefinition messageRef="nada"/>'),
        element="m",
    ),
    bad(
        messages.what_is_thrown_has_a_name,
        "a nameless signal",
        event("intermediateThrowEvent", "s", "<bpmn:signalEventDefinition/>"),
        element="s",
    ),
    bad(
        messages.message_tasks_have_a_message,
        "a receive task without message",
        with_element('<bpmn:receiveTask id="recibe"/>'),
        element="recibe",
    ),
    bad(
        messages.messages_find_their_case,
        "a message to nobody",
        event("intermediateThrowEvent", "m", '<bpmn:messageEventDefinition messageRef="a"/>'),
        element="m",
    ),
]

NAMES = [
    bad(names.names_are_given_a_value, "a slip in a condition", (DIAGRAM, CONDITION, 'desicion == "aceptar"')),
    bad(
        names.names_are_given_a_value,
        "a slip in a parameter",
        (DIAGRAM, PARAMETER, 'id="document" type="any" value="documneto"'),
        element="sellar_respuesta",
    ),
    bad(
        names.names_are_given_a_value,
        "a slip in the help",
        (DIAGRAM, INSTRUCTIONS, "{{ detale }}"),
        element="resolver_solicitud",
    ),
    bad(names.names_are_given_a_value, "a slip in a clock", timer("timeDate", "vense"), element="reloj"),
]

OF_EXPRESSIONS = [*NAMES, *EXPRESSIONS, *TIMERS, *MESSAGES]
