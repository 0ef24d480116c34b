"""Our steps = the library's: the same saved state after every command, on random diagrams and in random orders."""

import random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from engine.spiff import Execution, parse_process
from tests.support.diagrams import random_diagram
from tests.support.walk import Walk

MOST_STEPS = 40


class ByTheLibrary(Execution):
    """Runs what is ready with the library's own loops."""

    def _steps(self) -> None:
        while True:
            while self._workflow._do_engine_steps():
                pass
            if self._workflow.completed:
                return
            self._workflow.refresh_timers()
            if not self._workflow.get_tasks(state=TaskState.READY, manual=False):
                return


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.integers(0, 10**9))
@example(358, 2507)  # an inclusive join in a loop
@example(522, 3655)  # a subprocess on a branch that was not taken
def test_what_is_ready_runs_in_the_order_of_the_library(seed: int, order: int) -> None:
    spec = parse_process({"proceso.bpmn": random_diagram(seed)}, "proceso")
    data = {"datos": {"n": 1}, "azar": 1, "lista": ["a", "b", "c"]}
    ours, theirs = Walk(spec).start(data), Walk(spec, kind=ByTheLibrary).start(data)
    choose = random.Random(order)
    for _ in range(MOST_STEPS):
        assert ours.last.state == theirs.last.state
        options = ours.options()
        if not options:
            break
        option, answers = choose.choice(options), choose.random()
        ours.do(option, random.Random(answers))
        theirs.do(option, random.Random(answers))
