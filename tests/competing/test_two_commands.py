"""Two at once on one case: exactly one wins, the other reads why, and the history has no trace of the one that lost."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from engine.cases import DeliverResult, FireTimers, WithdrawCase, deliver_result, fire_timers, withdraw_case
from engine.errors import Conflict
from engine.storage.tables import event, job, wait
from tests.support.banco import files
from tests.support.case_office import CaseOffice
from tests.support.diagrams import timer

ROUNDS = 6


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    opened = CaseOffice.open(database_url, tmp_path / "data", _interrupting())
    yield opened
    opened.app.close()


def _interrupting() -> dict[str, bytes]:
    """``banco`` whose timer takes the task away."""
    bundle = files()
    bundle["proceso.bpmn"] = bundle["proceso.bpmn"].replace(b'cancelActivity="false"', b'cancelActivity="true"')
    assert timer("timeDuration", '"P5D"').encode() in bundle["proceso.bpmn"]
    return bundle


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The results, or the refusals, of acts that begin together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _checking(office: CaseOffice) -> tuple[uuid.UUID, uuid.UUID]:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    return receipt.case_id, office.open_tasks(receipt.case_id)["comprobar"]


def test_of_two_who_complete_one_task_one_wins(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        case_id, comprobar = _checking(office)
        results = at_once(
            lambda t=comprobar: office.complete(t, "rosa"), lambda t=comprobar: office.complete(t, "tadeo")
        )
        refused = [r for r in results if isinstance(r, Conflict)]
        assert len(refused) == 1
        assert "ya la completó" in refused[0].message
        assert office.kinds(case_id).count("task_completed") == 2
        assert office.replayed(case_id).identical


def test_a_completion_and_the_timer_that_takes_the_task_away_do_not_both_happen(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        case_id, comprobar = _checking(office)
        due = office.one(sa.select(wait.c.due_at).where(wait.c.case_id == case_id)).due_at
        office.clock.instant = due
        results = at_once(
            lambda t=comprobar: office.complete(t, "rosa"),
            lambda c=case_id, at=due: fire_timers(FireTimers(c, at), office.app.engine),
        )
        kinds = office.kinds(case_id)
        assert ("timers_fired" in kinds) != (kinds.count("task_completed") == 2), (kinds, results)
        assert office.replayed(case_id).identical


def test_a_withdrawal_and_a_completion_end_in_one_of_the_two(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        case_id, comprobar = _checking(office)
        at_once(
            lambda t=comprobar: office.complete(t, "rosa"),
            lambda c=case_id: withdraw_case(WithdrawCase(c, office.maria, "Ya no", uuid.uuid4()), office.app.engine),
        )
        assert office.case(case_id).status == "withdrawn"
        assert office.kinds(case_id)[-1] == "case_withdrawn"
        assert office.open_tasks(case_id) == {}
        assert office.replayed(case_id).identical


def test_one_request_sent_twice_at_once_makes_one_case(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        request = uuid.uuid4()
        first, second = at_once(lambda r=request: office.start(r), lambda r=request: office.start(r))
        assert first == second


def test_one_answer_sent_twice_at_once_is_one_event(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        case_id, comprobar = _checking(office)
        request = uuid.uuid4()
        act = lambda t=comprobar, r=request: office.complete(t, "rosa", r)  # noqa: E731
        first, second = at_once(act, act)
        assert (first.event, first.opened) == (second.event, second.opened)
        assert office.kinds(case_id).count("task_completed") == 2


def test_two_results_of_one_job_count_once(office: CaseOffice) -> None:
    for _ in range(ROUNDS):
        case_id, comprobar = _checking(office)
        office.complete(comprobar, "rosa")
        key = office.one(sa.select(job.c.key).where(job.c.case_id == case_id)).key
        deliver = functools.partial(DeliverResult, key)
        results = at_once(*(functools.partial(deliver_result, deliver({"n": n}), office.app.engine) for n in (1, 2)))
        assert sum(isinstance(r, Conflict) for r in results) == 1
        assert office.kinds(case_id).count("result_delivered") == 1


def test_cases_started_while_a_version_is_published_run_on_one_or_the_other(office: CaseOffice) -> None:
    old = office.app.definitions.current("banco").id
    changed = _interrupting()
    changed["proceso.toml"] = changed["proceso.toml"].replace(b"Proceso de medida", b"Proceso nuevo")
    results = at_once(*([office.start] * 6), lambda: office.publish(changed))
    receipts, new = results[:6], results[6]
    versions = {office.case(r.case_id).version_id for r in receipts}
    assert versions <= {old, new}
    assert all(office.replayed(r.case_id).identical for r in receipts)
    assert office.case(office.start().case_id).version_id == new


def test_numbers_have_no_gap_and_no_double_with_eight_writers(office: CaseOffice) -> None:
    receipts = at_once(*([office.start] * 8))
    numbers = sorted(r.number for r in receipts)
    assert numbers == [f"BM-2026-{n:06d}" for n in range(1, 9)]
    with office.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(event)) == 8
