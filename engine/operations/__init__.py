"""What service tasks can do. An operation is listed here or does not exist: no diagram reaches anything else."""

from __future__ import annotations

from typing import Any

from engine.operations.base import Call, Operation, Tools, check_parameters, describe, perform

_LISTED: tuple[Operation[Any], ...] = ()

CATALOGUE: dict[str, Operation[Any]] = {operation.name: operation for operation in _LISTED}

__all__ = ["CATALOGUE", "Call", "Operation", "Tools", "check_parameters", "describe", "perform"]
