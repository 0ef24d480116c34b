"""Pruned = unpruned: the same options, the same answers, the same end, on random diagrams and in random orders."""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.spiff import parse_process
from tests.support.diagrams import Diagram, random_diagram
from tests.support.walk import Unpruned, Walk

MOST_STEPS = 60


def _pair(seed: int) -> tuple[Walk, Walk]:
    spec = parse_process({"proceso.bpmn": random_diagram(seed)}, "proceso")
    data = {"datos": {"n": 1}, "azar": 1, "lista": ["a", "b", "c"]}
    whole = Walk(spec, reload=False, kind=Unpruned)
    return Walk(spec).start(data), whole.start(data)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.integers(0, 10**9))
@example(358, 2507)  # an inclusive join in a loop
@example(520, 3641)  # an inclusive join beside a job that still runs
@example(522, 3655)  # a subprocess on a branch that was not taken
@example(662, 4635)  # a join that remembered an earlier round
def test_a_pruned_and_reloaded_case_goes_the_way_of_one_that_keeps_everything(seed: int, order: int) -> None:
    pruned, whole = _pair(seed)
    choose = random.Random(order)
    for step in range(MOST_STEPS):
        assert pruned.options() == whole.options(), (step, pruned.passed[-5:])
        assert Counter(pruned.last.passed) == Counter(whole.last.passed)
        assert pruned.last.completed == whole.last.completed
        assert pruned.last.outcome == whole.last.outcome
        options = pruned.options()
        if not options:
            break
        option, answers = choose.choice(options), choose.random()
        pruned.do(option, random.Random(answers))
        whole.do(option, random.Random(answers))
    if pruned.last.completed:
        assert pruned.execution.data() == whole.execution.data()
    else:
        assert pruned.options(), "a case that is not finished always waits for something"


@pytest.mark.req("R-5")
def test_the_state_does_not_grow_with_the_rounds_of_a_loop() -> None:
    d = Diagram()
    start, task, gate, end = (
        d.node("startEvent", "inicio"),
        d.node("userTask", "revisar"),
        "listo",
        d.node("endEvent", "fin"),
    )
    d.node("exclusiveGateway", gate, default="otra")
    d.chain(start, task, gate)
    d.flow(gate, end, "listo")
    d.flow(gate, task, id="otra")
    walk = Walk(parse_process({"p.bpmn": d.xml()}, "proceso")).start({"listo": False})
    sizes = [len(walk.complete("revisar", listo=False, nota="x" * 100).last.state) for _ in range(1_200)]
    assert sizes[-1] <= sizes[9] * 1.2  # the numbers of its tasks get longer
    assert walk.complete("revisar", listo=True).last.completed
