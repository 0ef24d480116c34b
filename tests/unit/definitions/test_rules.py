"""Every rule of the check finds its fault, names the place and says the mend; a good bundle passes them all."""

from __future__ import annotations

import pytest

from engine.definitions import check
from engine.definitions.rules import timers
from engine.definitions.rules.registry import RULES, Rule
from engine.operations import CATALOGUE
from tests.unit.definitions.bad_diagrams import OF_DIAGRAMS, Bad
from tests.unit.definitions.bad_expressions import OF_EXPRESSIONS
from tests.unit.definitions.bad_files import OF_FILES
from tests.unit.definitions.bad_templates import OF_TEMPLATES
from tests.unit.definitions.samples import AT_ADMISSION, DIAGRAM, bundle, subject, with_element, with_table

ALL = [*OF_DIAGRAMS, *OF_EXPRESSIONS, *OF_FILES, *OF_TEMPLATES]
NO_MEND_OF_ITS_OWN = {"forms_are_supported"}  # the form's sentence says it


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule.__name__}: {case.what}")
def test_a_rule_finds_its_fault_and_says_the_mend(case: Bad) -> None:
    findings = list(case.rule(subject(*case.edits)))
    assert findings, "nothing was found"
    assert all(f.problem and (f.mend or case.rule.__name__ in NO_MEND_OF_ITS_OWN) for f in findings)
    if case.element is not None:
        assert any((f.element or "").split(" ")[0] == case.element for f in findings), [str(f) for f in findings]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule.__name__}: {case.what}")
def test_what_a_rule_finds_keeps_the_bundle_from_passing(case: Bad) -> None:
    assert check(bundle(*case.edits), CATALOGUE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_a_bad_bundle_and_leaves_the_good_ones_alone(rule: Rule) -> None:
    assert any(case.rule is rule for case in ALL)
    assert list(rule(subject())) == []


def test_a_good_bundle_passes() -> None:
    assert [str(f) for f in check(bundle(), CATALOGUE)] == []


def test_a_table_that_answers_each_value_once_is_left_alone() -> None:
    findings = [str(f) for f in check(bundle(*with_table()), CATALOGUE)]
    assert all("fijar_tarifa" in finding for finding in findings)  # only the task that nothing joins


@pytest.mark.parametrize("between", ["userTask", "receiveTask", "serviceTask"])
def test_a_term_that_begins_after_somebody_may_have_admitted_is_left_alone(between: str) -> None:
    to_admit = (
        DIAGRAM,
        'Ref="solicitud_presentada" targetRef="iniciar_plazos"',
        'Ref="solicitud_presentada" targetRef="admitir"',
    )
    flow = '<bpmn:sequenceFlow id="admitida" sourceRef="admitir" targetRef="iniciar_plazos"/>'
    admits = with_element(f'<bpmn:{between} id="admitir" name="Admitir"/>{flow}')
    found = list(timers.the_term_of_the_admission_waits_for_it(subject(AT_ADMISSION, to_admit, admits)))
    assert found == []


def test_a_misspelt_name_gets_the_right_one_as_mend() -> None:
    case = next(c for c in ALL if c.what == "a misspelt one")
    assert "¿Quiso decir «estadoDetalle»?" in str(next(case.rule(subject(*case.edits))))
