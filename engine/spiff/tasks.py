"""Our own kinds of task: the service task that waits for its job, and the parser that makes them."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.spiff.parser.event_parsers import SpiffSendTaskParser
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import ServiceTaskParser
from SpiffWorkflow.spiff.specs.defaults import ServiceTask
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition

from engine.spiff.expressions import evaluate


class WaitingServiceTask(ServiceTask):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Records its job and stays STARTED; the result completes it (rule 2)."""

    def _execute(self, task: Any) -> None:
        parameters = {name: evaluate(entry["value"], task.data) for name, entry in self.operation_params.items()}
        task.internal_data["trabajo"] = {"operacion": self.operation_name, "parametros": parameters}


class OperatorSendTaskParser(SpiffSendTaskParser):  # type: ignore[misc]  # nor here
    """A send task with an operator is a service task; with a message it throws the message."""

    def create_task(self) -> Any:
        operator = self.parse_extensions().get("serviceTaskOperator")
        if operator is None:
            return super().create_task()
        return WaitingServiceTask(
            self.spec,
            self.bpmn_id,
            operation_name=operator["name"],
            operation_params=operator["parameters"],
            result_variable=operator["resultVariable"],
            **self.bpmn_attributes,
        )


class Parser(SpiffBpmnParser):  # type: ignore[misc]  # nor here
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the library's own name and type
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("serviceTask"): (ServiceTaskParser, WaitingServiceTask),
        full_tag("sendTask"): (
            OperatorSendTaskParser,
            SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("sendTask")][1],
        ),
    }


def correlation_of(task: Any) -> str:
    """The value of the element's ``clave`` property, or nothing: the case's own number is used then."""
    properties = (task.task_spec.extensions or {}).get("properties") or {}
    expression = properties.get("clave")
    return str(evaluate(expression, task.data)) if expression else ""


def _throw(definition: Any, task: Any) -> None:
    """A message carries the ``clave`` of the element that throws it, so that it can be routed to one case."""
    payload = None if definition.expression is None else evaluate(definition.expression, task.data)
    event = BpmnEvent(
        definition, payload={} if payload is None else payload, correlations={"clave": correlation_of(task)}
    )
    task.workflow.top_workflow.catch(event)


def _catches(definition: Any, task: Any, event: Any) -> bool:
    """Within the case too, only who waits with that ``clave``: another one's message is not this one's."""
    if definition != event.event_definition:
        return False
    mine = task.internal_data.get("clave")
    return bool((correlation_of(task) if mine is None else mine) == event.correlations.get("clave", ""))


MessageEventDefinition.throw = _throw
MessageEventDefinition.catches = _catches
