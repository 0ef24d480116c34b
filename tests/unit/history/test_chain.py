"""The chain of a case's events shows every alteration."""

import pytest
import sqlalchemy as sa

from engine.errors import NotFound
from engine.history.chain import verify_all, verify_chain
from engine.storage.events import event_hash
from engine.storage.tables import event


def row(office, case_id, n):
    return office.conn.execute(sa.select(event).where(event.c.case_id == case_id, event.c.n == n)).one()


def change(office, case_id, n, **values):
    office.conn.execute(event.update().where(event.c.case_id == case_id, event.c.n == n).values(**values))


def test_an_untouched_chain_is_intact(office):
    case_id = office.open_case("SG-1", events=5)
    report = verify_chain(office.conn, case_id)
    assert report.intact
    assert report.events == 5


@pytest.mark.req("R-5")
def test_an_edited_event_is_named(office):
    case_id = office.open_case("SG-1", events=5)
    change(office, case_id, 3, data='{"n":99}')
    report = verify_chain(office.conn, case_id)
    assert report.broken_at == 3
    assert "contenido del evento 3" in report.reason


def test_an_edited_event_with_a_fresh_hash_breaks_the_next(office):
    case_id = office.open_case("SG-1", events=5)
    old = row(office, case_id, 3)
    digest = event_hash(case_id, 3, old.kind, old.element, old.actor, old.at, "{}", old.previous)
    change(office, case_id, 3, data="{}", hash=digest)
    assert verify_chain(office.conn, case_id).broken_at == 4


def test_a_deleted_event_is_missed(office):
    case_id = office.open_case("SG-1", events=5)
    office.conn.execute(event.delete().where(event.c.case_id == case_id, event.c.n == 2))
    report = verify_chain(office.conn, case_id)
    assert report.broken_at == 2
    assert report.reason.startswith("Falta el evento 2")


def test_a_cut_tail_is_missed_by_the_case_revision(office):
    case_id = office.open_case("SG-1", events=5)
    office.conn.execute(event.delete().where(event.c.case_id == case_id, event.c.n > 3))
    assert verify_chain(office.conn, case_id).broken_at == 4


def test_a_comment_does_not_count_as_a_move_of_the_case(office):
    case_id = office.open_case("SG-1", events=5)
    office.append(case_id, "comment_added", {"text": 'dice "state": nada'})
    assert verify_chain(office.conn, case_id).intact


def test_a_case_without_any_event_is_not_intact(office):
    assert not verify_chain(office.conn, office.open_case("SG-1")).intact


def test_a_case_that_does_not_exist_is_not_found(office):
    with pytest.raises(NotFound):
        verify_chain(office.conn, office.rosa)


def test_all_chains_are_reported_one_by_one(office):
    office.open_case("SG-1", events=2)
    broken = office.open_case("SG-2", events=2)
    change(office, broken, 1, kind="case_withdrawn")
    assert [(r.number, r.intact) for r in verify_all(office.conn)] == [("SG-1", True), ("SG-2", False)]
