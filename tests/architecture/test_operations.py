"""The catalogue of operations and the diagrams know each other: nothing is offered that nobody asks for."""

from pathlib import Path

from lxml import etree

from engine.operations import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = "{http://spiffworkflow.org/bpmn/schema/1.0/core}serviceTaskOperator"


def asked_for() -> set[str]:
    return {
        str(operator.get("id"))
        for diagram in (ROOT / "bpmn").rglob("*.bpmn")
        for operator in etree.parse(diagram).iter(OPERATOR)
    }


def test_every_operation_is_used_by_some_diagram():
    assert set(CATALOGUE) - asked_for() == set()


def test_every_operation_that_a_diagram_asks_for_exists():
    assert asked_for() - set(CATALOGUE) == set()


def test_every_operation_is_explained_to_those_who_draw():
    for operation in CATALOGUE.values():
        assert operation.summary.endswith("."), operation.name
        unexplained = [name for name, field in operation.Parameters.model_fields.items() if not field.description]
        assert unexplained == [], operation.name
