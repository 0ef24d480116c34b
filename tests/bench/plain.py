"""SpiffWorkflow alone, in memory, nothing kept: what the engine's benchmark is measured against. Run as a process of
its own, so that nothing of ours has touched the library: ``python -m tests.bench.plain SECONDS`` prints user-task
completions per second.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.support.banco import ANSWERS, decision, diagram


class _Environment(TaskDataEnvironment):  # type: ignore[misc]
    def call_service(self, context: Any, **_: Any) -> str:
        return json.dumps({"document": "d1"})


def main(seconds: float) -> float:
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(diagram()))
    parser.add_dmn_xml(etree.fromstring(decision()))
    spec, subs = parser.get_spec("banco"), parser.get_subprocess_specs("banco")
    engine = PythonScriptEngine(_Environment())
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        case = BpmnWorkflow(spec, subs, script_engine=engine)
        case.do_engine_steps()
        while not case.completed:
            task = case.get_next_task(state=TaskState.READY, manual=True)
            task.data.update(ANSWERS[task.task_spec.bpmn_id])
            task.run()
            case.do_engine_steps()
            done += 1
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    print(main(float(sys.argv[1])))
