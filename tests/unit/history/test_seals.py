"""A held seal finds what the chain alone cannot: a history rewritten whole, a tail cut off, a case gone."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.errors import NotFound
from engine.history.seals import NotASeal, held_seal, list_seals, make_seal, verify_seal
from engine.storage.events import append_event
from engine.storage.tables import case, event
from tests.unit.history.conftest import MONDAY

NIGHT = MONDAY + timedelta(hours=12)
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def sealed(office):
    cases = {number: office.open_case(number, events=4) for number in ("SG-1", "SG-2")}
    made = make_seal(office.conn, NIGHT)
    return cases, held_seal(office.conn, made.n)


def kinds(office, held):
    return [(d.number, d.kind) for d in verify_seal(office.conn, held).discrepancies]


def drop(office, case_id, *where):
    office.conn.execute(event.delete().where(event.c.case_id == case_id, *where))


def test_an_untouched_database_agrees_with_its_seal(office, sealed):
    report = verify_seal(office.conn, sealed[1])
    assert report.intact
    assert (report.seal.cases, report.seal.events) == (2, 8)


def test_work_done_after_the_seal_is_not_a_discrepancy(office, sealed):
    office.append(sealed[0]["SG-1"], "task_completed", {}, at=LATER)
    office.open_case("SG-3", at=LATER, events=1)
    assert verify_seal(office.conn, sealed[1]).intact


@pytest.mark.req("R-5", "R-9")
def test_an_edit_is_found(office, sealed):
    where = sa.and_(event.c.case_id == sealed[0]["SG-1"], event.c.n == 2)
    office.conn.execute(event.update().where(where).values(data='{"n":7}'))
    assert kinds(office, sealed[1]) == [("SG-1", "edited")]


def test_a_chain_rewritten_whole_with_good_hashes_is_found(office, sealed):
    case_id = sealed[0]["SG-1"]
    drop(office, case_id)
    for n in range(4):
        append_event(office.conn, case_id, "task_completed", at=MONDAY, data={"forged": n})
    assert kinds(office, sealed[1]) == [("SG-1", "edited")]


def test_a_truncation_is_found(office, sealed):
    drop(office, sealed[0]["SG-2"], event.c.n == 4)
    assert kinds(office, sealed[1]) == [("SG-2", "truncated")]


def test_a_deleted_case_is_found(office, sealed):
    drop(office, sealed[0]["SG-2"])
    office.conn.execute(case.delete().where(case.c.number == "SG-2"))
    assert kinds(office, sealed[1]) == [("SG-2", "deleted")]


def test_a_case_inserted_with_an_old_date_is_found(office, sealed):
    office.open_case("SG-9", at=MONDAY, events=2)
    assert kinds(office, sealed[1]) == [("SG-9", "inserted")]


def test_an_event_appended_with_an_old_date_is_found(office, sealed):
    office.append(sealed[0]["SG-1"], "task_completed", {}, at=MONDAY)
    assert kinds(office, sealed[1]) == [("SG-1", "inserted")]


def test_a_second_seal_holds_every_head_although_only_one_moved(office, sealed):
    office.append(sealed[0]["SG-1"], "task_completed", {}, at=LATER)
    second = make_seal(office.conn, LATER)
    held = json.loads(held_seal(office.conn, second.n))
    assert {number: head[0] for number, head in held["heads"].items()} == {"SG-1": 5, "SG-2": 4}
    assert held["previous"] == json.loads(sealed[1])["hash"]
    assert [s.n for s in list_seals(office.conn)] == [2, 1]


@pytest.mark.parametrize("spoil", [lambda d: d.update(events=9), lambda d: d["heads"].pop("SG-1"), dict.clear])
def test_a_seal_that_was_itself_changed_is_refused(office, sealed, spoil):
    data = json.loads(sealed[1])
    spoil(data)
    with pytest.raises(NotASeal):
        verify_seal(office.conn, json.dumps(data))


@pytest.mark.parametrize("junk", ["", "[]", "no es json", '{"heads": 3}'])
def test_what_is_no_seal_is_refused_in_words(office, junk):
    with pytest.raises(NotASeal, match="no es un sello"):
        verify_seal(office.conn, junk)


def test_a_seal_that_was_never_made_is_not_found(office):
    with pytest.raises(NotFound):
        held_seal(office.conn, 3)
