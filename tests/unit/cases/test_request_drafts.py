"""Requests begun and not sent: so many for each person, and nothing that was written is lost to make room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine.cases.drafts import (
    MOST_AT_DESK,
    MOST_OWN,
    RequestDraft,
    TooManyDrafts,
    list_desk_drafts,
    list_request_drafts,
    save_request_draft,
    start_request_draft,
)
from engine.storage.unit_of_work import Database
from tests.support.office import Office

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
PROCESS = "solicitar_certificacion"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def begin(office: Office, minute: int, requester: UUID | None = None) -> RequestDraft:
    with office.database.write() as conn:
        at = NOON + timedelta(minutes=minute)
        return start_request_draft(conn, office.maria, PROCESS, office.version, {}, at, requester_id=requester)


def write(office: Office, draft: RequestDraft) -> None:
    with office.database.write() as conn:
        at = draft.at + timedelta(seconds=30)
        save_request_draft(conn, draft.id, office.maria, office.version, {"para": "la beca"}, at)


def kept(office: Office) -> set[UUID]:
    with office.database.read() as conn:
        return {one.id for one in list_request_drafts(conn, office.maria, NOON)}


def test_of_too_many_the_oldest_that_nobody_wrote_in_leave(office: Office) -> None:
    first = begin(office, 0)
    write(office, first)
    others = [begin(office, n) for n in range(1, MOST_OWN + 3)]
    assert kept(office) == {first.id, *(one.id for one in others[3:])}
    assert len(kept(office)) == MOST_OWN


def test_what_somebody_wrote_is_never_dropped_to_make_room(office: Office) -> None:
    for n in range(MOST_OWN):
        write(office, begin(office, n))
    with pytest.raises(TooManyDrafts, match="Envíe o borre alguna"):
        begin(office, MOST_OWN)
    assert len(kept(office)) == MOST_OWN


def test_what_is_written_at_the_desk_for_others_is_counted_apart(office: Office) -> None:
    for n in range(MOST_OWN):
        write(office, begin(office, n))
    for n in range(MOST_AT_DESK + 1):
        begin(office, n, requester=office.maria)
    with office.database.read() as conn:
        assert len(list_desk_drafts(conn, office.maria, NOON)) == MOST_AT_DESK
