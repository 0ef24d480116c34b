"""An operation as the check of a diagram, its owner and the worker see it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pydantic import Field

from engine.errors import OperationFailed
from engine.operations import CATALOGUE, Call, Operation, check_parameters, describe, perform
from engine.operations.base import BaseParameters, BaseResult

CALL = cast(Call, None)  # these operations need nothing of it


class Adding(BaseParameters):
    left: int = Field(description="El primer sumando.")
    right: int = Field(default=1, description="El segundo.")


class Sum(BaseResult):
    total: int = Field(description="La suma.")


class Add(Operation[Adding]):
    name = "add"
    summary = "Suma."
    Parameters = Adding
    Result = Sum

    def run(self, parameters: Adding, call: Call) -> Sum:
        return Sum(total=parameters.left + parameters.right)


def test_parameters_are_validated_and_the_result_is_json() -> None:
    assert perform(Add(), {"left": 2}, CALL) == {"total": 3}


def test_a_parameter_that_is_not_declared_is_refused_by_name() -> None:
    with pytest.raises(OperationFailed, match="«rigth»") as failure:
        perform(Add(), {"left": 2, "rigth": 3}, CALL)
    assert failure.value.permanent


def test_the_check_of_a_diagram_names_what_is_missing_and_what_is_unknown() -> None:
    unknown, missing = check_parameters(Add(), ["rigth"])
    assert "«rigth»" in unknown
    assert "left, right" in unknown
    assert "«left»" in missing
    assert "El primer sumando." in missing
    assert check_parameters(Add(), ["left"]) == []


def test_an_owner_reads_kinds_in_their_own_words() -> None:
    card = describe(Add())
    assert [(f.name, f.kind, f.required) for f in card.parameters] == [
        ("left", "número entero", True),
        ("right", "número entero", False),
    ]


@pytest.mark.parametrize("operation", CATALOGUE.values(), ids=lambda operation: operation.name)
def test_every_operation_is_documented(operation: Operation[Any]) -> None:
    card = describe(operation)
    assert CATALOGUE[card.name] is operation
    assert card.summary.endswith(".")
    assert all(field.description for field in card.parameters)
    assert all(field.description for field in card.result)
