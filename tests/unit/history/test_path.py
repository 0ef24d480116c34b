"""The way through the diagram, step by step, and the case as it was at any event."""

from uuid import uuid4

import pytest

from engine.history.events import read_events
from engine.history.path import data_at, path_at, read_path
from engine.storage.tables import incident, job
from tests.unit.history.conftest import MONDAY


@pytest.fixture
def case_id(office):
    case_id = office.open_case("SG-1")
    for data in (
        {"passed": ["solicitud"], "flows": ["f1"], "opened": [{"task": "t1", "element": "revisar"}]},
        {"passed": ["revisar", "g"], "flows": ["f2", "f3"], "closed": [{"task": "t1", "element": "revisar"}],
         "opened": [{"task": "t2", "element": "corregir"}], "changes": {"nota": [None, 7]}},
        {"passed": ["corregir"], "flows": ["f4"], "closed": [{"task": "t2", "element": "corregir"}],
         "opened": [{"task": "t3", "element": "revisar"}], "changes": {"nota": [7, 8], "motivo": [None, "beca"]}},
        {"passed": ["revisar", "g"], "flows": ["f2", "f5"], "closed": [{"task": "t3", "element": "revisar"}],
         "jobs": [{"key": "k", "element": "render", "operation": "render"}], "changes": {"motivo": ["beca", None]}},
    ):  # fmt: skip
        office.append(case_id, "task_completed", data)
    return case_id


def test_steps_are_numbered_in_order_and_a_loop_has_two_numbers(office, case_id):
    path = read_path(office.conn, case_id)
    assert path.numbers() == {"solicitud": [1], "revisar": [2, 5], "g": [3, 6], "corregir": [4]}
    assert path.flows == ("f1", "f2", "f3", "f4", "f5")


def test_tokens_are_where_people_and_jobs_work(office, case_id):
    office.open_task(case_id, "revisar")
    office.conn.execute(
        job.insert().values(
            key="k", case_id=case_id, task_id=uuid4(), element="render", operation="render_document",
            parameters={}, status="failed", created_at=MONDAY,
        )
    )  # fmt: skip
    office.conn.execute(
        incident.insert().values(
            id=uuid4(), case_id=case_id, job_key="k", element="render", cause="sin papel",
            permanent=True, status="open", opened_at=MONDAY,
        )
    )  # fmt: skip
    path = read_path(office.conn, case_id)
    assert path.now == {"revisar": 1, "render": 1}
    assert (path.state("render"), path.state("revisar"), path.state("g")) == ("failed", "now", "passed")


def test_the_path_of_an_earlier_event_knows_nothing_of_later_ones(office, case_id):
    events = read_events(office.conn, case_id)
    path = path_at(events, 2)
    assert [v.element for v in path.visits] == ["solicitud", "revisar", "g"]
    assert path.now == {"corregir": 1}
    assert path_at(events, 4).now == {"render": 1}


@pytest.mark.parametrize(
    ("n", "expected"), [(1, {}), (2, {"nota": 7}), (3, {"nota": 8, "motivo": "beca"}), (4, {"nota": 8})]
)
def test_the_data_of_the_case_at_an_event(office, case_id, n, expected):
    assert data_at(read_events(office.conn, case_id), n) == expected
