"""Any case is found by its number, its people, its words and its troubles; a page never repeats nor skips a case."""

from datetime import timedelta
from uuid import uuid4

import pytest

from engine.history.search import CaseFilters, search_cases
from engine.storage.search import search_text
from engine.storage.tables import case, incident, job
from tests.unit.history.conftest import MONDAY, make_office


@pytest.fixture
def office(database):
    with database.write() as conn:
        yield make_office(conn)


def found(office, processes=None, **filters):
    return [c.number for c in search_cases(office.conn, CaseFilters(**filters), processes).cases]


def describe(office, case_id, *words, **values):
    office.conn.execute(case.update().where(case.c.id == case_id).values(search=search_text(words), **values))


@pytest.fixture
def cases(office):
    ids = [office.open_case(f"SG-2026-00000{n}", at=MONDAY + timedelta(hours=n), events=1) for n in range(1, 5)]
    describe(office, ids[0], "SG-2026-000001", "Ñáñez de la Cruz, María José", "matrícula")
    describe(office, ids[1], "SG-2026-000002", "Güemes, Tadeo", "título", status="completed")
    return ids


@pytest.mark.parametrize(("text", "numbers"), [("nanez matriculas", ["SG-2026-000001"]), ("guemes", ["SG-2026-000002"]),
    ("sg-2026-000002", ["SG-2026-000002"]), ("nadie", []), ("%%", [])])  # fmt: skip
def test_words_find_their_case_whatever_the_accents(office, cases, text, numbers):
    assert found(office, text=text) == numbers


def test_the_newest_comes_first_and_filters_narrow(office, cases):
    assert found(office)[0] == "SG-2026-000004"
    assert found(office, status="completed") == ["SG-2026-000002"]
    assert found(office, since=MONDAY + timedelta(hours=3)) == ["SG-2026-000004", "SG-2026-000003"]
    assert found(office, until=MONDAY + timedelta(hours=2)) == ["SG-2026-000001"]


def test_a_reader_finds_only_cases_of_the_processes_that_are_theirs(office, cases):
    assert found(office, processes=["otro"]) == []
    assert len(found(office, processes=["solicitar_certificacion"])) == 4


def test_pages_follow_each_other_without_gap(office, cases):
    first = search_cases(office.conn, CaseFilters(size=3))
    assert first.next == "SG-2026-000002"
    second = search_cases(office.conn, CaseFilters(size=3, after=first.next))
    assert [c.number for c in second.cases] == ["SG-2026-000001"]
    assert second.next is None


def test_troubled_cases_are_found_by_their_open_incident(office, cases):
    office.conn.execute(
        job.insert().values(
            key="k", case_id=cases[2], task_id=uuid4(), element="e", operation="o", parameters={}, status="failed",
            created_at=MONDAY,
        )
    )  # fmt: skip
    office.conn.execute(
        incident.insert().values(
            id=uuid4(), case_id=cases[2], job_key="k", element="e", cause="c", permanent=True, status="open",
            opened_at=MONDAY,
        )
    )  # fmt: skip
    assert found(office, troubled=True) == ["SG-2026-000003"]
