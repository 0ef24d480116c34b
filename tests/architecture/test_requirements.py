"""Every requirement in force is proved by a test, and the list can be read by a machine."""

import pytest

from tests.support.requirements import carriers, problems, requirements


def test_every_requirement_in_force_is_carried_by_a_test():
    assert problems(requirements(), carriers()) == []


def test_the_list_holds_both_sources_whole():
    listed = requirements()
    assert [number for number in listed if number.startswith("C")] == [f"C-{n}" for n in range(1, 59)]
    assert [number for number in listed if number.startswith("R")] == [f"R-{n}" for n in range(1, 64)]


TEXT = """
| numbers | what |
| --- | --- |
| C-1, C-3 … C-4 | the catalogue |

- C-1 first
- C-2 second
- C-3 third
- C-4 (context) fourth
"""


def test_a_number_in_force_without_a_test_is_a_problem():
    assert problems(requirements(TEXT), {"C-1": ["a::b"]}) == ["C-3 is in force and no test carries it"]


def test_a_test_that_carries_an_unknown_number_is_a_problem():
    found = problems(requirements(TEXT), {"C-1": ["a::b"], "C-3": ["a::c"], "R-99": ["a::d"]})
    assert found == ["a::d carries R-99, which docs/requirements.md does not list"]


def test_a_number_in_force_that_is_not_listed_is_refused():
    with pytest.raises(ValueError, match="C-9"):
        requirements(TEXT + "\n| C-9 | x |\n")


def test_marks_are_found_on_functions_classes_modules_and_parameters(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.req('C-1')\n"
        "@pytest.mark.req('C-2', 'C-3')\n"
        "def test_a(): ...\n"
        "@pytest.mark.req('C-4')\n"
        "class TestB:\n"
        "    @pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.req('C-5'))])\n"
        "    def test_c(self, x): ...\n"
    )
    found = {number: [test.partition("::")[2] for test in tests] for number, tests in carriers(tmp_path).items()}
    assert found == {
        "C-1": ["test_a", "TestB::test_c"],
        "C-2": ["test_a"],
        "C-3": ["test_a"],
        "C-4": ["TestB::test_c"],
        "C-5": ["TestB::test_c"],
    }
