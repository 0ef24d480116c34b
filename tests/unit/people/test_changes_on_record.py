"""Who did what to somebody's functions, loans, account and data stays on record, and no statement takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine import people
from engine.inbound import office_people
from engine.people import Change, list_changes
from engine.storage.tables import person_change
from tests.support.case_office import MONDAY, CaseOffice

FIRST, LAST = date(2026, 3, 9), date(2026, 3, 20)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    opened = CaseOffice.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


def changes(office: CaseOffice, who: str | None = None) -> list[Change]:
    with office.app.database.read() as conn:
        return list_changes(conn, office.people[who] if who else None)


@pytest.mark.req("C-7", "C-24")
def test_a_function_given_lent_revoked_and_ended_tells_who_did_it(office: CaseOffice) -> None:
    app, admin, rosa, elena = office.app, *(office.people[name] for name in ("admin", "rosa", "elena"))
    office_people.give(app, admin, rosa, "archivo", FIRST, LAST, acting=True)
    office_people.lend(app, admin, rosa, elena, "secretaria", FIRST, LAST, " Memorando 12 ", "banco")
    with app.database.read() as conn:
        [loan] = people.list_delegations(conn, rosa)
        held = next(one for one in people.list_holdings(conn, person_id=rosa) if one.role == "archivo")
    office_people.revoke(app, rosa, loan.id, rosa)
    office_people.end(app, "root, as ana", rosa, held.id, FIRST)
    told = {one.what: one for one in changes(office, "rosa")}
    dates = {"since": "2026-03-09", "until": "2026-03-20"}
    assert told["give"].detail == {"role": "archivo", "acting": True, **dates}
    assert told["lend"].detail == {"role": "secretaria", "process": "banco", "reason": "Memorando 12", **dates}
    assert (told["lend"].by_id, told["lend"].other_id, told["lend"].at) == (admin, elena, MONDAY)
    assert (told["revoke"].by_id, told["revoke"].operator) == (rosa, None)
    assert (told["end"].by_id, told["end"].operator) == (None, "root, as ana")
    assert told["end"].detail["until"] == "2026-03-09"
    assert {one.what for one in changes(office, "elena")} == {"lend", "revoke"}
    assert len(changes(office)) == 4


def test_data_corrected_say_what_they_were_and_what_they_are(office: CaseOffice) -> None:
    rosa = office.people["rosa"]
    office_people.correct(office.app, office.people["admin"], rosa, {"family_names": "Ñáñez", "given_names": "Rosa"})
    office_people.change_address(office.app, "root", rosa, "otra@une.example")
    office_people.change_address(office.app, "root", rosa, "otra@une.example")
    address, names = sorted(changes(office, "rosa"), key=lambda one: one.what)
    assert names.detail == {"changes": {"family_names": ["Güemes", "Ñáñez"]}}, "the given names are as they were"
    assert address.detail == {"changes": {"email": ["rosa@une.example", "otra@une.example"]}}


def test_what_was_refused_leaves_no_row(office: CaseOffice) -> None:
    with pytest.raises(office_people.NotAllowed):
        office_people.give(office.app, office.people["rosa"], office.maria, "archivo", FIRST, None, acting=False)
    assert not changes(office)


def test_no_row_is_changed_deleted_or_without_author(office: CaseOffice) -> None:
    office_people.close(office.app, office.people["admin"], office.people["rosa"])
    for statement in (person_change.update().values(what="give"), person_change.delete()):
        with pytest.raises(IntegrityError), office.app.database.write() as conn:
            conn.execute(statement)
    [row] = office.all(sa.select(person_change))
    again = {**row._mapping, "id": office.maria, "by_id": None}
    with pytest.raises(IntegrityError), office.app.database.write() as conn:
        conn.execute(person_change.insert().values(again))
    assert [one.what for one in changes(office)] == ["close"]
