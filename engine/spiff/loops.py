"""A repeated task that is reached again in a rework loop begins with an empty output collection.

The library refuses ("the output must be empty") or, with a cardinality, fails on a name it never defined.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask


def _from_input(loop: Any, task: Any, items: Any) -> None:
    if loop.data_output.exists(task) and loop.data_output.get(task) is items:
        return  # updated in place
    loop.data_output.set(task, {} if isinstance(items, Mapping) else [])


def _from_cardinality(loop: Any, task: Any) -> None:
    loop.data_output.set(task, [])


MultiInstanceTask.init_data_output_with_input_data = _from_input
MultiInstanceTask.init_data_output_with_cardinality = _from_cardinality
